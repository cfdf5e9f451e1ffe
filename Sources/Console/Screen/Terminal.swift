package import JSON
import Synchronization

/// Where a run speaks: results to stdout, everything else to stderr, a progress line below it.
///
/// The one place that knows which stream is a terminal, how wide it is and whether it has colour.
package final class Terminal: Sendable {
  /// The variables that decide about colour and width.
  package struct Environment: Sendable {
    package var noColor: String?
    package var term: String?
    package var columns: String?

    package init(noColor: String? = nil, term: String? = nil, columns: String? = nil) {
      self.noColor = noColor
      self.term = term
      self.columns = columns
    }

    /// That of this process.
    package static var current: Environment {
      Environment(
        noColor: System.environmentValue("NO_COLOR"), term: System.environmentValue("TERM"),
        columns: System.environmentValue("COLUMNS"))
    }

    /// Whether a terminal understands more than text.
    var hasControls: Bool { term.map { $0 != "dumb" && !$0.isEmpty } ?? false }

    /// NO_COLOR counts when it is there and not empty.
    var hasColor: Bool { hasControls && (noColor ?? "").isEmpty }
  }

  private struct State {
    var status: String?
    var failure: System.ErrorNumber?
  }

  package let program: String
  package let inputDescriptor: Int32
  package let outputDescriptor: Int32
  package let errorDescriptor: Int32
  package let inputIsTerminal: Bool
  package let outputIsTerminal: Bool
  package let errorIsTerminal: Bool
  package let isQuiet: Bool
  package let outputStyle: TextStyle
  package let errorStyle: TextStyle
  /// Whether a line that changes in place may be shown.
  package let showsProgress: Bool
  /// Whether a line that stays says what takes its time: where none can change in place.
  let announcesWork: Bool
  private let columns: Int?
  private let state = Mutex(State())

  package init(
    program: String, input: Int32 = 0, output: Int32 = 1, error: Int32 = 2,
    environment: Environment = .current, quiet isQuiet: Bool = false
  ) {
    self.program = program
    inputDescriptor = input
    outputDescriptor = output
    errorDescriptor = error
    inputIsTerminal = System.isTerminal(input)
    outputIsTerminal = System.isTerminal(output)
    errorIsTerminal = System.isTerminal(error)
    self.isQuiet = isQuiet
    outputStyle = outputIsTerminal && environment.hasColor ? .colored : .plain
    errorStyle = errorIsTerminal && environment.hasColor ? .colored : .plain
    showsProgress = errorIsTerminal && environment.hasControls && !isQuiet
    announcesWork = errorIsTerminal && !environment.hasControls && !isQuiet
    columns = environment.columns.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The columns of stdout, `nil` where it is no terminal: then nothing is cut to fit.
  package var outputWidth: Int? { outputIsTerminal ? width(of: outputDescriptor) : nil }

  /// The columns of stderr; 80 where it is no terminal.
  package var errorWidth: Int { errorIsTerminal ? width(of: errorDescriptor) : 80 }

  private func width(of descriptor: Int32) -> Int {
    max(20, System.columns(of: descriptor) ?? columns ?? 80)
  }

  /// Writes a result to stdout, with a line end unless it has one.
  package func print(_ text: String) {
    write(text, to: outputDescriptor)
  }

  /// Writes a text for people to stdout, folded where that is a narrower terminal.
  package func print(folding text: String) {
    let lines = outputWidth.map { text.folded(width: $0, program: program) } ?? [text]
    print(lines.joined(separator: "\n"))
  }

  package func print(_ table: Table) {
    let lines = table.lines(width: outputWidth, style: outputStyle)
    if !lines.isEmpty { print(lines.joined(separator: "\n")) }
  }

  /// Writes the one document of `--json` to stdout.
  package func print(_ document: JSON) { print(document.serialized(pretty: true)) }

  /// Writes one line to stderr: `push2pacs: ...`; what would steer the terminal is taken out.
  ///
  /// On a terminal that is narrower it is folded.
  package func message(_ text: String) {
    write(folded("\(program): \(text.printable)"), to: errorDescriptor)
  }

  /// Writes text for the person to stderr, unless quiet.
  ///
  /// The text may be styled; what came from files in it has to be `printable`. On a terminal that
  /// is narrower it is folded.
  package func note(_ text: String) {
    if !isQuiet { write(folded(text), to: errorDescriptor) }
  }

  private func folded(_ text: String) -> String {
    guard errorIsTerminal else { return text }
    return text.folded(width: errorWidth, program: program).joined(separator: "\n")
  }

  /// Writes a table to stderr, also when quiet: it belongs to a message.
  package func list(_ table: Table) {
    let lines = table.lines(width: errorIsTerminal ? errorWidth : nil, style: errorStyle)
    if !lines.isEmpty { write(lines.joined(separator: "\n"), to: errorDescriptor) }
  }

  /// Why something could not be written to stdout, in words: the run has failed with 74 then.
  ///
  /// A reader that went away (`| head`) is no failure.
  package var outputFailure: String? { state.withLock { $0.failure?.text } }

  /// Shows a line that changes in place below everything else; `nil` takes it away.
  func show(status: String?) {
    guard showsProgress else { return }
    state.withLock { state in
      guard status != nil || state.status != nil else { return }
      state.status = status
      _ = System.write(Array(("\r" + (status ?? "") + "\u{1B}[K").utf8), to: errorDescriptor)
    }
  }

  private func write(_ text: String, to descriptor: Int32) {
    let line = text.hasSuffix("\n") ? text : text + "\n"
    state.withLock { state in
      // the progress line makes room and comes back below
      let status = showsProgress ? state.status : nil
      if status != nil { _ = System.write(Array("\r\u{1B}[K".utf8), to: errorDescriptor) }
      if let failure = System.write(Array(line.utf8), to: descriptor),
        descriptor == outputDescriptor, state.failure == nil, !System.isClosedPipe(failure)
      {
        state.failure = System.ErrorNumber(value: failure)
      }
      if let status { _ = System.write(Array(status.utf8), to: errorDescriptor) }
    }
  }
}

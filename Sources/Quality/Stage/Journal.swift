package import Files
import JSON

/// What happened to the instances of a stage: `journal.jsonl`, one line an event.
///
/// A line outlives the process as soon as it is written, and a power cut once it is flushed; a line
/// that is lost means that an instance is asked about, or sent, once more. What counts for one
/// archive does not count for another.
package struct Journal: ~Copyable, Sendable {
  private let lines: AppendedLines
  private let clock: @Sendable () -> String
  /// The events that were there when it was opened, in order.
  package let events: [Event]

  package enum Kind: String, Sendable {
    case started
    case check
    case sent
    case warning
    case refused
    case missing
    case verified
    case committed
    case retracted
    case ended
  }

  package struct Event: Sendable, Equatable {
    package var pacs: String
    package var kind: Kind
    package var sopInstanceUID: String?
    /// Four hex digits, as DIMSE has it.
    package var status: String?
    package var transferSyntax: String?
    package var detail: String?

    package init(
      pacs: String, kind: Kind, sopInstanceUID: String? = nil, status: String? = nil,
      transferSyntax: String? = nil, detail: String? = nil
    ) {
      self.pacs = pacs
      self.kind = kind
      self.sopInstanceUID = sopInstanceUID
      self.status = status
      self.transferSyntax = transferSyntax
      self.detail = detail
    }
  }

  package enum Trouble: Error, Equatable {
    case held
    case file(FileTrouble)
  }

  /// Opens the journal of a stage and holds it.
  ///
  /// - Parameter clock: the time now, as ISO 8601.
  package init(
    of stage: Stage, clock: @escaping @Sendable () -> String
  ) throws(Trouble) {
    do {
      let group = stage.group
      lines = try AppendedLines(
        path: stage.file(Stage.journalName), mode: group == nil ? 0o600 : GroupAccess.fileMode,
        group: group)
    } catch {
      switch error {
      case .held: throw .held
      case .file(let trouble): throw .file(trouble)
      }
    }
    self.clock = clock
    events = lines.lines.compactMap(Event.init(parsing:))
  }

  /// Adds an event and waits until it is on the disk.
  package func append(_ event: Event) throws(FileTrouble) { try lines.append(line(event)) }

  /// Adds an event that ``flush()`` brings to the disk.
  package func write(_ event: Event) throws(FileTrouble) { try lines.write(line(event)) }

  /// Waits until everything that was written is on the disk.
  package func flush() throws(FileTrouble) { try lines.flush() }

  /// Flushes beside the writing; `nil` where the system has no descriptor left.
  package func backgroundFlush() -> BackgroundFlush? { lines.backgroundFlush() }

  private func line(_ event: Event) -> String {
    var object = JSONObject()
    object["at"] = .string(clock())
    object["pacs"] = .string(event.pacs)
    object["event"] = .string(event.kind.rawValue)
    if let uid = event.sopInstanceUID { object["sopInstanceUID"] = .string(uid) }
    if let status = event.status { object["status"] = .string(status) }
    if let syntax = event.transferSyntax { object["transferSyntax"] = .string(syntax) }
    if let detail = event.detail { object["detail"] = .string(detail) }
    return JSON.object(object).serialized()
  }

  /// The instances that an archive has acknowledged and, so far as is known, still holds.
  package func acknowledged(by pacs: String) -> Set<String> {
    var held: Set<String> = []
    for event in events where event.pacs == pacs {
      guard let uid = event.sopInstanceUID else { continue }
      switch event.kind {
      case .sent, .verified: held.insert(uid)
      case .missing, .retracted, .refused: held.remove(uid)
      default: break
      }
    }
    return held
  }
}

extension Journal {
  /// What the journal calls a question for storage commitment, before its transaction.
  private static let asked = "storage commitment asked, transaction "

  private static let notCommitted = "not committed, transaction "

  /// What an archive answers to a question for storage commitment: of one instance.
  ///
  /// - Parameters:
  ///   - isCommitted: whether it promises to keep it.
  ///   - reason: its status where it does not.
  package static func answer(
    _ transactionUID: String, from pacs: String, for sopInstanceUID: String, isCommitted: Bool,
    reason: String?
  ) -> Event {
    isCommitted
      ? Event(
        pacs: pacs, kind: .committed, sopInstanceUID: sopInstanceUID, status: "0000",
        detail: "transaction \(transactionUID)")
      : Event(
        pacs: pacs, kind: .warning, sopInstanceUID: sopInstanceUID, status: reason,
        detail: notCommitted + transactionUID)
  }

  /// A question for storage commitment that an archive has taken.
  package static func question(_ transactionUID: String, to pacs: String) -> Event {
    Event(pacs: pacs, kind: .check, status: "pending", detail: asked + transactionUID)
  }

  /// The questions for storage commitment that an archive has taken and not answered, by transaction:
  /// none from before it was sent something, or lost it.
  package func openQuestions(to pacs: String) -> Set<String> {
    var open: Set<String> = []
    for event in events where event.pacs == pacs {
      switch event.kind {
      case .check:
        guard let detail = event.detail, detail.hasPrefix(Self.asked) else { continue }
        open.insert(String(detail.dropFirst(Self.asked.count)))
      case .sent, .missing, .retracted, .committed: open = []
      case .warning where event.detail?.hasPrefix(Self.notCommitted) == true: open = []
      default: break
      }
    }
    return open
  }
}

extension Journal.Event {
  init?(parsing line: String) {
    guard let object = try? JSON(parsing: line), let pacs = object["pacs"]?.stringValue,
      let kind = object["event"]?.stringValue.flatMap(Journal.Kind.init(rawValue:))
    else { return nil }
    self.init(
      pacs: pacs, kind: kind, sopInstanceUID: object["sopInstanceUID"]?.stringValue,
      status: object["status"]?.stringValue, transferSyntax: object["transferSyntax"]?.stringValue,
      detail: object["detail"]?.stringValue)
  }
}

/// Asks a person at the terminal, and takes nothing but what was typed after the question.
///
/// The questions go to the first of stderr and stdout that is a terminal, else to the terminal
/// behind stdin: never into a file.
package struct Prompter: Sendable {
  /// Longer lines are asked again.
  package static let lengthLimit = 512

  private let input: Int32
  private let screen: Terminal
  private let output: Int32

  /// A prompter on the terminal behind stdin, if there is one.
  package init(_ terminal: Terminal) throws(PromptError) {
    guard terminal.inputIsTerminal else { throw .noTerminal }
    input = terminal.inputDescriptor
    screen = terminal
    if terminal.errorIsTerminal {
      output = terminal.errorDescriptor
    } else if terminal.outputIsTerminal {
      output = terminal.outputDescriptor
    } else if let opened = System.openTerminal(behind: terminal.inputDescriptor) {
      output = opened  // stays open for the rest of the run
    } else {
      throw .noTerminal
    }
  }

  /// Shows text to the person who is asked, also when quiet, folded where the window is narrower.
  package func show(_ text: String) {
    let text = text.folded(width: width, program: screen.program).joined(separator: "\n")
    _ = System.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: output)
  }

  private var width: Int {
    screen.errorIsTerminal ? screen.errorWidth : screen.outputWidth ?? 80
  }

  /// Asks until a line is answered: trimmed, not empty, no control characters, valid UTF-8.
  ///
  /// - Parameter prompt: the question with what follows it: `Reviewer: `.
  package func ask(_ prompt: String) throws(PromptError) -> String {
    while true {
      let answer = try askOnce(prompt)
      if let answer, !answer.isEmpty { return answer }
    }
  }

  /// Asks until the answer means something.
  ///
  /// - Parameters:
  ///   - prompt: the question with what follows it.
  ///   - expected: what to type, shown after an answer that means nothing: `a number, 18 or 59.4`.
  ///   - meaning: what an answer means, `nil` for nothing.
  package func ask<Meaning>(
    _ prompt: String, expected: String, _ meaning: (String) -> Meaning?
  ) throws(PromptError) -> Meaning {
    while true {
      if let meaning = meaning(try ask(prompt)) { return meaning }
      show("Please answer with \(expected).")
    }
  }

  /// Asks until the answer means something; the Enter key alone takes what is proposed.
  ///
  /// - Parameters:
  ///   - prompt: the question without the `[proposal]: ` behind it.
  ///   - expected: what to type, shown after an answer that means nothing.
  package func ask<Meaning>(
    _ prompt: String, proposing proposal: String, expected: String, _ meaning: (String) -> Meaning?
  ) throws(PromptError) -> Meaning {
    while true {
      guard let answer = try askOnce("\(prompt) [\(proposal.printable)]: ") else { continue }
      if let meaning = meaning(answer.isEmpty ? proposal : answer) { return meaning }
      show("Please answer with \(expected).")
    }
  }

  /// Asks until the whole word `yes` or `no` is the answer.
  ///
  /// - Parameter prompt: the question without its ` [yes/no] `.
  package func askYesNo(_ prompt: String) throws(PromptError) -> Bool {
    while true {
      switch try askOnce("\(prompt) [yes/no] ")?.lowercased() {
      case "yes": return true
      case "no": return false
      default: show("Please answer with the whole word: yes or no.")
      }
    }
  }

  /// Lets a person choose one of several by its number.
  ///
  /// - Parameters:
  ///   - title: what is to be chosen: `Which scan?`.
  ///   - options: one line each.
  /// - Returns: the index of the chosen option, from 0.
  package func choose(_ title: String, _ options: [String]) throws(PromptError) -> Int {
    precondition(!options.isEmpty, "nothing to choose from")
    show(title)
    let digits = "\(options.count)".count
    for (index, option) in options.enumerated() {
      let number = "\(index + 1)"
      let margin = String(repeating: " ", count: 2 + digits - number.count)
      show("\(margin)\(number)  \(option.printable)")
    }
    return try ask(
      "Number (1-\(options.count)): ", expected: "a number from 1 to \(options.count)"
    ) { answer in
      Int(answer).flatMap { (1...options.count).contains($0) ? $0 - 1 : nil }
    }
  }

  /// Asks once; `nil` where what was typed is no line to be taken, which is said.
  private func askOnce(_ prompt: String) throws(PromptError) -> String? {
    screen.show(status: nil)
    // what was typed before the question was seen answers nothing
    System.discardTypedAhead(input)
    let question = prompt.last?.isWhitespace == true ? prompt : prompt + " "
    _ = System.write(Array(question.utf8), to: output)
    let typed: LineReader.Line
    do {
      typed = try Interruption.withoutNotice { () throws(PromptError) in
        try LineReader(descriptor: input).line(limit: Self.lengthLimit)
      }
    } catch {
      show("")  // the cursor stands behind the question
      throw error
    }
    switch typed {
    case .line(let line): return line
    case .refused(let reason):
      show("\(reason) Please type it again.")
      return nil
    }
  }
}

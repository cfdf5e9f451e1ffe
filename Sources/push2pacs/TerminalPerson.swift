import Console
import Quality

/// The person at the controlling terminal, as the dialogue sees them.
struct TerminalPerson: Asking {
  private let prompter: Prompter
  /// Why they can no longer be asked.
  private(set) var ended: PromptError?

  init(_ prompter: Prompter) { self.prompter = prompter }

  mutating func show(_ line: String) { prompter.show(line) }

  mutating func ask(_ question: String) throws(AskingEnded) -> String {
    do { return try prompter.ask(question) } catch {
      ended = error
      throw AskingEnded()
    }
  }
}

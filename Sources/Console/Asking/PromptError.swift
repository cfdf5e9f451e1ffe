/// Why a person could not be asked, or did not answer.
package enum PromptError: Error, Equatable {
  /// Standard input is no terminal: nobody is there to be asked; exit code 77.
  case noTerminal
  /// The input ended (Ctrl-D) in place of an answer; exit code 77.
  case endOfInput
  /// Ctrl-C or SIGTERM in place of an answer; exit code 130 or 143.
  case interrupted(Interrupted)
  /// The terminal cannot be read; exit code 74.
  case unreadable(String)

  package var exitStatus: ExitStatus {
    switch self {
    case .noTerminal, .endOfInput: .notConfirmed
    case .interrupted(let interrupted): interrupted.exitStatus
    case .unreadable: .inputOutput
    }
  }
}

extension PromptError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noTerminal:
      "a person has to answer, and standard input is no terminal; run it in a terminal"
    case .endOfInput: "the input ended in place of an answer"
    case .interrupted(let interrupted): interrupted.description
    case .unreadable(let reason): "the terminal cannot be read: \(reason)"
    }
  }
}

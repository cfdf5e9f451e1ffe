/// How a run ended, as the number that the shell sees; the numbers of `sysexits.h`.
package enum ExitStatus: Int32, Sendable, CaseIterable, Error {
  /// Done; also: staged and waiting for a confirmation, or stored with warnings that are listed.
  case done = 0
  case usage = 64
  case wrongInput = 65
  case noInput = 66
  case unavailable = 69
  case ourFault = 70
  case cannotCreate = 73
  case inputOutput = 74
  /// Broken off; the same command goes on where this one stopped.
  case tryAgain = 75
  case peerBrokeProtocol = 76
  case notConfirmed = 77
  case configuration = 78
  case interrupted = 130
  case terminated = 143

  /// How every command can end, beside what it lists itself.
  static let ofEveryCommand: [ExitStatus] = [.usage, .ourFault, .interrupted, .terminated]

  /// When a run ends with it, for the help, the manual page and the README.
  package var meaning: String {
    switch self {
    case .done: "done; also: staged and waiting for a confirmation; warnings are listed"
    case .usage: "the command was not understood"
    case .wrongInput: "the input is wrong, a check blocks, or what the PACS holds differs"
    case .noInput: "no such file or folder"
    case .unavailable: "the server is not there, rejects the association or refuses instances"
    case .ourFault: "a fault of this program"
    case .cannotCreate: "a file or folder cannot be created"
    case .inputOutput: "reading or writing failed, for example the disk is full"
    case .tryAgain: "broken off; run it again and it goes on"
    case .peerBrokeProtocol: "the peer broke the protocol"
    case .notConfirmed: "not confirmed, or the confirmation is void"
    case .configuration: "the configuration is wrong"
    case .interrupted: "stopped with Ctrl-C"
    case .terminated: "terminated from elsewhere"
    }
  }
}

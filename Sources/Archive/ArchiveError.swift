/// Why the archive cannot keep something.
package enum ArchiveError: Error, Equatable, Sendable {
  case cannotWrite(path: String, reason: String)
  case cannotRead(reason: String)
  case inUse(path: String)
  case cannotListen(String)
}

extension ArchiveError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "\(path): cannot be written (\(reason)). Free some space, or choose another folder."
    case .cannotRead(let reason): "a stored instance cannot be read (\(reason))"
    case .inUse(let path):
      "\(path): another archive runs in this folder. End it, or choose another folder."
    case .cannotListen(let why): why
    }
  }
}

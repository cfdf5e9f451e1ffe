/// Reads one typed line from a terminal, byte by byte, so that nothing behind it is taken.
struct LineReader {
  /// What was typed: a line, trimmed, or why it is none to be taken.
  enum Line: Equatable {
    case line(String)
    case refused(String)
  }

  let descriptor: Int32

  func line(limit: Int) throws(PromptError) -> Line {
    var bytes: [UInt8] = []
    var isTooLong = false
    while true {
      try waitForInput()
      switch System.readByte(descriptor) {
      case .failure(let error): throw .unreadable(error.text)
      case .success(nil): throw .endOfInput
      case .success(let byte?):
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
          return isTooLong ? .refused("That was too long.") : Self.line(of: bytes)
        }
        // the rest of a line that is too long is read and dropped
        if bytes.count < limit { bytes.append(byte) } else { isTooLong = true }
      }
    }
  }

  private func waitForInput() throws(PromptError) {
    while true {
      if let status = Interruption.exitStatus {
        throw .interrupted(Interrupted(exitStatus: status))
      }
      let waited = [descriptor] + (Interruption.descriptor.map { [$0] } ?? [])
      if System.wait(for: waited)[0], !Interruption.isRequested { return }
    }
  }

  static func line(of bytes: [UInt8]) -> Line {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .refused("That is not UTF-8; the terminal should use it.")
    }
    let trimmed = text.trimmingSpaces
    guard trimmed.printable == trimmed else {
      return .refused("Control characters (arrow keys too) cannot be taken.")
    }
    return .line(trimmed)
  }
}

extension String {
  /// The text without spaces at either end.
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

import CLibrary

extension System {
  /// The most that a terminal's answer is read of.
  private static let longestAnswer = 1024

  /// Asks a terminal something and reads what it answers, unseen and without a line end.
  ///
  /// The terminal is set back as it was. Ctrl-C stays Ctrl-C meanwhile.
  ///
  /// - Returns: what came until the answer was whole or the time was over.
  static func answer(
    to question: [UInt8], writing output: Int32, reading input: Int32, milliseconds: Int,
    until isWhole: ([UInt8]) -> Bool
  ) -> [UInt8] {
    var before = termios()
    guard tcgetattr(input, &before) == 0 else { return [] }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(input, TCSANOW, &silent) == 0 else { return [] }
    defer { tcsetattr(input, TCSANOW, &before) }
    guard write(question, to: output) == nil else { return [] }
    var answer: [UInt8] = []
    let end = monotonicNanoseconds &+ UInt64(milliseconds) &* 1_000_000
    while !isWhole(answer), answer.count < longestAnswer {
      let now = monotonicNanoseconds
      guard now < end else { break }
      var polled = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, Int32((end - now) / 1_000_000 + 1)) > 0,
        case .success(let byte?) = readByte(input)
      else { break }
      answer.append(byte)
    }
    return answer
  }
}

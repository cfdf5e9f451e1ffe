import Console
import Foundation
import Synchronization

/// A person at a pseudo-terminal: waits for a text on the screen, then types.
final class Person: Sendable {
  struct Step: Sendable {
    let seen: String
    let typed: [UInt8]

    /// Types a text once another one is seen.
    static func sees(_ seen: String, types text: String) -> Step {
      Step(seen: seen, typed: Array(text.utf8))
    }

    static func sees(_ seen: String, types bytes: [UInt8]) -> Step {
      Step(seen: seen, typed: bytes)
    }
  }

  /// The screen's side, which the person holds.
  let screen: Int32
  /// The program's side.
  let keyboard: Int32
  private let transcript = Mutex<[UInt8]>([])
  private let isDone = DispatchSemaphore(value: 0)
  private static let patience: Int32 = 20_000

  struct NoTerminal: Error {}

  init() throws {
    screen = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    guard screen >= 0, let name = Self.nameOfOtherSide(of: screen) else { throw NoTerminal() }
    keyboard = open(name, O_RDWR | O_NOCTTY)
    guard keyboard >= 0 else { throw NoTerminal() }
  }

  /// What `unlockpt` and `ptsname` do; Glibc shows these to X/Open programs only.
  private static func nameOfOtherSide(of screen: Int32) -> String? {
    #if os(Linux)
      let (setLock, getNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))  // TIOCSPTLCK, TIOCGPTN
      var lock: Int32 = 0
      var number: UInt32 = 0
      guard ioctl(screen, setLock, &lock) == 0, ioctl(screen, getNumber, &number) == 0
      else { return nil }
      return "/dev/pts/\(number)"
    #else
      guard grantpt(screen) == 0, unlockpt(screen) == 0 else { return nil }
      return ptsname(screen).map { String(cString: $0) }
    #endif
  }

  deinit {
    close(screen)
    close(keyboard)
  }

  var terminal: Terminal {
    Terminal(
      program: "push2pacs", input: keyboard, output: keyboard, error: keyboard,
      environment: .init(term: "xterm"))
  }

  func setColumns(_ columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(screen, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(screen, $0.baseAddress, $0.count) }
  }

  /// Plays the steps on a thread of its own.
  func plays(_ steps: [Step]) {
    Thread.detachNewThread {
      for step in steps {
        guard self.waits(for: step.seen) else { break }
        _ = step.typed.withUnsafeBytes { write(self.screen, $0.baseAddress, $0.count) }
      }
      self.isDone.signal()
    }
  }

  /// Reads until a text is on the screen behind what was waited for before.
  @discardableResult
  func waits(for text: String) -> Bool {
    let wanted = Array(text.utf8)
    var seen: [UInt8] = []
    while !seen.ends(with: wanted) {
      var polled = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
      var byte: UInt8 = 0
      guard poll(&polled, 1, Self.patience) == 1, read(screen, &byte, 1) == 1 else { return false }
      seen.append(byte)
      transcript.withLock { $0.append(byte) }
    }
    return true
  }

  /// All that was on the screen, once the steps are played.
  func screenText() -> String {
    isDone.wait()
    while true {
      var polled = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
      var byte: UInt8 = 0
      guard poll(&polled, 1, 0) == 1, read(screen, &byte, 1) == 1 else { break }
      transcript.withLock { $0.append(byte) }
    }
    return transcript.withLock { String(decoding: $0, as: UTF8.self) }
      .replacingOccurrences(of: "\r\n", with: "\n")
  }
}

extension [UInt8] {
  fileprivate func ends(with other: [UInt8]) -> Bool {
    count >= other.count && suffix(other.count).elementsEqual(other)
  }
}

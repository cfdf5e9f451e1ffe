import DIMSE
import Foundation
import Synchronization

/// What threads hand to the one that waits for it: bounded, so that nobody runs far ahead.
final class Mailbox<Letter: Sendable>: Sendable {
  private struct State {
    var letters: [Letter] = []
    var isClosed = false
  }

  private let condition = NSCondition()
  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Hands something over; waits while too much lies there.
  ///
  /// - Returns: whether somebody will fetch it.
  @discardableResult
  func put(_ letter: Letter) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while state.withLock({ $0.letters.count >= limit && !$0.isClosed }) { condition.wait() }
    let isTaken = state.withLock { state in
      if !state.isClosed { state.letters.append(letter) }
      return !state.isClosed
    }
    condition.broadcast()
    return isTaken
  }

  /// Nobody fetches anything any more: whoever waits to hand something over goes on.
  ///
  /// - Returns: what nobody has fetched.
  @discardableResult
  func close() -> [Letter] {
    condition.lock()
    defer { condition.unlock() }
    let rest = state.withLock { state in
      state.isClosed = true
      defer { state.letters = [] }
      return state.letters
    }
    condition.broadcast()
    return rest
  }

  /// What comes next; `nil` where nothing comes in time, or somebody interrupts.
  func next(within duration: Duration, unless interruption: Interruption) -> Letter? {
    let end = ContinuousClock.now + duration
    condition.lock()
    defer { condition.unlock() }
    while true {
      let first = state.withLock { $0.letters.isEmpty ? nil : $0.letters.removeFirst() }
      if let first {
        condition.broadcast()
        return first
      }
      guard ContinuousClock.now < end, !interruption.isInterrupted else { return nil }
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
    }
  }
}

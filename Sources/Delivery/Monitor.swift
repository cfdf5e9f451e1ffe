import Foundation
import Synchronization

/// State that several threads share, and a way to wait for it to change.
final class Monitor<State: Sendable>: Sendable {
  private let condition = NSCondition()
  private let state: Mutex<State>

  init(_ state: State) { self.state = Mutex(state) }

  /// Changes the state and wakes whoever waits.
  func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    let result = state.withLock { body(&$0) }
    condition.broadcast()
    return result
  }

  /// Waits until `body` answers something; what it changed then is seen by the others.
  func wait<Result: Sendable>(_ body: (inout State) -> Result?) -> Result {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let result = state.withLock({ body(&$0) }) {
        condition.broadcast()
        return result
      }
      condition.wait()
    }
  }
}

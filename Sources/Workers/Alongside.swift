import Dispatch
import Synchronization

/// Does a piece of work on another thread while a second one is done on this thread.
///
/// Comes back when both are done; where the second one fails, its error is thrown and the result of
/// the first is dropped.
package func alongside<First: Sendable, Second, Failure: Error>(
  _ first: @escaping @Sendable () -> First, _ second: () throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  let aside = Aside<First>()
  let group = DispatchGroup()
  DispatchQueue.global().async(group: group) { aside.keep(first()) }
  let outcome = Result { () throws(Failure) in try second() }
  group.wait()
  let done = try outcome.get()
  // The group has been waited for, so the first result is there.
  return (aside.result ?? first(), done)
}

/// Where the other thread leaves its result.
private final class Aside<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  func keep(_ result: Value) { value.withLock { $0 = result } }

  var result: Value? { value.withLock { $0 } }
}

import Dispatch
import Synchronization

/// Does independent pieces of work on all cores and gives their results in order.
///
/// A piece should be worth a millisecond: a file, a slice.
///
/// - Parameters:
///   - count: how many pieces there are.
///   - work: makes the result of a piece; runs on several threads at once.
package func inParallel<Result: Sendable>(
  _ count: Int, _ work: @Sendable (Int) -> Result
) -> [Result] {
  guard count > 1 else { return count == 1 ? [work(0)] : [] }
  let results = Mutex<[Result?]>(Array(repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = work(index)
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}

import Synchronization
import CLibrary

/// How much processor time the phases of a piece of work took, on whatever threads.
///
/// Phases that run on several threads at once add up, so a phase can take more seconds than pass.
package final class Timings: Sendable {
  package struct Phase: Sendable {
    package let name: String
    /// Processor time in seconds, of all threads together.
    package var processor: Double
    /// Seconds that passed while it ran, of all threads together.
    package var elapsed: Double
  }

  private let phases = Mutex<[Phase]>([])
  private let start = ContinuousClock.now

  package init() {}

  /// Does a piece of work and adds its time to a phase.
  package func measure<Result, Failure: Error>(
    _ name: String, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let (began, used) = (ContinuousClock.now, Self.processorSeconds())
    defer {
      add(name, processor: Self.processorSeconds() - used, elapsed: Self.seconds(since: began))
    }
    return try work()
  }

  /// In the order in which they were first heard of.
  package var all: [Phase] { phases.withLock { $0 } }

  /// Seconds since this was made.
  package var elapsed: Double { Self.seconds(since: start) }

  private func add(_ name: String, processor: Double, elapsed: Double) {
    phases.withLock { phases in
      if let index = phases.firstIndex(where: { $0.name == name }) {
        phases[index].processor += processor
        phases[index].elapsed += elapsed
      } else {
        phases.append(Phase(name: name, processor: processor, elapsed: elapsed))
      }
    }
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = (ContinuousClock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }

  /// What this thread has used.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension Timings? {
  /// Does a piece of work, timed where times are wanted.
  package func measure<Result, Failure: Error>(
    _ name: String, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let self else { return try work() }
    return try self.measure(name, work)
  }
}

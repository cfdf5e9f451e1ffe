import Synchronization

/// How far a piece of work is: a line on stderr with rate and time left.
///
/// Shown on a terminal only and never when quiet; the first line comes after a quarter of a second,
/// so short work shows none. Any thread may report.
package final class ProgressBar: Sendable {
  /// What is counted.
  package enum Unit: Sendable, Equatable {
    /// Things, by their name in the plural: `slices`.
    case items(String)
    case bytes
  }

  private struct State {
    var estimate: RateEstimate
    var done = 0
    var total: Int?
    var nextDrawing: UInt64
    var isFinished = false
  }

  private static let firstDelay: UInt64 = 250_000_000
  private static let interval: UInt64 = 100_000_000

  private let terminal: Terminal
  private let label: String
  private let unit: Unit
  private let state: Mutex<State>

  package init(_ label: String, total: Int?, unit: Unit, on terminal: Terminal) {
    self.terminal = terminal
    self.label = label.printable
    self.unit = unit
    let now = System.monotonicNanoseconds
    state = Mutex(
      State(
        estimate: RateEstimate(start: now), total: total, nextDrawing: now + Self.firstDelay))
  }

  /// Reports that so much more is done.
  package func advance(by count: Int = 1) { update { $0.done += count } }

  /// Reports how much is done in all, and anew how much there is to do.
  package func set(_ done: Int, of total: Int? = nil) {
    update {
      $0.done = done
      if let total { $0.total = total }
    }
  }

  /// Takes the line away.
  package func finish() {
    state.withLock { $0.isFinished = true }
    terminal.show(status: nil)
  }

  deinit { if !state.withLock({ $0.isFinished }) { terminal.show(status: nil) } }

  private func update(_ change: (inout State) -> Void) {
    guard terminal.showsProgress else { return }
    let now = System.monotonicNanoseconds
    // drawn inside the lock, so that a late drawing never follows the last one
    state.withLock { state in
      change(&state)
      guard !state.isFinished, now >= state.nextDrawing else { return }
      state.nextDrawing = now + Self.interval
      state.estimate.record(done: state.done, at: now)
      terminal.show(
        status: ProgressLine(
          label: label, unit: unit, done: state.done, total: state.total,
          perSecond: state.estimate.perSecond
        ).text(width: terminal.errorWidth - 1))
    }
  }
}

/// How fast something went lately: over the last few seconds, so that a pause shows.
struct RateEstimate: Sendable {
  private static let window: UInt64 = 8_000_000_000
  private var samples: [(at: UInt64, done: Int)]

  init(start: UInt64) { samples = [(start, 0)] }

  mutating func record(done: Int, at time: UInt64) {
    samples.append((time, done))
    while samples.count > 2, time - samples[1].at > Self.window { samples.removeFirst() }
  }

  /// `nil` until something is known.
  var perSecond: Double? {
    guard let first = samples.first, let last = samples.last, last.at > first.at,
      last.done > first.done
    else { return nil }
    return Double(last.done - first.done) / (Double(last.at - first.at) / 1e9)
  }
}

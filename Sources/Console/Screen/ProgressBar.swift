import Synchronization

/// How far a piece of work is: a line on stderr with rate and time left.
///
/// Shown on a terminal only and never when quiet; the first line comes after a quarter of a second,
/// so short work shows none. A terminal without controls (`TERM=dumb`) gets one line that stays.
/// Any thread may report.
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
  private let clock: @Sendable () -> UInt64
  private let state: Mutex<State>

  /// A bar for a piece of work that begins now.
  ///
  /// - Parameters:
  ///   - label: what is being done: `Sending`.
  ///   - total: how much there is to do, where it is known.
  ///   - clock: nanoseconds of a clock that nobody sets.
  package init(
    _ label: String, total: Int?, unit: Unit, on terminal: Terminal,
    clock: @escaping @Sendable () -> UInt64 = { System.monotonicNanoseconds }
  ) {
    self.terminal = terminal
    self.clock = clock
    self.label = label.printable
    self.unit = unit
    let now = clock()
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
    guard terminal.showsProgress || terminal.announcesWork else { return }
    let now = clock()
    // drawn inside the lock, so that a late drawing never follows the last one
    state.withLock { state in
      change(&state)
      guard !state.isFinished, now >= state.nextDrawing else { return }
      guard terminal.showsProgress else {
        state.nextDrawing = .max
        terminal.note("\(label) ...")
        return
      }
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

/// How fast something went lately: over the last few seconds, so that a pause shows.
package struct RateEstimate: Sendable {
  private static let window: UInt64 = 8_000_000_000
  private var samples: [(at: UInt64, done: Int)]

  package init(start: UInt64) { samples = [(start, 0)] }

  package mutating func record(done: Int, at time: UInt64) {
    samples.append((time, done))
    while samples.count > 2, time - samples[1].at > Self.window { samples.removeFirst() }
  }

  /// `nil` until something is known.
  package var perSecond: Double? {
    guard let first = samples.first, let last = samples.last, last.at > first.at,
      last.done > first.done
    else { return nil }
    return Double(last.done - first.done) / (Double(last.at - first.at) / 1e9)
  }
}

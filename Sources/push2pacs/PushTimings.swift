import Console
import Delivery
import JSON
import Synchronization

/// How long the parts of a push took: `--timings`, and `seconds` in the JSON document.
final class PushTimings: Sendable {
  enum Part: String, CaseIterable, Sendable {
    /// Every byte of the stage, compared with its manifest.
    case digests
    /// What the archive was asked before anything was sent.
    case questions
  }

  private let taken = Mutex<[Part: Duration]>([:])

  func measuring<Result, Failure: Error>(
    _ part: Part, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = ContinuousClock.now
    defer {
      let duration = ContinuousClock.now - start
      taken.withLock { $0[part, default: .zero] += duration }
    }
    return try work()
  }

  private func seconds(_ part: Part) -> Double {
    taken.withLock { ($0[part] ?? .zero) / .seconds(1) }
  }

  func lines(_ outcome: Sending.Outcome) -> [String] {
    let sending = outcome.duration / .seconds(1)
    let rate = sending > 0 ? ", \(ProgressLine.bytes(Double(outcome.bytes) / sending))/s" : ""
    return [
      "Digests    \(Self.text(seconds(.digests)))",
      "Questions  \(Self.text(seconds(.questions)))",
      "Sending    \(Self.text(sending)): \(ProgressLine.bytes(Double(outcome.bytes)))\(rate), from the request for the association to its release",
    ]
  }

  func document(sending: Duration) -> JSON {
    [
      "digests": .number(seconds(.digests)), "questions": .number(seconds(.questions)),
      "sending": .number(sending / .seconds(1)),
    ]
  }

  /// Milliseconds are what counts on a fast network.
  private static func text(_ seconds: Double) -> String {
    let milliseconds = Int((seconds * 1000).rounded())
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest) s"
  }
}

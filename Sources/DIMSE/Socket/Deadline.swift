/// The moment until which something may take.
struct Deadline: Sendable {
  private let end: ContinuousClock.Instant?

  /// A moment this long from now.
  init(_ duration: Duration) { end = ContinuousClock.now.advanced(by: duration) }

  private init() { end = nil }

  /// No limit.
  static let never = Deadline()

  /// What has already passed: whoever waits for it only looks.
  static let now = Deadline(.zero)

  /// What is left, 0 when it is over, `nil` without a limit.
  var left: Duration? { end.map { max(.zero, ContinuousClock.now.duration(to: $0)) } }

  var isOver: Bool { left == .zero }

  /// What is left as `poll` wants it: rounded up, so that it is over afterwards; -1 without a limit.
  var milliseconds: Int32 {
    guard let left else { return -1 }
    let (seconds, attoseconds) = left.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    let fraction = attoseconds / 1_000_000_000_000_000
    let isExact = attoseconds % 1_000_000_000_000_000 == 0
    return Int32(seconds * 1000 + fraction + (isExact ? 0 : 1))
  }
}

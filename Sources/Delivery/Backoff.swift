import DIMSE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Waiting before a broken association is replaced.
enum Backoff {
  /// Waits, unless somebody interrupts.
  ///
  /// - Returns: whether the whole time has passed.
  static func wait(seconds: Double, unless interruption: Interruption) -> Bool {
    var left = seconds
    while left > 0 {
      if interruption.isInterrupted { return false }
      usleep(useconds_t(min(left, 0.05) * 1e6))
      left -= 0.05
    }
    return !interruption.isInterrupted
  }
}

package import DIMSE
import CLibrary

/// Waiting before a broken association is replaced.
package enum Backoff {
  /// Waits, unless somebody interrupts.
  ///
  /// - Returns: whether the whole time has passed.
  package static func wait(seconds: Double, unless interruption: Interruption) -> Bool {
    var left = seconds
    while left > 0 {
      if interruption.isInterrupted { return false }
      usleep(useconds_t(min(left, 0.05) * 1e6))
      left -= 0.05
    }
    return !interruption.isInterrupted
  }
}

import CLibrary

/// The number of this process, which tells its temporary folder from another's.
enum ProcessNumber {
  static var own: Int32 { getpid() }

  /// Whether no process of this machine has a number.
  static func isGone(_ number: Int32) -> Bool { kill(number, 0) != 0 && errno == ESRCH }
}

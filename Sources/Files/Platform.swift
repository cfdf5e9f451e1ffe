import CLibrary

/// What the C library of the system calls its errors.
enum Platform {
  static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}

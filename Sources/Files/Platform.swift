#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the C library of the system calls its errors.
enum Platform {
  static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}

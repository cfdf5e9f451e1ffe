#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What the systems call or type differently.
package enum SystemDifferences {
  /// The type of a socket that carries a stream of bytes.
  package static var streamType: Int32 {
    #if canImport(Darwin) || canImport(Musl)
      Int32(SOCK_STREAM)
    #else
      Int32(SOCK_STREAM.rawValue)
    #endif
  }

  /// Flags with which sending to a peer that is gone is an error and no signal.
  package static var sendFlags: Int32 {
    #if canImport(Darwin)
      0
    #else
      Int32(MSG_NOSIGNAL)
    #endif
  }

  /// The same for a socket as a whole, where the system has that.
  package static func makeSilent(socket descriptor: Int32) {
    #if canImport(Darwin)
      var value: Int32 = 1
      _ = setsockopt(
        descriptor, SOL_SOCKET, SO_NOSIGPIPE, &value, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  /// Has a function called when a signal comes; calls that it interrupts are not started again.
  package static func setHandler(
    of signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #elseif canImport(Musl)
      action.__sa_handler.sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    sigaction(signal, &action, nil)
  }

  /// When a file was last written, in seconds since 1970.
  package static func writingTime(of status: stat) -> Int {
    #if canImport(Darwin)
      Int(status.st_mtimespec.tv_sec)
    #else
      Int(status.st_mtim.tv_sec)
    #endif
  }

  /// The file that this process runs from; `nil` where the system does not tell.
  package static var executablePath: String? {
    #if os(Linux)
      "/proc/self/exe"
    #else
      CommandLine.arguments.first
    #endif
  }

  /// The program that opens a file in whatever shows it; `nil` where there is nothing to show it on.
  package static var opener: String? {
    #if canImport(Darwin)
      "/usr/bin/open"
    #else
      isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") ? "/usr/bin/xdg-open" : nil
    #endif
  }

  private static func isSet(_ variable: String) -> Bool {
    guard let value = getenv(variable) else { return false }
    return value.pointee != 0
  }

  /// Asks the system to acknowledge what arrives at once, where it has that wish.
  ///
  /// Many servers write an answer in two pieces and do not switch Nagle's algorithm off: the second
  /// piece then waits until the first is acknowledged, which takes 40 ms unless asked for. The
  /// system forgets this wish after a while, so it is repeated around every read.
  package static func acknowledgeAtOnce(socket descriptor: Int32) {
    #if os(Linux)
      let tcp: Int32 = 6
      let quickAcknowledgement: Int32 = 12
      var value: Int32 = 1
      _ = setsockopt(
        descriptor, tcp, quickAcknowledgement, &value, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }
}

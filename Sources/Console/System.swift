import CLibrary

/// What this module asks of the operating system.
enum System {
  static let inputDescriptor = STDIN_FILENO
  static let outputDescriptor = STDOUT_FILENO
  static let errorDescriptor = STDERR_FILENO
  static let interruptSignal = SIGINT
  static let terminateSignal = SIGTERM

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The columns of a terminal's window, `nil` where it has none or does not say.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The pixels across a terminal's window, `nil` where it does not say.
  static func pixelColumns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_xpixel > 0 else { return nil }
    return Int(size.ws_xpixel)
  }

  static func environmentValue(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// Nanoseconds of a clock that nobody sets.
  static var monotonicNanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Writes all bytes, or answers the error number that stopped it.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { writeOnce(descriptor, $0) }
      if count > 0 {
        done += count
      } else if errno == EAGAIN {
        _ = wait(for: [descriptor], events: Int16(POLLOUT))
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }

  private static func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    CLibrary.write(descriptor, bytes.baseAddress, bytes.count)
  }

  /// One byte, `nil` at the end of the input, or the error number.
  static func readByte(_ descriptor: Int32) -> Result<UInt8?, ErrorNumber> {
    var byte: UInt8 = 0
    while true {
      switch read(descriptor, &byte, 1) {
      case 1: return .success(byte)
      case 0: return .success(nil)
      case _ where errno == EINTR || errno == EAGAIN: continue
      // a terminal that was hung up
      case _ where errno == EIO: return .success(nil)
      default: return .failure(ErrorNumber(value: errno))
      }
    }
  }

  struct ErrorNumber: Error, Equatable {
    let value: Int32
    var text: String { String(cString: strerror(value)) }
  }

  /// Waits until one of the descriptors is ready and answers which are; a signal ends it too.
  static func wait(for descriptors: [Int32], events: Int16 = Int16(POLLIN)) -> [Bool] {
    var polled = descriptors.map { pollfd(fd: $0, events: events, revents: 0) }
    guard poll(&polled, nfds_t(polled.count), -1) > 0 else {
      return descriptors.map { _ in false }
    }
    return polled.map { $0.revents != 0 }
  }

  /// Throws away what was typed and not yet read.
  static func discardTypedAhead(_ descriptor: Int32) { tcflush(descriptor, TCIFLUSH) }

  /// A second descriptor of the terminal behind one, open for writing, or `nil`.
  static func openTerminal(behind descriptor: Int32) -> Int32? {
    var name = [CChar](repeating: 0, count: 256)
    guard ttyname_r(descriptor, &name, name.count) == 0 else { return nil }
    let opened = open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC)
    return opened >= 0 ? opened : nil
  }

  static func close(_ descriptor: Int32) {
    _ = CLibrary.close(descriptor)
  }

  /// The two ends of a pipe that neither blocks nor is inherited: reading, writing.
  static func makePipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (ends[0], ends[1])
  }

  /// Has a handler called at a signal; calls that it interrupts are not started again.
  static func handle(_ signal: Int32, with handler: @escaping @convention(c) (Int32) -> Void) {
    SystemDifferences.setHandler(of: signal, handler)
  }

  /// Ends at once, from inside a signal handler too.
  static func exitAtOnce(_ status: Int32) -> Never { _exit(status) }

  /// `write` as a signal handler may call it; what it cannot write is lost.
  static func writeFromHandler(_ text: StaticString, to descriptor: Int32) {
    let before = errno
    _ = writeOnce(
      descriptor, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    errno = before
  }
}

extension System {
  static func isClosedPipe(_ number: Int32) -> Bool { number == EPIPE }
}

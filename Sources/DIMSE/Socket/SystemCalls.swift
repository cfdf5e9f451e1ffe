import CLibrary

/// The calls of the operating system that sockets need, in plain types.
enum SystemCalls {
  /// How a call that must not wait ended.
  enum Outcome: Equatable {
    case done(Int)
    /// Nothing can be moved right now.
    case wouldWait
    case failed(Int32)
  }

  /// An address that a socket can be bound or connected to.
  struct Address: Sendable {
    var family: Int32
    var bytes: [UInt8]
  }

  /// What a descriptor is waited for.
  struct Readiness: OptionSet {
    let rawValue: Int16
    static let read = Readiness(rawValue: Int16(POLLIN))
    static let write = Readiness(rawValue: Int16(POLLOUT))
    /// The peer is gone, or the descriptor is no good.
    static let failure = Readiness(rawValue: Int16(POLLERR) | Int16(POLLHUP) | Int16(POLLNVAL))
  }

  static func text(of code: Int32) -> String { String(cString: strerror(code)) }

  /// A stream socket that never blocks, is not inherited and raises no signal.
  static func openSocket(family: Int32) -> Outcome {
    let descriptor = socket(family, SystemDifferences.streamType, 0)
    guard descriptor >= 0 else { return .failed(errno) }
    prepare(descriptor)
    return .done(Int(descriptor))
  }

  private static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    setOption(descriptor, level: Int32(IPPROTO_TCP), name: TCP_NODELAY, 1)
    setOption(descriptor, level: SOL_SOCKET, name: SO_KEEPALIVE, 1)
    SystemDifferences.makeSilent(socket: descriptor)
  }

  static func setOption(_ descriptor: Int32, level: Int32, name: Int32, _ value: Int32) {
    var value = value
    // An option that the system does not take costs speed, not correctness.
    _ = setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  static func connect(_ descriptor: Int32, to address: Address) -> Outcome {
    let result = address.bytes.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { address in
        connectCall(descriptor, address.baseAddress, socklen_t(bytes.count))
      }
    }
    if result == 0 { return .done(0) }
    return errno == EINPROGRESS || errno == EINTR ? .wouldWait : .failed(errno)
  }

  /// The error that waited at a socket, 0 for none.
  static func pendingError(_ descriptor: Int32) -> Int32 {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return errno }
    return code
  }

  static func bindAndListen(_ descriptor: Int32, at address: Address, backlog: Int32) -> Outcome {
    setOption(descriptor, level: SOL_SOCKET, name: SO_REUSEADDR, 1)
    let result = address.bytes.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { address in
        bind(descriptor, address.baseAddress, socklen_t(bytes.count))
      }
    }
    guard result == 0, listen(descriptor, backlog) == 0 else { return .failed(errno) }
    return .done(0)
  }

  static func accept(_ descriptor: Int32) -> Outcome {
    let accepted = acceptCall(descriptor, nil, nil)
    if accepted >= 0 {
      prepare(accepted)
      return .done(Int(accepted))
    }
    switch errno {
    case EAGAIN, EWOULDBLOCK, EINTR, ECONNABORTED: return .wouldWait
    default: return .failed(errno)
    }
  }

  static func receive(_ descriptor: Int32, into room: UnsafeMutableRawBufferPointer) -> Outcome {
    outcome(recv(descriptor, room.baseAddress, room.count, 0))
  }

  /// Sends pieces as one: nothing is copied together first.
  static func send(_ descriptor: Int32, _ pieces: [UnsafeRawBufferPointer]) -> Outcome {
    var vectors = pieces.map {
      iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
    }
    let sent = vectors.withUnsafeMutableBufferPointer { vectors in
      var message = msghdr()
      message.msg_iov = vectors.baseAddress
      message.msg_iovlen = .init(vectors.count)
      return sendmsg(descriptor, &message, SystemDifferences.sendFlags)
    }
    return outcome(sent)
  }

  private static func outcome(_ result: Int) -> Outcome {
    if result >= 0 { return .done(result) }
    switch errno {
    case EAGAIN, EWOULDBLOCK, EINTR: return .wouldWait
    default: return .failed(errno)
    }
  }

  /// Waits until one of the descriptors is ready, or the time is over: then all sets are empty.
  static func wait(_ wanted: [(descriptor: Int32, for: Readiness)], milliseconds: Int32)
    -> [Readiness]
  {
    var polled = wanted.map {
      pollfd(fd: $0.descriptor, events: $0.for.rawValue, revents: 0)
    }
    let ready = poll(&polled, nfds_t(polled.count), milliseconds)
    return polled.map { ready > 0 ? Readiness(rawValue: $0.revents) : [] }
  }

  static func close(_ descriptor: Int32) { _ = closeCall(descriptor) }

  static func shutdown(_ descriptor: Int32) { _ = shutdownCall(descriptor, Int32(SHUT_WR)) }

  /// A pipe whose ends never block.
  static func makePipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (ends[0], ends[1])
  }

  /// Writes one byte; may be called from a signal handler.
  static func poke(_ descriptor: Int32) {
    var byte: UInt8 = 1
    _ = write(descriptor, &byte, 1)
  }

  /// The addresses of a host, or what the resolver says.
  static func resolve(host: String, port: UInt16, toListen: Bool) -> ([Address], failure: String) {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = SystemDifferences.streamType
    hints.ai_flags = AI_NUMERICSERV | (toListen ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else { return ([], String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(list) }
    var addresses: [Address] = []
    var entry = list
    while let info = entry?.pointee {
      if let address = info.ai_addr {
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen))
        addresses.append(Address(family: info.ai_family, bytes: Array(bytes)))
      }
      entry = info.ai_next
    }
    return (addresses, "no address")
  }

  /// Where the other end of a socket is, or this end.
  static func name(of descriptor: Int32, peer: Bool) -> (host: String, port: UInt16)? {
    var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
    var length = socklen_t(bytes.count)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var service = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let code = bytes.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { address in
        let named =
          peer
          ? getpeername(descriptor, address.baseAddress, &length)
          : getsockname(descriptor, address.baseAddress, &length)
        guard named == 0 else { return Int32(-1) }
        return getnameinfo(
          address.baseAddress, length, &host, socklen_t(host.count), &service,
          socklen_t(service.count), NI_NUMERICHOST | NI_NUMERICSERV)
      }
    }
    guard code == 0 else { return nil }
    return (plain(host), UInt16(plain(service)) ?? 0)
  }

  private static func plain(_ characters: [CChar]) -> String {
    String(
      decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // Inside this type the short names are its own; these are the system's.
  private static let connectCall = CLibrary.connect
  private static let acceptCall = CLibrary.accept
  private static let closeCall = CLibrary.close
  private static let shutdownCall = CLibrary.shutdown
}

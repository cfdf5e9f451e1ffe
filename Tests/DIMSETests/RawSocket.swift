import DIMSE
import Foundation
import CLibrary

/// A plain blocking socket of a test, with a limit of 10 s on every wait.
final class RawSocket: Sendable {
  private let descriptor: Int32

  init(descriptor: Int32) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    signal(SIGPIPE, SIG_IGN)
  }

  deinit { close(descriptor) }

  /// Listens on a free port of the loopback interface.
  static func listening(backlog: Int32 = 4) throws -> (RawSocket, port: UInt16) {
    let descriptor = try open()
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard bind(descriptor, address, size) == 0, listen(descriptor, backlog) == 0,
          getsockname(descriptor, address, &size) == 0
        else { return nil }
        return 0
      }
    }
    guard port != nil else { throw Failure.system }
    return (RawSocket(descriptor: descriptor), UInt16(bigEndian: address.sin_port))
  }

  static func connected(to port: UInt16) throws -> RawSocket {
    let socket = RawSocket(descriptor: try open())
    guard socket.connect(to: port) else { throw Failure.system }
    return socket
  }

  static func unconnected() throws -> RawSocket { RawSocket(descriptor: try open()) }

  private static func open() throws -> Int32 {
    let descriptor = socket(AF_INET, SystemDifferences.streamType, 0)
    guard descriptor >= 0 else { throw Failure.system }
    return descriptor
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// Connects without blocking where `waiting` is false.
  @discardableResult
  func connect(to port: UInt16, waiting: Bool = true) -> Bool {
    if !waiting { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    var address = Self.loopback(port)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        CLibrary.connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  func accepted() throws -> RawSocket {
    let descriptor = CLibrary.accept(descriptor, nil, nil)
    guard descriptor >= 0 else { throw Failure.system }
    return RawSocket(descriptor: descriptor)
  }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard sent > 0 else { throw Failure.system }
      rest = rest.dropFirst(sent)
    }
  }

  /// Exactly so many bytes; `nil` when the other side has closed before.
  func receive(_ count: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var piece = [UInt8](repeating: 0, count: min(count - bytes.count, 1 << 16))
      let got = read(descriptor, &piece, piece.count)
      if got == 0 { return nil }
      guard got > 0 else { throw Failure.system }
      bytes += piece.prefix(got)
    }
    return bytes
  }

  /// The next PDU; `nil` when the other side has closed.
  func receivePDU() throws -> PDU? {
    guard let header = try receive(6) else { return nil }
    let count = header[2...].reduce(0) { $0 << 8 | Int($1) }
    guard let body = count == 0 ? [] : try receive(count) else { return nil }
    var received = ReceiveBuffer(header + body)
    return try PDU.next(in: &received, limit: 1 << 24)
  }

  /// Makes the next close a reset: what a crashed peer looks like.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  enum Failure: Error { case system }
}

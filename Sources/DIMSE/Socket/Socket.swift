import CLibrary

/// A connected TCP socket, closed exactly once.
///
/// It never waits longer than it was told.
struct Socket: ~Copyable {
  let descriptor: Int32

  init(adopting descriptor: Int32) { self.descriptor = descriptor }

  deinit { SystemCalls.close(descriptor) }

  /// Where the other end is, for logs.
  var peerHost: String { SystemCalls.name(of: descriptor, peer: true)?.host ?? "unknown address" }

  /// Waits for the socket to be ready for something.
  func wait(
    for readiness: SystemCalls.Readiness, until deadline: Deadline,
    unless interruption: Interruption
  ) throws(SocketError) -> SystemCalls.Readiness {
    while true {
      let ready = SystemCalls.wait(
        [(descriptor, readiness), (interruption.descriptor, .read)],
        milliseconds: deadline.milliseconds)
      if ready[1].contains(.read) { throw .interrupted }
      if !ready[0].isEmpty { return ready[0] }
      if deadline.isOver { throw .timeout }
    }
  }

  /// Reads what has arrived, waiting for the first byte; 0 when the other side has closed.
  func receive(
    into room: UnsafeMutableRawBufferPointer, until deadline: Deadline,
    unless interruption: Interruption
  ) throws(SocketError) -> Int {
    while true {
      SystemDifferences.acknowledgeAtOnce(socket: descriptor)
      let outcome = SystemCalls.receive(descriptor, into: room)
      SystemDifferences.acknowledgeAtOnce(socket: descriptor)
      switch outcome {
      case .done(let count): return count
      case .failed(let code): throw .lost(SystemCalls.text(of: code))
      case .wouldWait: _ = try wait(for: .read, until: deadline, unless: interruption)
      }
    }
  }

  /// Sends what fits into the system's buffer without waiting; `nil` where nothing fits.
  func sendNow(_ pieces: [UnsafeRawBufferPointer]) throws(SocketError) -> Int? {
    switch SystemCalls.send(descriptor, pieces) {
    case .done(let count): return count
    case .failed(let code): throw .lost(SystemCalls.text(of: code))
    case .wouldWait: return nil
    }
  }

  /// Says that nothing more will be sent; the other side then reads the end.
  func finishSending() { SystemCalls.shutdown(descriptor) }
}

extension Socket {
  /// Connects to the first address of a host that answers.
  static func connect(
    host: String, port: UInt16, within duration: Duration, unless interruption: Interruption
  ) throws(SocketError) -> Socket {
    let deadline = Deadline(duration)
    let addresses = try Resolver.addresses(
      of: host, port: port, until: deadline, unless: interruption)
    var failure = SocketError.cannotOpen("no address")
    for (index, address) in addresses.enumerated() {
      // Each address gets its share of what is left: a dead one must not eat the time of the next.
      let share = (deadline.left ?? duration) / (addresses.count - index)
      do throws(SocketError) {
        return try connect(to: address, until: Deadline(share), unless: interruption)
      } catch .interrupted {
        throw .interrupted
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private static func connect(
    to address: SystemCalls.Address, until deadline: Deadline, unless interruption: Interruption
  ) throws(SocketError) -> Socket {
    guard case .done(let descriptor) = SystemCalls.openSocket(family: address.family) else {
      throw .cannotOpen("no socket left")
    }
    let socket = Socket(adopting: Int32(descriptor))
    switch SystemCalls.connect(socket.descriptor, to: address) {
    case .done: break
    case .failed(let code): throw .cannotOpen(SystemCalls.text(of: code))
    case .wouldWait:
      _ = try socket.wait(for: .write, until: deadline, unless: interruption)
      let code = SystemCalls.pendingError(socket.descriptor)
      guard code == 0 else { throw .cannotOpen(SystemCalls.text(of: code)) }
    }
    // Where nobody listens on a port that the system also hands out, a connection can meet itself.
    if let own = SystemCalls.name(of: socket.descriptor, peer: false),
      let other = SystemCalls.name(of: socket.descriptor, peer: true), own == other
    {
      throw .cannotOpen("nobody listens there")
    }
    return socket
  }
}

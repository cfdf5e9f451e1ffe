/// A TCP socket that others connect to, closed exactly once.
struct Listener: ~Copyable {
  private let descriptor: Int32
  /// The port that the system gave where 0 was asked for.
  let port: UInt16

  /// Listens at one address of this machine.
  init(host: String, port: UInt16) throws(SocketError) {
    let (addresses, failure) = SystemCalls.resolve(host: host, port: port, toListen: true)
    guard let address = addresses.first else { throw .cannotResolve(failure) }
    guard case .done(let opened) = SystemCalls.openSocket(family: address.family) else {
      throw .cannotOpen("no socket left")
    }
    let descriptor = Int32(opened)
    if case .failed(let code) = SystemCalls.bindAndListen(descriptor, at: address, backlog: 64) {
      SystemCalls.close(descriptor)
      throw .cannotOpen(SystemCalls.text(of: code))
    }
    self.descriptor = descriptor
    self.port = SystemCalls.name(of: descriptor, peer: false)?.port ?? port
  }

  deinit { SystemCalls.close(descriptor) }

  /// Waits for the next connection.
  func accept(unless interruption: Interruption) throws(SocketError) -> Socket {
    while true {
      switch SystemCalls.accept(descriptor) {
      case .done(let accepted): return Socket(adopting: Int32(accepted))
      case .failed(let code): throw .cannotOpen(SystemCalls.text(of: code))
      case .wouldWait: break
      }
      let ready = SystemCalls.wait(
        [(descriptor, .read), (interruption.descriptor, .read)], milliseconds: -1)
      if ready[1].contains(.read) { throw .interrupted }
    }
  }
}

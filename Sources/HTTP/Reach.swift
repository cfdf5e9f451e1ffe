import CLibrary
import Foundation
import Synchronization

/// Whether a host takes connections at all, found out in a time of its own.
///
/// Foundation has one clock for a whole request, and a search may take a minute while a connection
/// that is not there after ten seconds never comes. Any other trouble is left to the request itself,
/// which has better words for it.
final class Reach: Sendable {
  private let reached = Mutex<Set<String>>([])

  /// Tries a connection, once for each origin, and closes it again.
  func require(
    _ address: WebAddress, within seconds: Double, isStopped: @Sendable () -> Bool
  ) throws(WebError) {
    let origin = address.origin
    guard !reached.withLock({ $0.contains(origin) }), !Surroundings.hasProxy else { return }
    let (host, port) = (address.host, address.port ?? (address.scheme == "https" ? 443 : 80))
    let trial = Trial()
    // A resolver that hangs is left behind and ends when it ends.
    Thread.detachNewThread { trial.run(host, "\(port)", seconds) }
    let end = ContinuousClock.now + .seconds(seconds)
    while !trial.isOver {
      if isStopped() { throw .stopped }
      guard ContinuousClock.now < end else {
        throw .connectTimeout(origin: origin, seconds: Int(seconds.rounded(.up)))
      }
      usleep(2000)
    }
    reached.withLock { _ = $0.insert(origin) }
  }

  /// One attempt: all addresses of a host in turn.
  private final class Trial: Sendable {
    private let over = Atomic(false)
    var isOver: Bool { over.load(ordering: .acquiring) }

    func run(_ host: String, _ port: String, _ seconds: Double) {
      var hints = addrinfo()
      hints.ai_socktype = SystemDifferences.streamType
      var list: UnsafeMutablePointer<addrinfo>?
      guard getaddrinfo(host, port, &hints, &list) == 0 else { return finish() }
      defer { freeaddrinfo(list) }
      var entry = list
      while let info = entry?.pointee {
        if connects(to: info, seconds) { return finish() }
        entry = info.ai_next
      }
      // Refused by all is an answer; silence of all is none, and the clock of the caller ends it.
      if !isSilent { finish() }
    }

    private let silent = Atomic(false)
    private var isSilent: Bool { silent.load(ordering: .relaxed) }

    private func finish() { over.store(true, ordering: .releasing) }

    /// Whether a connection comes about, or is refused at once.
    private func connects(to info: addrinfo, _ seconds: Double) -> Bool {
      let descriptor = socket(info.ai_family, info.ai_socktype, info.ai_protocol)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      if connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return true }
      guard errno == EINPROGRESS else { return false }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      let milliseconds = Int32(max(1, min(seconds * 1000, 3_600_000)))
      guard poll(&waiting, 1, milliseconds) == 1 else {
        silent.store(true, ordering: .relaxed)
        return false
      }
      var trouble: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &trouble, &size) == 0 && trouble == 0
    }
  }
}

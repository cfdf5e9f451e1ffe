import Foundation
import Synchronization

/// A node that others call: it accepts associations and serves them, each on a thread of its own.
package final class Provider: Sendable {
  private let configuration: ProviderConfiguration
  private let services: any Services
  private let log: @Sendable (ProviderEvent) -> Void
  private let interruption = Interruption()
  private let underWay = Counter()

  package init(
    _ configuration: ProviderConfiguration, services: any Services,
    log: @escaping @Sendable (ProviderEvent) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.services = services
    self.log = log
  }

  /// Listens and serves on this thread until ``stop()`` is called; then waits for what is open.
  ///
  /// - Parameters:
  ///   - host: Which of this machine's addresses.
  ///   - port: 0: any free one.
  ///   - onReady: Learns the port as soon as calls are taken.
  package func serve(
    host: String = "127.0.0.1", port: UInt16, onReady: (UInt16) -> Void = { _ in }
  ) throws(ProviderError) {
    let listener: Listener
    do throws(SocketError) {
      listener = try Listener(host: host, port: port)
    } catch {
      throw .cannotListen(host: host, port: port, detail: error.detail)
    }
    onReady(listener.port)
    serve(listener)
  }

  /// Listens and serves on a thread of its own; answers the port.
  package func start(host: String = "127.0.0.1", port: UInt16 = 0) throws(ProviderError) -> UInt16 {
    let listener: Listener
    do throws(SocketError) {
      listener = try Listener(host: host, port: port)
    } catch {
      throw .cannotListen(host: host, port: port, detail: error.detail)
    }
    let port = listener.port
    let handedOver = Mutex<Listener?>(listener)
    underWay.enter()
    Thread.detachNewThread { [self] in
      defer { underWay.leave() }
      guard let listener = handedOver.withLock({ $0.take() }) else { return }
      serve(listener)
    }
    return port
  }

  /// Ends everything that is open and takes no further calls.
  package func stop() { interruption.interrupt() }

  /// Ends everything and waits until it has ended.
  package func stopAndWait() {
    stop()
    underWay.waitUntilZero()
  }

  private func serve(_ listener: consuming Listener) {
    let open = Counter()
    let reports = Counter(limit: configuration.maximumAssociations)
    while let socket = nextSocket(listener) {
      // Callers beyond the limit are still heard, to be told; but even they are bounded.
      let number = open.enter()
      guard number <= configuration.maximumAssociations + 16 else {
        open.leave()
        continue
      }
      let handedOver = Mutex<Socket?>(socket)
      Thread.detachNewThread { [configuration, services, log, interruption] in
        defer { open.leave() }
        guard let socket = handedOver.withLock({ $0.take() }) else { return }
        let talk = ProviderAssociation(
          socket: socket, configuration: configuration, services: services,
          isCongested: number > configuration.maximumAssociations, reports: reports,
          interruption: interruption, log: log)
        talk.run()
      }
    }
    open.waitUntilZero()
    reports.waitUntilZero()
  }

  private func nextSocket(_ listener: borrowing Listener) -> Socket? {
    while !interruption.isInterrupted {
      do throws(SocketError) {
        return try listener.accept(unless: interruption)
      } catch .interrupted {
        return nil
      } catch {
        // No descriptor left, or a caller that hung up at once: the next one may fare better.
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    return nil
  }
}

/// Counts what is under way, and lets others wait for the end of it.
final class Counter: Sendable {
  private let condition = Condition()
  private let value = Mutex(0)
  private let limit: Int

  init(limit: Int = .max) { self.limit = limit }

  /// Counts one more unless that is too many; answers whether it did.
  func enterIfRoom() -> Bool {
    value.withLock {
      guard $0 < limit else { return false }
      $0 += 1
      return true
    }
  }

  @discardableResult
  func enter() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }

  func leave() {
    condition.change { value.withLock { $0 -= 1 } }
  }

  func waitUntilZero() {
    condition.wait { value.withLock { $0 == 0 } }
  }
}

/// A condition variable that wakes whoever waits for a change.
private final class Condition: Sendable {
  private let condition = NSCondition()

  func change(_ body: () -> Void) {
    condition.lock()
    body()
    condition.broadcast()
    condition.unlock()
  }

  func wait(until isTrue: () -> Bool) {
    condition.lock()
    while !isTrue() { condition.wait() }
    condition.unlock()
  }
}

extension SocketError {
  fileprivate var detail: String {
    switch self {
    case .cannotResolve(let detail), .cannotOpen(let detail), .lost(let detail): detail
    case .timeout: "timeout"
    case .interrupted: "stopped"
    }
  }
}

import Foundation
import Synchronization

/// Names to addresses, with a limit on the time: the system's resolver has none.
enum Resolver {
  static func addresses(
    of host: String, port: UInt16, until deadline: Deadline, unless interruption: Interruption
  ) throws(SocketError) -> [SystemCalls.Address] {
    let answer = Answer()
    // Where the resolver hangs, its thread is left behind and ends when it ends.
    Thread.detachNewThread {
      let (addresses, failure) = SystemCalls.resolve(host: host, port: port, toListen: false)
      answer.give(addresses, failure)
    }
    let ready = SystemCalls.wait(
      [(answer.done.descriptor, .read), (interruption.descriptor, .read)],
      milliseconds: deadline.milliseconds)
    if ready[1].contains(.read) { throw .interrupted }
    guard let (addresses, failure) = answer.given else {
      throw .cannotResolve("the name server does not answer")
    }
    guard !addresses.isEmpty else { throw .cannotResolve(failure) }
    return addresses
  }

  private final class Answer: Sendable {
    let done = Interruption()
    private let value = Mutex<([SystemCalls.Address], String)?>(nil)

    func give(_ addresses: [SystemCalls.Address], _ failure: String) {
      value.withLock { $0 = (addresses, failure) }
      done.interrupt()
    }

    var given: ([SystemCalls.Address], String)? { value.withLock { $0 } }
  }
}

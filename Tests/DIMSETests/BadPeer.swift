import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing

/// A peer that does what a script says: it answers one call, well or badly.
final class BadPeer: Sendable {
  let peer: Peer
  private let finished = DispatchSemaphore(value: 0)
  private let failure = Mutex<(any Error)?>(nil)

  /// - Parameter script: What is done with the connection; it is closed afterwards.
  init(_ script: @escaping @Sendable (RawSocket) throws -> Void) throws {
    let (listener, port) = try RawSocket.listening()
    peer = Peer(host: "127.0.0.1", port: port, aeTitle: try title("BAD"))
    Thread.detachNewThread { [self] in
      defer { finished.signal() }
      do {
        try script(try listener.accepted())
      } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  /// Waits for the script to end; throws what went wrong in it.
  func finish() throws {
    #expect(finished.wait(timeout: .now() + 20) == .success, "the script did not end")
    if let error = failure.withLock({ $0 }) { throw error }
  }
}

extension RawSocket {
  /// Hears a request and accepts all its contexts with their first syntax, or answers otherwise.
  @discardableResult
  func accept(
    maximumLength: UInt32 = 16384,
    changing: (inout AssociateAccept) -> Void = { _ in }
  ) throws -> AssociateRequest {
    guard case .associateRequest(let request)? = try receivePDU() else { throw Failure.system }
    var accept = AssociateAccept(
      to: request,
      contexts: request.contexts.map {
        AnsweredContext(id: $0.id, result: .accepted, transferSyntax: $0.transferSyntaxes.first)
      },
      userInformation: UserInformation([
        .maximumLength(maximumLength), .implementationClassUID("1.2.3"),
      ]))
    changing(&accept)
    try send(PDU.associateAccept(accept).serialized)
    return request
  }

  /// Reads a whole message; answers its command.
  func receiveMessage() throws -> Command? {
    var command: Command?
    while case .data(let values)? = try receivePDU() {
      for value in values {
        if value.isCommand { command = try Command(parsing: value.fragment) }
        if value.isLast, !value.isCommand || command?.hasDataSet == false { return command }
      }
    }
    return nil
  }

  func send(_ command: Command, context: UInt8 = 1) throws {
    try send(
      PDU.data([
        PresentationDataValue(
          contextID: context, isCommand: true, isLast: true, fragment: command.serialized[...])
      ]).serialized)
  }

  func sendData(_ bytes: [UInt8], context: UInt8 = 1, isLast: Bool = true) throws {
    try send(
      PDU.data([
        PresentationDataValue(
          contextID: context, isCommand: false, isLast: isLast, fragment: bytes[...])
      ]).serialized)
  }

  /// Waits for the other side to hang up; answers the abort, if one came.
  func awaitAbort() throws -> Abort? {
    while let pdu = try receivePDU() {
      if case .abort(let abort) = pdu { return abort }
    }
    return nil
  }
}

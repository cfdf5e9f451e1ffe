import Synchronization

/// Whether somebody asked the run to stop: Ctrl-C, or SIGTERM from elsewhere.
///
/// The first signal only sets a flag, which long work asks for between two pieces, and makes a
/// descriptor readable, which waiting work polls. A second Ctrl-C ends the process at once.
package enum Interruption {
  private static let received = Atomic<Int32>(0)
  private static let wakingDescriptor = Atomic<Int32>(-1)
  private static let waitingDescriptor = Atomic<Int32>(-1)
  private static let announces = Atomic<Bool>(true)

  private static let notice: StaticString = "\npush2pacs: stopping; Ctrl-C again ends at once\n"

  /// Begins to listen; once, at the start of the process.
  package static func install() {
    guard descriptor == nil, let pipe = System.makePipe() else { return }
    // every atomic is touched before a handler can run: none is first made inside one
    _ = received.load(ordering: .sequentiallyConsistent)
    announces.store(System.isTerminal(System.errorDescriptor), ordering: .sequentiallyConsistent)
    waitingDescriptor.store(pipe.reading, ordering: .sequentiallyConsistent)
    wakingDescriptor.store(pipe.writing, ordering: .sequentiallyConsistent)
    let handler: @convention(c) (Int32) -> Void = { Interruption.receive($0) }
    System.handle(System.interruptSignal, with: handler)
    System.handle(System.terminateSignal, with: handler)
  }

  /// Whether the work should stop where it can be taken up again.
  package static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// How the run ends because of it: 130 or 143; `nil` while nobody asked.
  ///
  /// A sending that can go on ends with 75 instead.
  package static var exitStatus: ExitStatus? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case System.terminateSignal: .terminated
    default: .interrupted
    }
  }

  /// Becomes readable when a stop is asked for, and stays so: for `poll` beside a socket.
  ///
  /// Never read from it. `nil` before `install()`.
  package static var descriptor: Int32? {
    let descriptor = waitingDescriptor.load(ordering: .relaxed)
    return descriptor >= 0 ? descriptor : nil
  }

  /// Throws when a stop was asked for: between two pieces of work.
  package static func check() throws(Interrupted) {
    if let exitStatus { throw Interrupted(exitStatus: exitStatus) }
  }

  /// While a person is asked, Ctrl-C needs no notice.
  static func withoutNotice<Answer, Failure: Error>(
    _ body: () throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    let before = announces.exchange(false, ordering: .sequentiallyConsistent)
    defer { announces.store(before, ordering: .sequentiallyConsistent) }
    return try body()
  }

  /// Runs inside the signal handler: atomics, `write` and `_exit` only.
  private static func receive(_ signal: Int32) {
    let before = received.exchange(signal, ordering: .sequentiallyConsistent)
    if before != 0, signal == System.interruptSignal {
      System.exitAtOnce(ExitStatus.interrupted.rawValue)
    }
    let waking = wakingDescriptor.load(ordering: .relaxed)
    if waking >= 0 { System.writeFromHandler("x", to: waking) }
    if signal == System.interruptSignal, announces.load(ordering: .relaxed) {
      System.writeFromHandler(notice, to: System.errorDescriptor)
    }
  }
}

/// Somebody asked the run to stop.
package struct Interrupted: Error, Equatable, CustomStringConvertible {
  package let exitStatus: ExitStatus

  package init(exitStatus: ExitStatus) { self.exitStatus = exitStatus }

  package var description: String {
    exitStatus == .terminated ? "terminated" : "stopped with Ctrl-C"
  }
}

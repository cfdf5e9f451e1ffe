import Synchronization

/// Whether somebody asked the run to stop: Ctrl-C, or SIGTERM from elsewhere.
///
/// While nothing is made or changed yet, a signal ends the process at once (``endAtOnce(on:)``). Later
/// (``install()``) the first one only sets a flag, which long work asks for between two pieces, and
/// makes a descriptor readable, which waiting work polls; a second Ctrl-C ends the process at once.
package enum Interruption {
  private static let received = Atomic<Int32>(0)
  private static let wakingDescriptor = Atomic<Int32>(-1)
  private static let waitingDescriptor = Atomic<Int32>(-1)
  private static let announces = Atomic<Bool>(true)

  private static let clearsLine = Atomic<Bool>(false)
  private static let isAsking = Atomic<Bool>(false)

  private static let notice: StaticString = "\npush2pacs: stopping; Ctrl-C again ends at once\n"
  private static let clearing: StaticString = "\r\u{1B}[K"
  private static let stopped: StaticString = "push2pacs: stopped with Ctrl-C\n"
  private static let terminated: StaticString = "push2pacs: terminated\n"

  /// Has Ctrl-C and SIGTERM end the process with one line and 130 or 143, until `install()`.
  ///
  /// For work that only reads: nothing is left half-written, and nobody waits for its next pause.
  package static func endAtOnce(on terminal: Terminal) {
    guard descriptor == nil else { return }
    touch()
    clearsLine.store(terminal.showsProgress, ordering: .sequentiallyConsistent)
    listen()
  }

  /// Begins to listen; once, at the start of the process.
  package static func install() {
    guard descriptor == nil, let pipe = System.makePipe() else { return }
    touch()
    waitingDescriptor.store(pipe.reading, ordering: .sequentiallyConsistent)
    wakingDescriptor.store(pipe.writing, ordering: .sequentiallyConsistent)
    listen()
  }

  /// Every atomic is touched before a handler can run: none is first made inside one.
  private static func touch() {
    _ = received.load(ordering: .sequentiallyConsistent)
    _ = wakingDescriptor.load(ordering: .sequentiallyConsistent)
    _ = clearsLine.load(ordering: .sequentiallyConsistent)
    _ = isAsking.load(ordering: .sequentiallyConsistent)
    announces.store(System.isTerminal(System.errorDescriptor), ordering: .sequentiallyConsistent)
  }

  private static func listen() {
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
    isAsking.store(true, ordering: .sequentiallyConsistent)
    defer { isAsking.store(false, ordering: .sequentiallyConsistent) }
    return try body()
  }

  /// Runs inside the signal handler: atomics, `write` and `_exit` only.
  private static func receive(_ signal: Int32) {
    let before = received.exchange(signal, ordering: .sequentiallyConsistent)
    if before != 0, signal == System.interruptSignal {
      System.exitAtOnce(ExitStatus.interrupted.rawValue)
    }
    let waking = wakingDescriptor.load(ordering: .relaxed)
    guard waking >= 0 else { endNow(signal) }
    System.writeFromHandler("x", to: waking)
    if signal == System.interruptSignal, announces.load(ordering: .relaxed),
      !isAsking.load(ordering: .relaxed)
    {
      System.writeFromHandler(notice, to: System.errorDescriptor)
    }
  }

  private static func endNow(_ signal: Int32) -> Never {
    let error = System.errorDescriptor
    if clearsLine.load(ordering: .relaxed), !isAsking.load(ordering: .relaxed) {
      System.writeFromHandler(clearing, to: error)
    } else if announces.load(ordering: .relaxed) {
      System.writeFromHandler("\n", to: error)  // behind the ^C, which a question in its line keeps
    }
    let isTermination = signal == System.terminateSignal
    System.writeFromHandler(isTermination ? terminated : stopped, to: error)
    System.exitAtOnce(
      (isTermination ? ExitStatus.terminated : ExitStatus.interrupted).rawValue)
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

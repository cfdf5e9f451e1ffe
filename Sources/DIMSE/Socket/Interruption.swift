/// A way to make every wait on a socket end at once, from another thread or a signal handler.
///
/// One interruption may be given to many associations: once it is pulled, all of them end.
package final class Interruption: Sendable {
  private let reading: Int32
  private let writing: Int32

  package init() {
    // Without a pipe nothing can be interrupted, and everything else still works.
    (reading, writing) = SystemCalls.makePipe() ?? (-1, -1)
  }

  deinit {
    if reading >= 0 { SystemCalls.close(reading) }
    if writing >= 0 { SystemCalls.close(writing) }
  }

  /// Ends all waits, now and later.
  ///
  /// Safe in a signal handler.
  package func interrupt() {
    // The byte is never read: the pipe stays readable for everybody who waits.
    SystemCalls.poke(writing)
  }

  package var isInterrupted: Bool {
    SystemCalls.wait([(reading, .read)], milliseconds: 0).first?.contains(.read) ?? false
  }

  /// What a wait has to look at besides its socket; -1 is ignored by `poll`.
  var descriptor: Int32 { reading }
}

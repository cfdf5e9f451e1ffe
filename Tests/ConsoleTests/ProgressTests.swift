import Console
import Foundation
import Synchronization
import Testing

/// A clock that stands until somebody moves it.
final class ManualClock: Sendable {
  private let time = Atomic<UInt64>(1_000_000_000)

  var read: @Sendable () -> UInt64 { { self.time.load(ordering: .relaxed) } }

  func move(milliseconds: UInt64) {
    time.add(milliseconds * 1_000_000, ordering: .relaxed)
  }
}

@Suite("Progress") struct ProgressTests {
  @Test(
    "a line says how far, how fast, how long",
    arguments: [
      (
        ProgressLine(
          label: "Sending", unit: .items("slices"), done: 90, total: 200, perSecond: 45.2),
        80, "Sending  [##########--------------]  90 of 200 slices  45.2/s  0:03 left"
      ),
      (
        ProgressLine(
          label: "Sending", unit: .items("slices"), done: 200, total: 200, perSecond: 150),
        80, "Sending  [########################]  200 of 200 slices  150/s"
      ),
      (
        ProgressLine(
          label: "Sending", unit: .items("slices"), done: 90, total: 200, perSecond: 45.2),
        60, "Sending  [#####-------]  90 of 200 slices  45.2/s  0:03 left"
      ),
      (
        ProgressLine(
          label: "Sending", unit: .items("slices"), done: 90, total: 200, perSecond: 45.2),
        40, "Sending  90 of 200 slices  45.2/s  0:03…"
      ),
      (
        ProgressLine(label: "Reading", unit: .items("files"), done: 12, total: nil, perSecond: nil),
        80, "Reading  12 files"
      ),
      (
        ProgressLine(label: "Reading", unit: .items("files"), done: 0, total: 0, perSecond: nil),
        80, "Reading  0 of 0 files"
      ),
      (
        ProgressLine(
          label: "Fetching", unit: .bytes, done: 1_500_000, total: 3_000_000_000,
          perSecond: 999_400), 80,
        "Fetching  [------------------------]  1.5 MB of 3.0 GB  999 kB/s  50:01 left"
      ),
      (
        ProgressLine(label: "x", unit: .items("y"), done: 5, total: 3, perSecond: 1), 80,
        "x  [########################]  5 of 3 y  1.0/s"
      ),
    ])
  func lines(_ line: ProgressLine, _ width: Int, _ expected: String) {
    #expect(line.text(width: width) == expected)
  }

  @Test(
    "durations and sizes",
    arguments: [
      (0.2, "0:01", "0 B"), (59, "0:59", "59 B"), (725, "12:05", "725 B"),
      (3723, "1:02:03", "3.7 kB"), (99_960, "more than a day", "100 kB"),
      (.infinity, "more than a day", nil),
    ] as [(Double, String, String?)])
  func units(_ value: Double, _ duration: String, _ size: String?) {
    #expect(ProgressLine.duration(value) == duration)
    if let size { #expect(ProgressLine.bytes(value) == size) }
  }

  @Test("the rate is that of the last seconds")
  func rate() throws {
    var estimate = RateEstimate(start: 0)
    #expect(estimate.perSecond == nil)
    for second in 1...20 as ClosedRange<UInt64> {
      estimate.record(done: Int(second) * 10, at: second * 1_000_000_000)
    }
    #expect(estimate.perSecond == 10)
    for second in 21...40 as ClosedRange<UInt64> {
      estimate.record(done: 200 + Int(second - 20), at: second * 1_000_000_000)
    }
    #expect(estimate.perSecond == 1)
  }

  @Test("the bar waits, draws now and then, makes room for messages and goes away")
  func bar() throws {
    let person = try Person()
    let terminal = person.terminal
    let clock = ManualClock()
    let bar = ProgressBar(
      "Sending", total: 4, unit: .items("slices"), on: terminal, clock: clock.read)
    bar.advance()  // too early to be seen
    clock.move(milliseconds: 250)
    bar.advance()
    bar.advance()  // not yet time again
    terminal.message("slow")
    clock.move(milliseconds: 100)
    bar.set(4)
    bar.finish()
    bar.advance()
    terminal.note("done")
    person.plays([])
    let line = "Sending  [############------------]  2 of 4 slices  8.0/s  0:01 left"
    let last = "Sending  [########################]  4 of 4 slices  11.4/s"
    #expect(
      person.screenText() == "\r\(line)\u{1B}[K\r\u{1B}[Kpush2pacs: slow\n\(line)"
        + "\r\(last)\u{1B}[K\r\u{1B}[Kdone\n")
  }

  @Test("short work, and work nobody watches, shows nothing")
  func silent() throws {
    let person = try Person()
    let bar = ProgressBar("Reading", total: nil, unit: .bytes, on: person.terminal)
    bar.advance(by: 10)
    bar.finish()
    person.plays([])
    #expect(person.screenText() == "")
  }

  @Test("many threads report to one bar")
  func threads() throws {
    let person = try Person()
    let clock = ManualClock()
    let bar = ProgressBar(
      "Reading", total: 8000, unit: .items("files"), on: person.terminal, clock: clock.read)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in for _ in 0..<1000 { bar.advance() } }
    clock.move(milliseconds: 2000)
    bar.advance(by: 0)
    person.plays([])
    #expect(person.screenText().contains("8000 of 8000 files  4000/s"))
    bar.finish()
  }
}

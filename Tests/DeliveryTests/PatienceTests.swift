import DICOMweb
import DIMSE
import Delivery
import HTTP
import Testing

@Suite("Patience", .timeLimit(.minutes(1))) struct PatienceTests {
  @Test("a pause is over when it is over")
  func whole() {
    let start = ContinuousClock.now
    #expect(Backoff.wait(seconds: 0.12, unless: Interruption()))
    #expect(start.duration(to: .now) >= .milliseconds(120))
    #expect(Backoff.wait(seconds: 0, unless: Interruption()))
  }

  @Test("Ctrl-C ends a pause, and one that has not begun")
  func interrupted() {
    let interruption = Interruption()
    interruption.interrupt()
    let start = ContinuousClock.now
    #expect(!Backoff.wait(seconds: 60, unless: interruption))
    #expect(!Backoff.wait(seconds: 0, unless: interruption))
    #expect(start.duration(to: .now) < .seconds(5))
  }

  @Test("a web service is asked again after ever longer pauses, or when it says so")
  func web() {
    let lost = DICOMwebError.web(.connectionLost(origin: "https://h", detail: ""))
    #expect((1...7).map { WebPatience.seconds(after: lost, $0) } == [0.5, 1, 2, 4, 8, 8, 8])
    func busy(_ wanted: Int?) -> DICOMwebError {
      .web(.status(StatusFailure(code: 503, origin: "https://h", retryAfter: wanted)))
    }
    #expect(WebPatience.seconds(after: busy(3), 1) == 3)
    #expect(WebPatience.seconds(after: busy(nil), 2) == 1)
    // Nobody waits an hour at a terminal.
    #expect(WebPatience.seconds(after: busy(3600), 1) == 30)
  }
}

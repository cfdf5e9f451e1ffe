import DICOM
import DIMSE
import Delivery
import Foundation
import Quality
import Synchronization
import TestSupport
import Testing

/// What several associations share: nothing is lost, nothing is handed out twice, the order holds.
@Suite("Sending queue", .timeLimit(.minutes(2))) struct SendingQueueTests {
  static func instances(_ count: Int) -> [Manifest.Instance] {
    (0..<count).map {
      Manifest.Instance(
        file: "slices/\($0).dcm", seriesInstanceUID: "1.2",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.7",
        sopInstanceUID: "1.2.\($0 + 1)", instanceNumber: $0 + 1, sha256: "", frames: [])
    }
  }

  private static func done(_ entry: Manifest.Instance) -> SendingQueue.Answered {
    .init(
      entry: entry, syntax: .explicitVRLittleEndian,
      result: .success(Answer(.store, status: .success)), byteCount: 1)
  }

  @Test("handed out in order, ended when all is answered")
  func order() {
    let all = Self.instances(5)
    let queue = SendingQueue(all, lanes: 1)
    var taken: [Manifest.Instance] = []
    for _ in all {
      let next = queue.next { _ in Issue.record("nothing to wait for") }
      if let next { taken.append(next) }
    }
    #expect(taken == all && queue.isEmpty)
    for entry in taken { queue.answered(Self.done(entry)) }
    #expect(queue.next { _ in } == nil)
    queue.laneEnded(nil)
    #expect(queue.nextAnswers()?.map(\.entry) == all)
    #expect(queue.nextAnswers() == nil && queue.failure == nil)
  }

  @Test("what is given back goes out again in its place, not at the end")
  func givenBack() {
    let all = Self.instances(6)
    let queue = SendingQueue(all, lanes: 1)
    let first = (0..<4).compactMap { _ in queue.next { _ in } }
    queue.answered(Self.done(first[0]))
    // The association broke; what was under way comes back in whatever order.
    queue.giveBack([first[3], first[1], first[2]])
    var rest: [Manifest.Instance] = []
    while let next = queue.next(dry: { _ in }) {
      rest.append(next)
      queue.answered(Self.done(next))
    }
    #expect(rest == Array(all[1...]))
  }

  @Test("who finds it empty waits for what others may give back")
  func waits() {
    let queue = SendingQueue(Self.instances(1), lanes: 2)
    let entry = queue.next { _ in }
    let (isDry, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let got = Mutex<Manifest.Instance?>(nil)
    Thread.detachNewThread {
      let next = queue.next { if $0 { isDry.signal() } }
      got.withLock { $0 = next }
      ended.signal()
    }
    isDry.wait()
    #expect(got.withLock { $0 } == nil)
    if let entry { queue.giveBack([entry]) }
    ended.wait()
    #expect(got.withLock { $0 } == entry)
  }

  @Test("stopped: nothing more goes out, and the first reason stays")
  func stopped() {
    let queue = SendingQueue(Self.instances(3), lanes: 2)
    _ = queue.next { _ in }
    queue.stop(because: .association(.cancelled))
    queue.stop(because: .cannotRetrieve)
    #expect(queue.isStopped && queue.next { _ in } == nil)
    queue.laneEnded(.cannotRetrieve)
    queue.laneEnded(nil)
    #expect(queue.nextAnswers() == nil)
    guard case .association(.cancelled)? = queue.failure else {
      Issue.record("the first reason is gone: \(String(describing: queue.failure))")
      return
    }
  }

  @Test("one association that fails is no failure where another has sent all")
  func oneOfTwo() {
    let all = Self.instances(2)
    let queue = SendingQueue(all, lanes: 2)
    queue.laneEnded(.association(.cancelled))
    while let next = queue.next(dry: { _ in }) { queue.answered(Self.done(next)) }
    queue.laneEnded(nil)
    #expect(queue.failure == nil)
    #expect(queue.nextAnswers()?.count == 2)
  }

  /// Associations that break at random: each instance is answered exactly once.
  @Test("many associations that break", arguments: 1...8)
  func breaking(lanes: Int) {
    let all = Self.instances(500)
    let queue = SendingQueue(all, lanes: lanes)
    for lane in 0..<lanes {
      Thread.detachNewThread {
        var random = SeededGenerator(seed: UInt64(lane + 1))
        var underWay: [Manifest.Instance] = []
        func answerAll() {
          for entry in underWay { queue.answered(Self.done(entry)) }
          underWay = []
        }
        // Nobody waits for the others while they may wait for what it holds.
        while let entry = queue.next(dry: { if $0 { answerAll() } }) {
          underWay.append(entry)
          switch Int.random(in: 0..<10, using: &random) {
          case 0:
            queue.giveBack(underWay)
            underWay = []
          case 1..<6: break
          default: queue.answered(Self.done(underWay.removeFirst()))
          }
          // A window of 8, as an association has it.
          if underWay.count >= 8 { answerAll() }
        }
        queue.laneEnded(nil)
      }
    }
    var answered: [String] = []
    while let some = queue.nextAnswers() { answered += some.map(\.entry.sopInstanceUID) }
    #expect(answered.count == all.count && Set(answered).count == all.count)
    #expect(queue.failure == nil)
  }
}

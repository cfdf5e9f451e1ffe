import DICOM
import Radiotherapy
import Testing

@Suite("Delivered fractions") struct DeliveredCourseTests {
  private func count(
    _ records: [TreatmentRecord], plan: RTPlan? = nil
  ) throws -> DeliveredCourse {
    DeliveredCourse(plan: try plan ?? Objects.plan(), records: records)
  }

  private func session(
    _ fraction: Int, _ date: String, _ metersets: [Int: Double] = [1: 100, 2: 150],
    type: String = "TREATMENT"
  ) throws -> TreatmentRecord {
    try Objects.record(
      date,
      metersets.sorted { $0.key < $1.key }.map {
        (fraction: fraction, beam: $0.key, delivered: $0.value, type: type)
      })
  }

  @Test("whole fractions count, the last day is the last fraction's")
  func whole() throws {
    let delivered = try count([session(1, "20200420"), session(2, "20200422")])
    #expect(delivered.wholeFractions == 2)
    #expect(delivered.first?.iso == "2020-04-20")
    #expect(delivered.last?.iso == "2020-04-22")
  }

  @Test("a continuation belongs to the fraction that it ends")
  func continuation() throws {
    let delivered = try count([
      session(1, "20200420", [1: 100, 2: 60]),
      session(1, "20200421", [2: 90], type: "CONTINUATION"),
    ])
    #expect(delivered.fractions.count == 1)
    #expect(delivered.wholeFractions == 1)
    #expect(delivered.last?.iso == "2020-04-21")
  }

  @Test("two fractions a day are two")
  func twiceDaily() throws {
    let delivered = try count([session(1, "20200420"), session(2, "20200420")])
    #expect(delivered.wholeFractions == 2)
  }

  @Test("setup images are no fraction")
  func setup() throws {
    let delivered = try count([session(1, "20200420", [9: 5], type: "SETUP")])
    #expect(delivered.fractions.isEmpty)
  }

  @Test("a session that gave nothing is no fraction")
  func nothing() throws {
    let delivered = try count([session(1, "20200420", [1: 0, 2: 0])])
    #expect(delivered.fractions.isEmpty)
  }

  @Test("the same record twice is too much, not two fractions")
  func repeated() throws {
    let delivered = try count([session(1, "20200420"), session(1, "20200421")])
    #expect(delivered.wholeFractions == 0)
    let deviation = try #require(delivered.fractions.first?.deviations.first)
    #expect(deviation.beam == 1)
    #expect(deviation.planned == 100)
    #expect(deviation.delivered == 200)
  }

  @Test("a missing beam makes a fraction a part", arguments: [[1: 100.0], [1: 100.0, 2: 145.0]])
  func partial(metersets: [Int: Double]) throws {
    let delivered = try count([session(1, "20200420", metersets)])
    #expect(delivered.wholeFractions == 0)
    #expect(delivered.fractions.first?.deviations.first?.beam == 2)
  }

  @Test("two per cent of a meterset is what a machine may miss")
  func tolerance() throws {
    let delivered = try count([session(1, "20200420", [1: 101.9, 2: 147.1])])
    #expect(delivered.wholeFractions == 1)
  }

  @Test("a beam that the plan has not is named")
  func unknownBeam() throws {
    let delivered = try count([session(1, "20200420", [1: 100, 2: 150, 7: 20])])
    #expect(delivered.unknownBeams == [7])
  }
}

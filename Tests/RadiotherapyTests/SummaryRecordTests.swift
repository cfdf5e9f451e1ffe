import DICOM
import Radiotherapy
import Testing

@Suite("Treatment summary records") struct SummaryRecordTests {
  @Test("what pydicom wrote is what is read")
  func values() throws {
    let summary = try SummaryRecord(of: Fixture.file("summary-completed"))
    #expect(summary.status == .completed)
    #expect(summary.referencedPlans.count == 1)
    #expect(summary.firstDate?.iso == "2017-01-20")
    #expect(summary.mostRecentDate?.iso == "2017-03-02")
    #expect(summary.planned == 30)
    #expect(summary.delivered == 30)
    #expect(summary.brachytherapyFractions == 0)
    let group = try #require(summary.groups.first)
    #expect(group.type == "EXTERNAL_BEAM")
    #expect(group.number == 1)
    #expect(group.fractions.count == 30)
    #expect(group.fractions.last?.number == 30)
    #expect(group.fractions.last?.date?.iso == "2017-03-02")
    #expect(group.fractions.allSatisfy { $0.termination == "NORMAL" })
    let dose = try #require(summary.doses.first)
    #expect(summary.doses.count == 1)
    #expect(dose.gray == 60)
    #expect(dose.reference == 1)
    #expect(dose.description == "PTV60")
    #expect(!dose.isMeasured)
  }

  @Test("without records a summary that says COMPLETED is evidence")
  func alone() throws {
    let inventory = try Inventory(paths: [
      Fixture.course("head-neck"), Fixture.path("summary-completed"),
    ])
    let plan = try #require(inventory.plans.first)
    let evidence = try #require(
      SummaryEvidence(plan: plan, summaries: inventory.summaries, counted: nil))
    #expect(evidence.contradictions.isEmpty)
    #expect(evidence.completion?.fractions == 30)
    #expect(evidence.completion?.date.iso == "2017-03-02")
  }

  @Test("summaries and records of one treatment agree, whenever the summary was made")
  func agreement() throws {
    let inventory = try Inventory(paths: [
      Fixture.course("head-neck"), Fixture.path("summary-completed"),
      Fixture.path("summary-day-15"),
    ])
    let plan = try #require(inventory.plans.first)
    let counted = DeliveredCourse(plan: plan, records: inventory.records)
    let both = try #require(
      SummaryEvidence(plan: plan, summaries: inventory.summaries, counted: counted))
    #expect(both.contradictions.isEmpty)
    #expect(both.record.delivered == 30)
    let early = inventory.summaries.filter { $0.status == .onTreatment }
    let evidence = try #require(
      SummaryEvidence(plan: plan, summaries: early, counted: counted))
    #expect(evidence.contradictions.isEmpty)
    #expect(evidence.isSuperseded)
    #expect(evidence.completion == nil)
  }

  /// A summary of the plan that `Objects` makes: 2 fractions of 2 Gy.
  static func summary(
    _ uid: String = "1.2.3.500", status: String = "COMPLETED", delivered: Int? = 2,
    planned: Int = 2, first: String? = "20200420", last: String? = "20200422",
    listed: [(number: Int, date: String, ending: String)] = [], gray: Double? = nil,
    plans: [String] = ["1.2.3.100"]
  ) throws -> SummaryRecord {
    try SummaryRecord(
      of: Objects.file { set in
        try set.set(.sopClassUID, SOPClass.rtTreatmentSummaryRecord)
        try set.set(.sopInstanceUID, uid)
        set.set(
          .referencedRTPlanSequence,
          items: try plans.map {
            var item = DataSet()
            try item.set(.referencedSOPInstanceUID, $0)
            return item
          })
        try set.set(.currentTreatmentStatus, status)
        if let first { try set.set(.firstTreatmentDate, first) }
        if let last { try set.set(.mostRecentTreatmentDate, last) }
        var group = DataSet()
        try group.set(.numberOfFractionsPlanned, integer: planned)
        if let delivered { try group.set(.numberOfFractionsDelivered, integer: delivered) }
        group.set(
          .fractionStatusSummarySequence,
          items: try listed.map { fraction in
            var item = DataSet()
            try item.set(.referencedFractionNumber, integer: fraction.number)
            try item.set(.treatmentDate, fraction.date)
            try item.set(.treatmentTerminationStatus, fraction.ending)
            return item
          })
        set.set(.fractionGroupSummarySequence, items: [group])
        if let gray {
          var dose = DataSet()
          try dose.set(.cumulativeDoseToDoseReference, decimals: [gray])
          try dose.set(.referencedDoseReferenceNumber, integer: 1)
          set.set(.treatmentSummaryCalculatedDoseReferenceSequence, items: [dose])
        }
      })
  }

  private static func day(_ dicom: String) throws -> CalendarDate {
    try #require(CalendarDate(dicom: dicom))
  }

  private func contradictions(
    _ summaries: [SummaryRecord], records: [TreatmentRecord] = []
  ) throws -> [SummaryEvidence.Contradiction] {
    let plan = try Objects.plan()
    let counted = records.isEmpty ? nil : DeliveredCourse(plan: plan, records: records)
    return try #require(
      SummaryEvidence(plan: plan, summaries: summaries, counted: counted)
    ).contradictions
  }

  private func session(_ fraction: Int, _ date: String) throws -> TreatmentRecord {
    try Objects.record(
      date,
      [
        (fraction: fraction, beam: 1, delivered: 100, type: "TREATMENT"),
        (fraction: fraction, beam: 2, delivered: 150, type: "TREATMENT"),
      ])
  }

  @Test("a summary in itself")
  func alone2() throws {
    #expect(try contradictions([Self.summary(gray: 4)]) == [])
    #expect(try contradictions([Self.summary(planned: 3)]) == [.planned(summary: 3, plan: 2)])
    #expect(
      try contradictions([Self.summary(plans: ["1.2.3.100", "1.2.3.101"])]) == [.severalPlans(2)])
    #expect(
      try contradictions([Self.summary(status: "STOPPED")]) == [.stoppedAfterAll])
    #expect(
      try contradictions([Self.summary(status: "STOPPED", delivered: 1, gray: 2)]) == [])
    #expect(
      try contradictions([Self.summary(gray: 2)])
        == [.dose(reference: "dose reference 1", gray: 2, expected: 4)])
    #expect(
      try contradictions([
        Self.summary(
          delivered: 1, listed: [(1, "20200420", "NORMAL"), (2, "20200422", "NORMAL")])
      ]) == [.listed(2, said: 1)])
    #expect(
      try contradictions([Self.summary(listed: [(2, "20200423", "NORMAL")])])
        == [.listedDate(Self.day("20200423"), said: Self.day("20200422"))])
  }

  @Test("a fraction that broke off counts only where it was ended normally in the end")
  func partial() throws {
    let broken = try Self.summary(
      listed: [(1, "20200420", "NORMAL"), (2, "20200422", "MACHINE")])
    #expect(try contradictions([broken]) == [.partial(fraction: 2, termination: "MACHINE")])
    let continued = try Self.summary(
      listed: [
        (1, "20200420", "NORMAL"), (2, "20200422", "MACHINE"), (2, "20200422", "NORMAL"),
      ])
    #expect(try contradictions([continued]) == [])
  }

  @Test("what is listed counts where no number is said")
  func listed() throws {
    let summary = try Self.summary(
      delivered: nil, last: nil,
      listed: [(1, "20200420", "NORMAL"), (2, "20200422", "NORMAL")])
    #expect(summary.delivered == 2)
    #expect(summary.last?.iso == "2020-04-22")
    let silent = try Self.summary(delivered: nil)
    #expect(silent.delivered == nil)
  }

  @Test("a summary against the records")
  func records() throws {
    let records = [try session(1, "20200420"), try session(2, "20200422")]
    #expect(try contradictions([Self.summary()], records: records) == [])
    #expect(
      try contradictions([Self.summary(delivered: 1)], records: records)
        == [.fractions(summary: 1, records: 2)])
    #expect(
      try contradictions([Self.summary(last: "20200423")], records: records)
        == [.lastDate(summary: Self.day("20200423"), records: Self.day("20200422"))])
    #expect(
      try contradictions([Self.summary(first: "20200419")], records: records)
        == [.firstDate(summary: Self.day("20200419"), records: Self.day("20200420"))])
    // COMPLETED before the last record is no snapshot on the way.
    #expect(
      try contradictions([Self.summary(delivered: 1, last: "20200420")], records: records)
        == [
          .fractions(summary: 1, records: 2),
          .lastDate(summary: Self.day("20200420"), records: Self.day("20200422")),
        ])
    let early = try Self.summary(status: "ON_TREATMENT", delivered: 1, last: "20200420")
    #expect(try contradictions([early], records: records) == [])
    let wrong = try Self.summary(status: "ON_TREATMENT", delivered: 2, last: "20200420")
    #expect(
      try contradictions([wrong], records: records) == [.fractions(summary: 2, records: 1)])
  }

  @Test("several summaries: the latest speaks, and none may take anything back")
  func several() throws {
    let early = try Self.summary(
      "1.2.3.501", status: "ON_TREATMENT", delivered: 1, last: "20200420")
    #expect(try contradictions([Self.summary(), early]) == [])
    let less = try Self.summary("1.2.3.502", delivered: 1, last: "20200424")
    #expect(try contradictions([Self.summary(), less]).contains(.summaries))
    let sameDay = try Self.summary("1.2.3.503", status: "SUSPENDED")
    #expect(try contradictions([Self.summary(), sameDay]).contains(.summaries))
  }

  @Test(
    "only COMPLETED and STOPPED end a treatment",
    arguments: ["NOT_STARTED", "ON_TREATMENT", "ON_BREAK", "SUSPENDED", "DONE", ""])
  func open(status: String) throws {
    let evidence = try #require(
      SummaryEvidence(
        plan: Objects.plan(), summaries: [Self.summary(status: status)], counted: nil))
    #expect(!evidence.hasEnded)
    #expect(evidence.completion == nil)
  }
}

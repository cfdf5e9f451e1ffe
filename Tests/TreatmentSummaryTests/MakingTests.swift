import JSON
import Radiotherapy
import Testing
import TreatmentSummary

@Suite("Making a treatment summary") struct MakingTests {
  static func bundle(_ course: String, _ details: String) throws -> JSON {
    let details = try Fixture.details(details)
    let making = try CourseSummaryMaking(of: Fixture.course(course), details: details)
    return BundleWriting(making.summary, systems: details.systems).bundle()
  }

  /// Certainly before: a day, month or year says no more than it does.
  @Test(
    "moments that are partly known",
    arguments: [
      ("2019", "2020", true), ("2019", "2020-04-23", true), ("2020", "2020-04-23", false),
      ("2020-03", "2020-04-23", true), ("2020-04", "2020-04-23T10:00:00+02:00", false),
      ("2020-04-23", "2020-04-23T10:00:00+02:00", false), ("2020-04-24", "2020-04-23", false),
      ("2020-04-23T10:00:00+02:00", "2020-04-23T08:30:00Z", true), ("yesterday", "2020", false),
    ])
  func partly(a: String, b: String, isBefore: Bool) {
    #expect(FHIRTime.isBefore(a, b) == isBefore)
    if isBefore { #expect(!FHIRTime.isBefore(b, a)) }
  }

  /// A number on another server is not the same number here.
  @Test("references lead to their own server") func servers() {
    var index = ResourceIndex()
    index.add(["resourceType": "Patient", "id": "5"], fullURL: "https://a.example/fhir/Patient/5")
    for known in ["Patient/5", "https://a.example/fhir/Patient/5", "Patient/5/_history/2"] {
      #expect(index[known] != nil, "\(known)")
    }
    #expect(index["https://b.example/fhir/Patient/5"] == nil)
    #expect(index.local("https://b.example/fhir/Patient/6") == nil)
    #expect(index.local("https://a.example/fhir/Patient/6") == "Patient/6")
  }

  /// Computed with Python's uuid module.
  @Test("names give the same UIDs everywhere") func names() {
    let name = SummaryName(
      "course-summary", "https://hospital.example.org/ids/mrn", "SRS0001", "C1")
    #expect(name.uid == "2.25.62542022907932797406351203784208291244")
    #expect(name.fullURL == "urn:uuid:2f0d27cc-e359-572c-9477-9c024e3a15ac")
  }

  @Test(
    "the courses keep every rule, and come back as they were written",
    arguments: [
      ("brain-srs", "details-brain"), ("head-neck", "details-neck"),
    ])
  func roundTrip(course: String, name: String) throws {
    let details = try Fixture.details(name)
    let made = try CourseSummaryMaking(of: Fixture.course(course), details: details).summary
    let bundle = BundleWriting(made, systems: details.systems).bundle()
    #expect(SummaryCheck.findings(in: bundle).filter { $0.severity == .error } == [])
    let read = try BundleReading.summary(in: ResourceIndex(bundle))
    let again = BundleWriting(read, systems: details.systems).bundle()
    let parts = { (json: JSON) in
      (json["entry"]?.arrayValue ?? []).map { $0["resource"]?.sortedByKey }
    }
    #expect(parts(again).count == parts(bundle).count)
    for (old, new) in zip(parts(bundle), parts(again)) { #expect(old == new) }
  }

  /// The chart in Fixtures/courses/brain-srs.json: 18 Gy in 1 fraction to each of two targets.
  @Test("doses are centigray, each volume is one") func doses() throws {
    let summary = try CourseSummaryMaking(
      of: Fixture.course("brain-srs"), details: Fixture.details("details-brain")
    ).summary
    #expect(summary.volumes.map(\.name).sorted() == ["GTV_A", "GTV_B"])
    let treated = try #require(summary.course.treated)
    #expect(treated.status == "completed")
    #expect(treated.sessions == 1)
    #expect(treated.doses.map(\.total?.hundredths) == [180_000, 180_000])
    #expect(treated.doses.map(\.fractions) == [1, 1])
    #expect(treated.start?.hasPrefix("2020-04-23T") == true)
    #expect(treated.start?.hasSuffix("+02:00") == true)
  }

  /// The chart in Fixtures/courses/head-neck.json: 60 and 54 Gy in 30 fractions.
  @Test("thirty fractions are counted from their records") func neck() throws {
    let summary = try CourseSummaryMaking(
      of: Fixture.course("head-neck"), details: Fixture.details("details-neck")
    ).summary
    let plan = try #require(summary.plans.first?.treated)
    #expect(plan.fractions == 30)
    #expect(plan.records.count == 30)
    #expect(plan.doses.compactMap(\.total?.centigray).sorted() == [5400, 6000])
    #expect(
      summary.plans[0].planned?.doses.compactMap(\.perFraction?.centigray).sorted() == [180, 200])
    #expect(plan.end?.hasPrefix("2017-03-02") == true)
  }

  @Test(
    "a status that the records do not bear out is refused",
    arguments: [
      "planned", "in-progress", "stopped", "not-done",
    ])
  func contradicted(status: String) throws {
    var json = try Fixture.json("details-brain")
    json["course"]?["status"] = .string(status)
    let details = try SummaryDetails(json)
    let inventory = try Fixture.course("brain-srs")
    if status == "in-progress" {
      // All is delivered, and whether the course has ended is not ours to say: a note asks.
      let making = try CourseSummaryMaking(of: inventory, details: details)
      #expect(making.notes.contains { $0.contains("'completed'") })
      return
    }
    let error = try #require(throws: SummaryError.self) {
      try CourseSummaryMaking(of: inventory, details: details)
    }
    guard case .status(status, _) = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test("a key that nobody knows is named") func unknownKey() throws {
    var json = try Fixture.json("details-brain")
    json["course"]?["stauts"] = "completed"
    let error = try #require(throws: JSONShapeError.self) { try SummaryDetails(json) }
    #expect(error.description.contains("'course.stauts'"))
  }

  @Test(
    "what is missing or wrong is named with its key",
    arguments: [
      ("identifierSystems", "'identifierSystems' is missing"),
      ("course", "'course' is missing"),
    ])
  func missing(key: String, text: String) throws {
    var json = try Fixture.json("details-brain")
    json[key] = nil
    let error = try #require(throws: JSONShapeError.self) { try SummaryDetails(json) }
    #expect(error.description == text)
  }

  @Test("the template is read by what it is a template of") func template() throws {
    let details = try SummaryDetails(SummaryDetails.template)
    #expect(details.courseName == "C1 SRS Brain")
    let keys = Set(SummaryDetails.template.objectValue?.keys ?? [])
    // A source has no energy, so that one stands in its place.
    #expect(keys.union(["isotope"]) == Set(SummaryDetails.keys))
    for key in SummaryDetails.keys {
      #expect(SummaryDetails.meanings.contains { $0.key.contains(key) }, "\(key)")
    }
  }

  @Test("a volume that no plan has is refused by name") func unknownVolume() throws {
    var json = try Fixture.json("details-brain")
    json["volumes"] = ["GTV_C": ["morphology": "GTV"]]
    let details = try SummaryDetails(json)
    let error = try #require(throws: SummaryError.self) {
      try CourseSummaryMaking(of: Fixture.course("brain-srs"), details: details)
    }
    #expect(error.description.contains("volumes.GTV_C"))
  }

  @Test(
    "times have the offset of their day",
    arguments: [
      ("Europe/Berlin", "2020-04-23", "+02:00"), ("Europe/Berlin", "2020-01-23", "+01:00"),
      ("-03:30", "2020-01-23", "-03:30"), ("America/St_Johns", "2020-07-01", "-02:30"),
    ])
  func offsets(zone: String, day: String, offset: String) throws {
    let zone = try #require(TimeOffset(zone))
    #expect(FHIRTime.offset(of: zone, on: day) == offset)
  }

  @Test(
    "dates and times of FHIR",
    arguments: [
      ("2020", true), ("2020-04", true), ("2020-04-23", true), ("2020-02-30", false),
      ("2020-04-23T10:00:00+02:00", true), ("2020-04-23T10:00:00Z", true),
      ("2020-04-23T10:00:00.5Z", true), ("2020-04-23T10:00:00", false),
      ("2020-04-23T10:00Z", false),
      ("2020-04-23 10:00:00Z", false), ("", false), ("20200423", false), ("2020-13", false),
      ("2020-04-23T10:00:00+02", false), ("2020-04-23T10:00:00.Z", false),
    ])
  func moments(text: String, isRight: Bool) {
    #expect(FHIRTime.isDateTime(text) == isRight)
  }
}

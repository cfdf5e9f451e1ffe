import JSON
import Testing
import TreatmentSummary

@Suite("A dose map beside a summary") struct DoseMapLinksTests {
  static let links = DoseMapLinks(
    studyUID: "2.999.1", started: "2020-04-20",
    series: [
      .init(
        uid: "2.999.1.1", modality: "OT", description: "RT_18Gy_1Fx_04.23.2020",
        instances: [
          .init(uid: "2.999.1.1.1", sopClass: "1.2.840.10008.5.1.4.1.1.7"),
          .init(uid: "2.999.1.1.2", sopClass: "1.2.840.10008.5.1.4.1.1.7"),
        ]),
      .init(
        uid: "2.999.1.2", modality: "PR", description: "RT_18Gy_1Fx_04.23.2020 lines",
        instances: [.init(uid: "2.999.1.2.1", sopClass: "1.2.840.10008.5.1.4.1.1.11.1")]),
    ], date: "2020-04-24T08:00:00Z", web: "https://pacs.example/dicom-web")

  private func bundle(_ links: DoseMapLinks?) throws -> JSON {
    let details = try Fixture.details("details-brain")
    let summary = try CourseSummaryMaking(of: Fixture.course("brain-srs"), details: details).summary
    return BundleWriting(summary, systems: details.systems).bundle(with: links)
  }

  private func resources(_ bundle: JSON, _ type: String) -> [JSON] {
    (bundle["entry"]?.arrayValue ?? []).compactMap { $0["resource"] }
      .filter { $0["resourceType"]?.stringValue == type }
  }

  @Test("the rules hold, and nothing of the course changes") func rules() throws {
    let bundle = try bundle(Self.links)
    #expect(SummaryCheck.findings(in: bundle).filter { $0.severity == .error } == [])
    let read = try BundleReading.summary(in: ResourceIndex(bundle))
    #expect(try read == BundleReading.summary(in: ResourceIndex(self.bundle(nil))))
  }

  @Test("course, document and study name one another, with every instance") func links() throws {
    let bundle = try bundle(Self.links)
    let entries = bundle["entry"]?.arrayValue ?? []
    func url(_ type: String) throws -> String {
      let entry = entries.first { $0["resource"]?["resourceType"]?.stringValue == type }
      return try #require(entry?["fullUrl"]?.stringValue)
    }
    let study = try #require(resources(bundle, "ImagingStudy").first)
    let document = try #require(resources(bundle, "DocumentReference").first)
    let course = try #require(resources(bundle, "Procedure").first { $0["report"] != nil })
    #expect(course["report"]?[0]?["reference"]?.stringValue == (try url("DocumentReference")))
    #expect(
      document["context"]?["related"]?[0]?["reference"]?.stringValue == (try url("ImagingStudy")))
    #expect(
      document["content"]?[0]?["attachment"]?["url"]?.stringValue
        == "https://pacs.example/dicom-web/studies/2.999.1/series/2.999.1.1")
    #expect(study["numberOfSeries"]?.integerValue == 2)
    #expect(study["numberOfInstances"]?.integerValue == 3)
    #expect(
      study["series"]?.arrayValue?.map { $0["uid"]?.stringValue } == ["2.999.1.1", "2.999.1.2"])
    let procedure = study["procedureReference"]?["reference"]?.stringValue
    let owner = entries.first { $0["fullUrl"]?.stringValue == procedure }
    #expect(owner?["resource"]?["report"] != nil)
  }

  @Test("the condition cannot find an ImagingStudy of somebody else") func condition() throws {
    let entries = try bundle(Self.links)["entry"]?.arrayValue ?? []
    let entry = entries.first { $0["resource"]?["resourceType"]?.stringValue == "ImagingStudy" }
    #expect(
      entry?["request"]?["url"]?.stringValue
        == "ImagingStudy?identifier=urn:push2pacs:imaging-study%7C2.999.1")
  }

  @Test("earlier maps stay in the study and in the course's reports") func earlier() throws {
    var links = Self.links
    links.earlierSeries = try [
      JSON(
        parsing: Array(
          #"{"uid":"2.999.1.8","modality":{"code":"OT"},"instance":[{"uid":"2.999.1.8.1"}]}"#.utf8)),
      JSON(parsing: Array(#"{"uid":"2.999.1.1","modality":{"code":"XX"},"instance":[]}"#.utf8)),
    ]
    let study = try #require(resources(bundle(links), "ImagingStudy").first)
    #expect(
      study["series"]?.arrayValue?.map { $0["uid"]?.stringValue } == [
        "2.999.1.8", "2.999.1.1", "2.999.1.2",
      ])
    #expect(study["numberOfSeries"]?.integerValue == 3)
    #expect(study["numberOfInstances"]?.integerValue == 4)
    let reporting = DoseMapLinks.reporting(
      [["reference": "DocumentReference/4"]], in: try bundle(Self.links))
    let course = try #require(resources(reporting, "Procedure").first { $0["report"] != nil })
    #expect(course["report"]?.arrayValue?.count == 2)
  }

  @Test("an ImagingStudy of the server's own is referred to and not sent") func known() throws {
    var links = Self.links
    links.knownStudy = "ImagingStudy/7"
    let bundle = try bundle(links)
    #expect(resources(bundle, "ImagingStudy") == [])
    let document = try #require(resources(bundle, "DocumentReference").first)
    #expect(
      document["context"]?["related"]?[0]?["reference"]?.stringValue == "ImagingStudy/7")
    #expect(SummaryCheck.findings(in: bundle).filter { $0.severity == .error } == [])
  }
}

import DICOM
import Radiotherapy
import Testing

@Suite("Files that cannot be read: do they belong to the course?") struct RelevanceTests {
  /// The course in Fixtures/courses/brain-srs: an MR in the dose's own frame.
  private static func brain(_ request: CourseRequest = CourseRequest()) throws -> (
    Course, Inventory
  ) {
    let inventory = try Inventory(paths: [Fixture.course("brain-srs")])
    return (try Course(from: inventory, request: request), inventory)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let isPossible: Bool
    let remains: @Sendable (Course, inout BrokenFile.Remains) -> Void
  }

  static let cases: [Case] = [
    .init(testDescription: "nothing can be read", isPossible: true) { _, _ in },
    .init(testDescription: "another patient", isPossible: false) { _, it in
      it.patientID = "P2P-7777"
    },
    .init(testDescription: "an image of the scan", isPossible: true) { course, it in
      it.sopClassUID = SOPClass.mrImage
      it.seriesInstanceUID = course.scan.seriesInstanceUID
    },
    .init(testDescription: "an image of another series", isPossible: false) { _, it in
      it.sopClassUID = SOPClass.mrImage
      it.seriesInstanceUID = "1.2.3"
    },
    .init(testDescription: "an image of the scan's modality, series unknown", isPossible: true) {
      _, it in
      it.sopClassUID = SOPClass.mrImage
      it.modality = "MR"
    },
    .init(testDescription: "an image of another modality, series unknown", isPossible: false) {
      _, it in
      it.modality = "CT"
    },
    .init(testDescription: "an image of another study, series unknown", isPossible: false) {
      _, it in
      it.modality = "MR"
      it.studyInstanceUID = "1.2.3"
    },
    .init(testDescription: "a dose", isPossible: true) { _, it in it.sopClassUID = SOPClass.rtDose
    },
    .init(testDescription: "another file of the dose", isPossible: false) { course, it in
      it.sopClassUID = SOPClass.rtDose
      it.sopInstanceUID = course.dose.identity.sopInstanceUID
    },
    .init(testDescription: "a dose of a plan that is not here", isPossible: true) { _, it in
      it.sopClassUID = SOPClass.rtDose
      it.referencedPlans = ["1.2.3"]
    },
    .init(testDescription: "another plan", isPossible: true) { _, it in
      it.sopClassUID = SOPClass.rtPlan
      it.sopInstanceUID = "1.2.3"
    },
    .init(testDescription: "another file of the plan", isPossible: false) { course, it in
      it.sopClassUID = SOPClass.rtPlan
      it.sopInstanceUID = course.plan?.identity.sopInstanceUID
    },
    .init(testDescription: "a record", isPossible: true) { _, it in it.modality = "RTRECORD" },
    .init(testDescription: "a treatment summary", isPossible: true) { _, it in
      it.sopClassUID = SOPClass.rtTreatmentSummaryRecord
    },
    .init(testDescription: "the plan's structure set", isPossible: true) { course, it in
      it.sopClassUID = SOPClass.rtStructureSet
      it.sopInstanceUID = course.plan?.referencedStructureSets.first?.sopInstanceUID
    },
    .init(testDescription: "another structure set", isPossible: false) { _, it in
      it.sopClassUID = SOPClass.rtStructureSet
      it.sopInstanceUID = "1.2.3"
    },
    .init(testDescription: "some structure set", isPossible: true) { _, it in
      it.modality = "RTSTRUCT"
    },
    .init(testDescription: "a registration, though none is needed", isPossible: false) { _, it in
      it.sopClassUID = SOPClass.spatialRegistration
    },
    .init(testDescription: "an object that no map is made from", isPossible: false) { _, it in
      it.sopClassUID = SOPClass.secondaryCapture
    },
    .init(testDescription: "a modality that no map is made from", isPossible: false) { _, it in
      it.modality = "SR"
    },
    .init(testDescription: "only the scan's series is known", isPossible: true) { course, it in
      it.seriesInstanceUID = course.scan.seriesInstanceUID
    },
  ]

  @Test("what is left of a file decides", arguments: cases)
  func rule(of given: Case) throws {
    let (course, inventory) = try Self.brain()
    var remains = BrokenFile.Remains()
    given.remains(course, &remains)
    let file = BrokenFile(.unreadable(path: "elsewhere/stray", reason: "broken"), remains: remains)
    #expect(file.relevance(to: course, among: inventory).isPossible == given.isPossible)
  }

  @Test("with a dose chosen by its UID another one is not needed")
  func chosen() throws {
    let (course, _) = try Self.brain()
    var request = CourseRequest()
    request.dose = course.dose.identity.sopInstanceUID
    let (again, inventory) = try Self.brain(request)
    var remains = BrokenFile.Remains()
    remains.sopClassUID = SOPClass.rtDose
    remains.sopInstanceUID = "1.2.3"
    let file = BrokenFile(.unreadable(path: "stray", reason: "broken"), remains: remains)
    #expect(!file.relevance(to: again, among: inventory).isPossible)
  }

  @Test("a file of which nothing is left is taken for what lies around it")
  func neighbours() throws {
    var request = CourseRequest()
    let (course, _) = try Self.brain()
    request.dose = course.dose.identity.sopInstanceUID
    request.image = course.scan.seriesInstanceUID
    let frames = Fixture.course("head-neck")
    let inventory = try Inventory(paths: [Fixture.course("brain-srs"), frames])
    let both = try Course(from: inventory, request: request)
    // That folder holds plan, dose and records beside the images: it could be any of them.
    let stray = BrokenFile(.unreadable(path: "\(frames)/stray", reason: "broken"))
    #expect(stray.relevance(to: both, among: inventory).isPossible)
  }
}

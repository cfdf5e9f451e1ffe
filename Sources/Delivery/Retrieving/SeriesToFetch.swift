import DICOM
import DIMSE
import Files

/// A series that is being fetched: what the archive lists of it, and what is still to come.
struct SeriesToFetch {
  let study: String
  let series: String
  /// As the archive tells it; each instance must say the same.
  let patientID: String?
  /// Instances by UID, with their SOP classes where the archive tells them.
  let listed: [String: String]
  var waiting: Set<String>
  let folder: String
  /// Whether not one instance of it was asked for alone.
  let isAskedForWhole: Bool

  /// Asks which instances the series has, and looks which ones are there.
  init(
    _ match: ArchiveSearch.Match, instance: String?, in folder: String,
    _ questions: ArchiveQuestions
  ) throws(DeliveryError) {
    guard let study = match.string(.studyInstanceUID), study.isPlainUID,
      let series = match.string(.seriesInstanceUID), series.isPlainUID
    else { throw .foreign("the archive names a series by something that is no UID") }
    self.study = study
    self.series = series
    patientID = match.string(.patientID)
    self.folder = FilePath.joined(FilePath.joined(folder, study), series)
    isAskedForWhole = instance == nil
    var listed: [String: String] = [:]
    for answer in try questions.images(study: study, series: series) {
      guard let uid = answer.string(.sopInstanceUID) else { continue }
      guard uid.isPlainUID else {
        throw .foreign("the archive names an instance by something that is no UID")
      }
      if instance == nil || uid == instance { listed[uid] = answer.string(.sopClassUID) ?? "" }
    }
    self.listed = listed
    waiting = []
    for uid in listed.keys where !isThere(uid) { waiting.insert(uid) }
  }

  /// Whether few enough instances are left to name them one by one.
  var isBestAskedForWhole: Bool {
    isAskedForWhole && (waiting.count == listed.count || waiting.count > 512)
  }

  func path(of sopInstanceUID: String) -> String {
    FilePath.joined(folder, sopInstanceUID + ".dcm")
  }

  func request(whole: Bool, spool: String) -> RetrieveRequest {
    var classes = Set(waiting.compactMap { listed[$0] })
    if classes.remove("") != nil || classes.isEmpty { classes = Set(StorageClasses.usual) }
    return RetrieveRequest(
      study: study, series: series, instances: whole ? [] : waiting.sorted(),
      expected: whole ? listed.count : waiting.count, classes: classes.sorted(),
      syntaxes: NegotiationTable.fetching, spool: spool)
  }

  /// Whether an instance is there, and whole.
  private func isThere(_ sopInstanceUID: String) -> Bool {
    let path = path(of: sopInstanceUID)
    return FolderListing.exists(path) && objection(to: path, sopInstanceUID: sopInstanceUID) == nil
  }

  /// Why a file is not the instance that it should be; `nil` where it is.
  func objection(to path: String, sopInstanceUID: String) -> String? {
    let file: DICOMFile
    do { file = try DICOMFile.read(path: path) } catch { return "is no data set" }
    if let damage = file.damage { return "is damaged: \(damage)" }
    if file.dataSet.string(.sopInstanceUID) != sopInstanceUID {
      return "holds another instance than the archive said"
    }
    if file.dataSet.string(.studyInstanceUID) != study
      || file.dataSet.string(.seriesInstanceUID) != series
    {
      return "is of another study or series"
    }
    if let patientID, file.dataSet.string(.patientID) != patientID {
      return "is of another patient than the archive said"
    }
    return nil
  }
}

extension String {
  /// Whether it can be the name of a file: digits and points, no more than a UID has.
  var isPlainUID: Bool {
    (1...64).contains(utf8.count) && first != "." && VR.UI.permits(self)
      && utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
  }

  /// What can be shown of what should be a UID.
  var printableUID: String { isPlainUID ? self : "(no UID)" }
}

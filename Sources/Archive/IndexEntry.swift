import DICOM
import DIMSE

/// What the archive knows of an instance without opening its file.
struct IndexEntry: Sendable {
  private(set) var path: String
  let sopClassUID: String
  let sopInstanceUID: String
  let patientID: String
  let studyUID: String
  let seriesUID: String
  let transferSyntax: TransferSyntax
  /// Where the data set begins in the file.
  let bodyOffset: Int
  let byteCount: Int
  /// The attributes that queries ask for.
  let attributes: DataSet

  /// Why a file cannot be kept.
  enum Refusal: Error, Equatable {
    case missing(Tag)
    case damaged(String)
  }

  init(_ file: DICOMFile, path: String) throws(Refusal) {
    if let damage = file.damage { throw .damaged("\(damage)") }
    func required(_ tag: Tag) throws(Refusal) -> String {
      guard let value = file.dataSet.string(tag) else { throw .missing(tag) }
      return value
    }
    self.path = path
    sopClassUID = try required(.sopClassUID)
    sopInstanceUID = try required(.sopInstanceUID)
    studyUID = try required(.studyInstanceUID)
    seriesUID = try required(.seriesInstanceUID)
    patientID = file.dataSet.string(.patientID) ?? ""
    transferSyntax = file.transferSyntax
    bodyOffset = file.bodyOffset
    byteCount = file.byteCount
    var kept = DataSet()
    for element in file.dataSet.elements where QueryAttributes.level(of: element.tag) != nil {
      // A copy of its own: a slice would keep the whole header in memory.
      guard let bytes = element.bytes, bytes.count <= 1024 else { continue }
      kept.set(Element(tag: element.tag, vr: element.vr, value: .bytes(Array(bytes)[...])))
    }
    attributes = kept
  }

  /// The same instance at another place.
  func moved(to path: String) -> IndexEntry {
    var moved = self
    moved.path = path
    return moved
  }

  /// What tells things of a level apart.
  func key(_ level: QueryLevel) -> String {
    switch level {
    case .patient: patientID
    case .study: studyUID
    case .series: seriesUID
    case .image: sopInstanceUID
    }
  }
}

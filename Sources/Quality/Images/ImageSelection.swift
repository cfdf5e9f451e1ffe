package import DICOM
package import Radiotherapy
import Workers

/// The images in some folders that can be sent as they are, and what was passed over.
package struct ImageSelection: Sendable {
  package struct Image: Sendable {
    package let path: String
    package let identity: ObjectIdentity
    package let byteCount: Int
    let instanceNumber: Int
    let accessionNumber: String?
    let studyDate: CalendarDate?
    let seriesNumber: Int
  }

  /// By study, series and number.
  package private(set) var images: [Image] = []
  /// Objects that are no images, by SOP class.
  package private(set) var others: [String: Int] = [:]
  package private(set) var skipped = 0
  /// What cannot be read, or sent as it is, and why.
  package private(set) var broken: [String] = []
  /// Dose maps of this program: they go their own way.
  package private(set) var maps: [String] = []

  private enum Found: Sendable {
    case image(Image)
    case map(String)
    case other(String)
    case notDICOM
    case broken(String)
  }

  /// Looks through paths.
  ///
  /// - Parameter only: SOP Instance UIDs that are taken alone.
  /// - Throws: where a path is not there.
  package init(
    paths: [String], only: Set<String>? = nil, software: String,
    progress: (@Sendable () -> Void)? = nil
  ) throws(FileError) {
    let walk = try FileWalk(paths: paths)
    let files = walk.files
    broken = walk.unreadable.map { "\($0)" }
    let found = inParallel(files.count) { index in
      defer { progress?() }
      return Self.look(at: files[index], software)
    }
    var seen: Set<String> = []
    for found in found {
      switch found {
      case .image(let image):
        guard only?.contains(image.identity.sopInstanceUID) ?? true,
          seen.insert(image.identity.sopInstanceUID).inserted
        else { continue }
        images.append(image)
      case .map(let path): maps.append(path)
      case .other(let sopClass): others[sopClass, default: 0] += 1
      case .notDICOM: skipped += 1
      case .broken(let reason): broken.append(reason)
      }
    }
    images.sort {
      let a = ($0.identity.studyInstanceUID, $0.identity.seriesInstanceUID, $0.instanceNumber)
      let b = ($1.identity.studyInstanceUID, $1.identity.seriesInstanceUID, $1.instanceNumber)
      return a == b ? $0.identity.sopInstanceUID < $1.identity.sopInstanceUID : a < b
    }
  }

  private static let storageRoot = "1.2.840.10008.5.1.4.1.1."

  private static func look(at path: String, _ software: String) -> Found {
    let file: DICOMFile
    do { file = try DICOMFile.read(path: path) } catch {
      if case .notDICOM = error { return .notDICOM }
      return .broken("\(error)")
    }
    // What breaks off may have been an image, and the one that matters.
    if let damage = file.damage { return .broken("\(path): \(damage)") }
    let sopClass = file.identifier(.sopClassUID) ?? ""
    let isDose = sopClass == storageRoot + "481.2"
    guard file.dataSet.contains(.pixelData), !isDose else { return .other(sopClass) }
    guard sopClass.hasPrefix(storageRoot) else { return .other(sopClass) }
    if file.dataSet.string(.manufacturer) == software { return .map(path) }
    guard file.dataSet.contains(.sopClassUID), file.dataSet.contains(.sopInstanceUID) else {
      return .broken("\(path): SOP Class or Instance UID is missing from the data set")
    }
    do {
      return .image(
        Image(
          path: path, identity: try ObjectIdentity(of: file), byteCount: file.byteCount,
          instanceNumber: (try? file.dataSet.integer(.instanceNumber)) ?? 0,
          accessionNumber: file.dataSet.string(.accessionNumber),
          studyDate: try? file.dataSet.date(.studyDate),
          seriesNumber: (try? file.dataSet.integer(.seriesNumber)) ?? 0))
    } catch { return .broken("\(error)") }
  }

  /// In what the images disagree about the patient; empty where it is one.
  package var differences: Set<PatientIdentity.Difference> {
    guard let first = images.first?.identity.patient else { return [] }
    return images.reduce(into: []) { $0.formUnion($1.identity.patient.differences(from: first)) }
  }
}

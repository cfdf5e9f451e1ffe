import DICOM
import Digest
import Files
import Radiotherapy
import Workers

/// A digest of everything that a map was made from: other bytes, other UIDs.
enum InputDigest {
  /// SHA-256 over the digests of doses, plans, records, summaries, registrations and every image, in the order
  /// in which they are used; names and folders do not count.
  ///
  /// - Parameter withStructures: whether structures are drawn, so that their files count as well.
  static func hex(of course: Course, withStructures: Bool = false) throws(FileError) -> String {
    var paths = course.doseParts.map(\.identity.path)
    paths += course.plans.compactMap(\.plan).map(\.identity.path)
    paths += course.registrations.map(\.identity.path)
    if withStructures { paths += course.structureSets.map(\.identity.path) }
    paths += (course.records.map(\.identity) + course.summaries.map(\.identity)).sorted {
      $0.sopInstanceUID < $1.sopInstanceUID
    }
    .map(\.path)
    var seen: Set<String> = []
    paths += course.scan.slices.map(\.identity.path).filter { seen.insert($0).inserted }
    let files = paths
    let digests = inParallel(files.count) { index -> Result<[UInt8], FileTrouble> in
      Result { () throws(FileTrouble) in
        SHA256.digest(try PrivateFile.readRegular(files[index], atMost: .max))
      }
    }
    var all = SHA256()
    for digest in digests {
      switch digest {
      case .success(let bytes): all.update(bytes)
      case .failure(let trouble):
        throw .unreadable(path: trouble.path, reason: trouble.reason)
      }
    }
    return Hex.text(all.finish())
  }
}

package import DICOM
import Digest
import Files
package import Radiotherapy
import Workers

/// A digest of everything that a map was made from: other bytes, other UIDs.
package enum InputDigest {
  /// SHA-256 over the digests of doses, plans, records, summaries, registrations and every image, in the order
  /// in which they are used; names and folders do not count.
  ///
  /// - Parameter withStructures: whether structures are drawn, so that their files count as well.
  package static func hex(of course: Course, withStructures: Bool = false) throws(FileError)
    -> String
  {
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
    let groups = stride(from: 0, to: paths.count, by: group).map {
      Array(paths[$0..<min($0 + group, paths.count)])
    }
    let digests = inParallel(groups.count) { index -> Result<[[UInt8]], FileTrouble> in
      Result { () throws(FileTrouble) in try self.digests(of: groups[index]) }
    }
    var all = SHA256()
    for digest in digests {
      switch digest {
      case .success(let digests): for digest in digests { all.update(digest) }
      case .failure(let trouble):
        throw .unreadable(path: trouble.path, reason: trouble.reason)
      }
    }
    return Hex.text(all.finish())
  }

  /// So many files are taken in beside each other.
  private static let group = 4
  /// Larger files are read piece by piece.
  private static let mostHeld = 4 << 20

  private static func digests(of paths: [String]) throws(FileTrouble) -> [[UInt8]] {
    var digests = [[UInt8]](repeating: [], count: paths.count)
    var held: [(index: Int, bytes: [UInt8])] = []
    for (index, path) in paths.enumerated() {
      do {
        held.append((index, try PrivateFile.readRegular(path, atMost: mostHeld)))
      } catch {
        guard error.isTooLarge else { throw error }
        var hash = SHA256()
        try PrivateFile.readPieces(path, followsLinks: true) { hash.update($0) }
        digests[index] = hash.finish()
      }
    }
    for (file, digest) in zip(held, SHA256.digests(of: held.map(\.bytes))) {
      digests[file.index] = digest
    }
    return digests
  }
}

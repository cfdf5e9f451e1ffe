import Digest
import Files
import JSON

/// An audit log that was read again, and whether its chain holds.
package struct AuditChain: Sendable {
  package let records: [AuditRecord]
  /// The first line that does not follow from the one before it, from 1.
  package let brokenAt: Int?
  /// A last line that a crash has torn.
  package let isTorn: Bool
  /// The digest of the last line: noted elsewhere, it shows later that nothing was cut off.
  package let lastDigest: String

  /// - Throws: where there is a file that cannot be read. No file is an empty log.
  package init(readingFrom path: String) throws(AuditError) {
    var bytes: [UInt8] = []
    if FolderListing.exists(path) {
      do { bytes = try PrivateFile.readRegular(path, atMost: 256 << 20) } catch {
        throw .file(error)
      }
    }
    self.init(bytes)
  }

  init(_ bytes: [UInt8]) {
    let newline = UInt8(ascii: "\n")
    let end = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
    isTorn = end < bytes.count
    var records: [AuditRecord] = []
    var brokenAt: Int?
    var previous = AuditLog.beginning
    var number = 0
    var start = 0
    while start < end {
      let stop = bytes[start..<end].firstIndex(of: newline) ?? end
      number += 1
      // Bytes, not text: what is no UTF-8 must not be mended before it is judged.
      let line = bytes[start..<stop]
      start = stop + 1
      let document = try? JSON(parsing: Array(line))
      let record = document.flatMap(AuditRecord.init)
      let follows =
        document?["number"]?.integerValue == number
        && document?["previous"]?.stringValue == previous
      if let record { records.append(record) }
      if record == nil || !follows, brokenAt == nil { brokenAt = number }
      previous = SHA256.hex(line)
    }
    self.records = records
    self.brokenAt = brokenAt
    lastDigest = previous
  }
}

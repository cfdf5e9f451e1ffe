package import DICOM
import Digest
import Files
package import Quality

/// One instance of a stage, read and proven to be what was confirmed.
package struct StagedInstance: Sendable {
  package let entry: Manifest.Instance
  package let file: DICOMFile
  private let bytes: [UInt8]

  /// - Throws: where the file is not, byte for byte, the one that the manifest names.
  package init(_ entry: Manifest.Instance, of stage: Stage) throws(DeliveryError) {
    self.entry = entry
    do { bytes = try PrivateFile.read(stage.file(entry.file), atMost: 1 << 31) } catch {
      throw .disk(error)
    }
    guard SHA256.hex(bytes) == entry.sha256 else { throw .stage(.changed(file: entry.file)) }
    do { file = try DICOMFile.read(bytes: bytes, path: entry.file) } catch { throw .file(error) }
  }

  /// The data set's bytes in a transfer syntax that the archive has accepted.
  package func body(in syntax: TransferSyntax) throws(DeliveryError) -> [UInt8] {
    if syntax == file.transferSyntax { return Array(bytes[file.bodyOffset...]) }
    do { return try DataSetEncoder.encode(file.dataSet, transferSyntax: syntax) } catch {
      throw .encoding(error)
    }
  }
}

import DICOM
import DIMSE
import Files
import Quality

/// An instance that an archive gives back: in memory, or where it is large, in a file meanwhile.
enum FetchedInstance {
  /// No single picture that comes back is larger.
  private static let memoryLimit = 2 << 30

  /// Receives an instance and looks at it.
  ///
  /// - Parameter entry: what was staged: of many frames, it is received into a file beside the stage.
  static func received(
    _ entry: Manifest.Instance, of stage: Stage, transferSyntax: TransferSyntax,
    from stream: DataSetStream, _ look: (DICOMFile) -> InstanceComparison
  ) throws(FetchTrouble) -> InstanceComparison {
    let head: [UInt8]
    do {
      head = try DICOMFile.preambleAndMeta(
        sopClassUID: entry.sopClassUID, sopInstanceUID: entry.sopInstanceUID,
        transferSyntax: transferSyntax)
    } catch { throw .failed(.encoding(error)) }
    guard entry.isMultiFrame else { return look(try inMemory(head, stream)) }
    let path = "\(stage.path).fetched-\(entry.sopInstanceUID)"
    defer { PrivateFile.remove(path) }
    return look(try inFile(path, head, stream))
  }

  private static func inMemory(
    _ head: [UInt8], _ stream: DataSetStream
  ) throws(FetchTrouble) -> DICOMFile {
    let bytes: [UInt8]
    do { bytes = try stream.whole(limit: memoryLimit) } catch {
      throw .failed(.association(error))
    }
    do { return try DICOMFile.read(bytes: head + bytes) } catch { throw .unreadable }
  }

  private static func inFile(
    _ path: String, _ head: [UInt8], _ stream: DataSetStream
  ) throws(FetchTrouble) -> DICOMFile {
    PrivateFile.remove(path)
    do {
      var growing = try GrowingFile(creating: path)
      try growing.append(head)
      while let piece = try stream.next() { try growing.append(piece) }
      return try DICOMFile.read(path: path)
    } catch {
      switch error {
      case let error as FileTrouble: throw .failed(.disk(error))
      case let error as AssociationError: throw .failed(.association(error))
      default: throw .unreadable
      }
    }
  }
}

/// Why nothing can be compared with what was staged.
enum FetchTrouble: Error {
  /// What came back is no data set.
  case unreadable
  case failed(DeliveryError)
}

import DICOM
import Files
import Quality

/// An instance that an archive gives back: in memory, or where it is large, in a file meanwhile.
enum FetchedInstance {
  /// Receives an instance and looks at it.
  ///
  /// - Parameter entry: what was staged: of many frames, it is received into a file beside the stage.
  static func received(
    _ entry: Manifest.Instance, of stage: Stage, _ returned: ReturnedInstance,
    _ look: (DICOMFile) -> InstanceComparison
  ) throws(FetchTrouble) -> InstanceComparison {
    guard entry.isMultiFrame else { return look(try returned.inMemory()) }
    let path = "\(stage.path).fetched-\(entry.sopInstanceUID)"
    PrivateFile.remove(path)
    defer { PrivateFile.remove(path) }
    do { try returned.write(to: path) } catch { throw .failed(error) }
    let file: DICOMFile
    do { file = try DICOMFile.read(path: path) } catch { throw .unreadable }
    return look(file)
  }
}

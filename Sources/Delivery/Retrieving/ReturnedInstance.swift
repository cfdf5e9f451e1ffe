import DICOM
import DIMSE
import Files

/// An instance that an archive gives back: as it arrives, or in a file where it waits.
struct ReturnedInstance {
  let sopClassUID: String
  let sopInstanceUID: String
  let transferSyntax: TransferSyntax
  let body: Body

  enum Body {
    /// To be read once.
    case stream(DataSetStream)
    /// A whole file, which is taken away when it has been looked at.
    case file(String)
  }

  /// No single picture that comes back is larger.
  private static let memoryLimit = 2 << 30

  init(_ instance: IncomingInstance, _ stream: DataSetStream) {
    sopClassUID = instance.sopClassUID
    sopInstanceUID = instance.sopInstanceUID
    transferSyntax = instance.transferSyntax
    body = .stream(stream)
  }

  init(_ spooled: SpooledInstance) {
    sopClassUID = spooled.sopClassUID
    sopInstanceUID = spooled.sopInstanceUID
    transferSyntax = spooled.transferSyntax
    body = .file(spooled.path)
  }

  private func head() throws(DeliveryError) -> [UInt8] {
    do {
      return try DICOMFile.preambleAndMeta(
        sopClassUID: sopClassUID, sopInstanceUID: sopInstanceUID, transferSyntax: transferSyntax)
    } catch { throw .encoding(error) }
  }

  /// All of it in memory.
  func inMemory() throws(FetchTrouble) -> DICOMFile {
    switch body {
    case .file(let path):
      defer { PrivateFile.remove(path) }
      let bytes: [UInt8]
      do { bytes = try PrivateFile.read(path, atMost: Self.memoryLimit) } catch {
        throw .failed(.disk(error))
      }
      do { return try DICOMFile.read(bytes: bytes) } catch { throw .unreadable }
    case .stream(let stream):
      let bytes: [UInt8]
      do { bytes = try head() + stream.whole(limit: Self.memoryLimit) } catch {
        throw .failed(
          (error as? DeliveryError) ?? .association(error as? AssociationError ?? .ended))
      }
      do { return try DICOMFile.read(bytes: bytes) } catch { throw .unreadable }
    }
  }

  /// Writes it into a file that must not be there yet, and flushes it.
  func write(to path: String) throws(DeliveryError) {
    switch body {
    case .file(let spooled):
      do { try PrivateFile.move(spooled, to: path) } catch { throw .disk(error) }
    case .stream(let stream):
      let head = try head()
      do {
        var growing = try GrowingFile(creating: path)
        do {
          try growing.append(head)
          while let piece = try stream.next() { try growing.append(piece) }
          try growing.flush()
        } catch {
          PrivateFile.remove(path)
          throw error
        }
      } catch let error as FileTrouble {
        throw .disk(error)
      } catch let error as AssociationError {
        throw .association(error)
      } catch { throw .association(.cancelled) }
    }
  }
}

/// An instance that has arrived on another thread and waits in a file.
struct SpooledInstance: Sendable {
  let sopClassUID: String
  let sopInstanceUID: String
  let transferSyntax: TransferSyntax
  let path: String

  func discard() { PrivateFile.remove(path) }
}

/// Why nothing can be compared with what was staged.
enum FetchTrouble: Error {
  /// What came back is no data set.
  case unreadable
  case failed(DeliveryError)
}

import DICOM
import DICOMweb
import Digest
import Files
import Quality

/// Instances that go out in one store request.
struct StoreParcel {
  let entries: [Manifest.Instance]
  /// In which each goes out.
  let syntaxes: [TransferSyntax]
  let byteCount: Int
  let body: Body

  enum Body {
    case files([[UInt8]])
    /// A multipart body in a file beside the stage.
    case file(String, MultipartWriter)
  }

  /// A parcel is closed when it has so many bytes.
  static let size = 8 << 20
  static let most = 32

  /// The next parcel of what waits.
  ///
  /// - Parameter isUnpacked: whether packed pixels are unpacked on the way.
  init(
    _ waiting: ArraySlice<Manifest.Instance>, of stage: Stage, _ proof: StageProof?,
    isUnpacked: Bool
  ) throws(DeliveryError) {
    var entries: [Manifest.Instance] = []
    var syntaxes: [TransferSyntax] = []
    var files: [[UInt8]] = []
    var count = 0
    for entry in waiting {
      if entry.isMultiFrame {
        guard entries.isEmpty else { break }
        self = try StoreParcel(multiFrame: entry, of: stage, proof, isUnpacked: isUnpacked)
        return
      }
      guard files.count < Self.most, count < Self.size else { break }
      let instance = try StagedInstance(entry, of: stage, proof: proof)
      let syntax = Self.syntax(instance, isUnpacked)
      var file = try Self.head(entry, syntax)
      var pieces = try instance.pieces(in: syntax)
      while let piece = try pieces.next() { file += piece }
      entries.append(entry)
      syntaxes.append(syntax)
      count += file.count
      files.append(file)
    }
    self.init(entries: entries, syntaxes: syntaxes, byteCount: count, body: .files(files))
  }

  private init(
    entries: [Manifest.Instance], syntaxes: [TransferSyntax], byteCount: Int, body: Body
  ) {
    self.entries = entries
    self.syntaxes = syntaxes
    self.byteCount = byteCount
    self.body = body
  }

  /// One of many frames is never in memory as a whole: its request is written into a file.
  private init(
    multiFrame entry: Manifest.Instance, of stage: Stage, _ proof: StageProof?, isUnpacked: Bool
  ) throws(DeliveryError) {
    let path = "\(stage.path).stow-\(entry.sopInstanceUID)"
    PrivateFile.remove(path)
    let instance = try StagedInstance(entry, of: stage, proof: proof)
    let syntax = Self.syntax(instance, isUnpacked)
    let writer = MultipartWriter()
    var pieces = try instance.pieces(in: syntax)
    do {
      var file = try GrowingFile(creating: path)
      try file.append(writer.head + Self.head(entry, syntax))
      while let piece = try pieces.next() { try file.append(piece) }
      try file.append(writer.tail + writer.end)
    } catch {
      PrivateFile.remove(path)
      if let trouble = error as? FileTrouble { throw .disk(trouble) }
      throw (error as? DeliveryError) ?? .stage(.changed(file: entry.file))
    }
    self.init(
      entries: [entry], syntaxes: [syntax], byteCount: pieces.byteCount,
      body: .file(path, writer))
  }

  func send(to service: WebArchive) throws(DICOMwebError) -> StoreAnswer {
    switch body {
    case .files(let files): try service.store(files)
    case .file(let path, let writer): try service.store(bodyAt: path, writer)
    }
  }

  func discard() {
    if case .file(let path, _) = body { PrivateFile.remove(path) }
  }

  private static func syntax(_ instance: StagedInstance, _ isUnpacked: Bool) -> TransferSyntax {
    let own = instance.file.transferSyntax
    guard isUnpacked, !own.isNative else { return own }
    return instance.possibleSyntaxes.contains(.explicitVRLittleEndian)
      ? .explicitVRLittleEndian : own
  }

  private static func head(
    _ entry: Manifest.Instance, _ syntax: TransferSyntax
  ) throws(DeliveryError) -> [UInt8] {
    do {
      return try DICOMFile.preambleAndMeta(
        sopClassUID: entry.sopClassUID, sopInstanceUID: entry.sopInstanceUID,
        transferSyntax: syntax)
    } catch { throw .encoding(error) }
  }
}

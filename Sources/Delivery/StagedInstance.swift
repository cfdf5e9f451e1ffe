package import DICOM
import Digest
import Files
package import Quality

/// One instance of a stage, proven to be what was confirmed.
///
/// One of a single picture is in memory; of a multi-frame one the header alone, its pixels are read
/// when they are sent.
package struct StagedInstance: Sendable {
  package let entry: Manifest.Instance
  package let file: DICOMFile
  /// Whether it is an image that we did not make.
  private let isAsItCame: Bool
  /// All of it; `nil` where it is too large for that.
  private let bytes: [UInt8]?
  private let path: String

  /// - Parameter proof: of this run, that the stage is intact: then the file need not be digested
  ///   once more.
  /// - Throws: where the file is not, byte for byte, the one that the manifest names.
  package init(
    _ entry: Manifest.Instance, of stage: Stage, proof: StageProof? = nil
  ) throws(DeliveryError) {
    self.entry = entry
    isAsItCame = stage.manifest.isOfImages
    path = stage.file(entry.file)
    guard entry.isMultiFrame else {
      let bytes: [UInt8]
      do { bytes = try PrivateFile.read(path, atMost: Stage.pictureLimit) } catch {
        throw .disk(error)
      }
      guard
        proof?.covers(bytes, as: entry.file) ?? (SHA256.hex(bytes) == entry.sha256)
      else { throw .stage(.changed(file: entry.file)) }
      do { file = try DICOMFile.read(bytes: bytes, path: entry.file) } catch { throw .file(error) }
      self.bytes = bytes
      return
    }
    bytes = nil
    do { file = try DICOMFile.read(path: path) } catch { throw .file(error) }
    try requireUnchanged()
  }

  /// Makes sure that the file is still the one that was confirmed.
  private func requireUnchanged() throws(DeliveryError) {
    let digest: String
    do { digest = try FileDigest.hex(of: path) } catch { throw .disk(error) }
    guard digest == entry.sha256 else { throw .stage(.changed(file: entry.file)) }
  }

  /// The data set as it is, where it is in memory and in this syntax: the bytes, and where it begins.
  package func whole(in syntax: TransferSyntax) -> (bytes: [UInt8], offset: Int)? {
    guard let bytes, syntax == file.transferSyntax, file.bodyOffset < bytes.count else {
      return nil
    }
    return (bytes, file.bodyOffset)
  }

  /// The data set in a transfer syntax that the archive has accepted, piece by piece.
  package func pieces(in syntax: TransferSyntax) throws(DeliveryError) -> Pieces {
    if let bytes, syntax == file.transferSyntax {
      return Pieces(.memory(bytes[file.bodyOffset...]), of: self)
    }
    if syntax == file.transferSyntax { return Pieces(.file(file.bodyOffset), of: self) }
    guard file.dataSet.contains(.pixelData) else {
      do {
        let bytes = try DataSetEncoder.encode(file.dataSet, transferSyntax: syntax)
        return Pieces(.memory(bytes[...]), of: self)
      } catch { throw .encoding(error) }
    }
    // Another syntax: the header is written anew, native frames follow one by one.
    do {
      let description = try PixelDescription(of: file.dataSet)
      let reader = try FrameReader(file, description: description)
      var header = file.dataSet
      header.remove(.pixelData)
      if !file.transferSyntax.isNative, description.samplesPerPixel > 1 {
        // What it is called unpacked; the samples are the same. PS3.5 8.2.
        let colors = try reader.storedFrame(0).description.photometricInterpretation
        try header.set(.photometricInterpretation, colors)
        try header.set(.planarConfiguration, integer: 0)
      }
      let (total, isTooMuch) = (reader.storedFrameByteCount ?? 0)
        .multipliedReportingOverflow(by: description.frames)
      guard syntax.isNative, !syntax.isDeflated, !isTooMuch, total > 0, total < UInt32.max - 1,
        let count = UInt32(exactly: total + total & 1)
      else { throw EncodingError.notWritable(syntax) }
      let head =
        try DataSetEncoder.encode(header, transferSyntax: syntax)
        + PixelDataHeader.native(byteCount: count, isImplicitVR: syntax.isImplicitVR)
      return Pieces(.frames(head, reader), of: self)
    } catch let error as FileError {
      throw .file(error)
    } catch let error as EncodingError {
      throw .encoding(error)
    } catch let error as PixelError {
      throw .file(.pixels(path: entry.file, error))
    } catch { throw .stage(.changed(file: entry.file)) }
  }

  /// The transfer syntaxes that it can go out in: as it is, and where nothing is lost, unpacked.
  var possibleSyntaxes: [TransferSyntax] {
    [file.transferSyntax] + (canBeUnpacked ? NegotiationTable.written : [])
  }

  /// Whether native pixels say the same as the packed ones, under the same attributes.
  private var canBeUnpacked: Bool {
    // What we have packed ourselves we can unpack.
    guard isAsItCame, !file.transferSyntax.isNative, file.dataSet.contains(.pixelData) else {
      return true
    }
    // In these forms one frame may have lost something and the next one not.
    let mayDiffer = [.jpeg2000, .jpegLSNearLossless].contains(file.transferSyntax)
    guard (file.dataSet.elements.last?.tag).map({ $0 <= .pixelData }) ?? false,
      let description = try? PixelDescription(of: file.dataSet),
      description.frames == 1 || !mayDiffer,
      let first = try? FrameReader(file, description: description).storedFrame(0)
    else { return false }
    let colors = first.description.photometricInterpretation
    let isPlain =
      description.samplesPerPixel == 1
      || description.samplesPerPixel == 3 && ["RGB", "YBR_FULL"].contains(colors)
    return isPlain && !first.isLossy && first.bytes.count == description.bytesPerFrame
  }

  /// The pieces of a data set, none of which is empty or of odd length.
  package struct Pieces: Sendable {
    enum Source: Sendable {
      case memory(ArraySlice<UInt8>)
      /// The file's own bytes from an offset.
      case file(Int)
      /// A header, and frames that are unpacked.
      case frames([UInt8], FrameReader)
    }

    private let source: Source
    private let instance: StagedInstance
    private var offset = 0
    /// A byte that waits for its other half.
    private var rest: [UInt8] = []
    package private(set) var byteCount = 0

    private static let size = 1 << 20

    init(_ source: Source, of instance: StagedInstance) {
      self.source = source
      self.instance = instance
    }

    /// The next piece; `nil` at the end.
    ///
    /// Before the last one goes out it is certain that the file has not changed meanwhile.
    package mutating func next() throws(DeliveryError) -> [UInt8]? {
      let piece: [UInt8]?
      let isLast: Bool
      switch source {
      case .memory(let bytes):
        piece = offset == 0 ? Array(bytes) : nil
        isLast = false
        offset = 1
      case .file(let start):
        let left = instance.file.byteCount - start - offset
        guard left > 0 else { return nil }
        do {
          piece = try instance.file.bytesInFile(
            at: start + offset, count: min(left, Self.size))
        } catch { throw .file(error) }
        offset += min(left, Self.size)
        isLast = left <= Self.size
      case .frames(let head, let reader):
        (piece, isLast) = try frame(head, reader)
      }
      if isLast, instance.bytes == nil { try instance.requireUnchanged() }
      byteCount += piece?.count ?? 0
      return piece
    }

    private mutating func frame(
      _ head: [UInt8], _ reader: FrameReader
    ) throws(DeliveryError) -> ([UInt8]?, isLast: Bool) {
      let frames = reader.description.frames
      guard offset <= frames else { return (nil, false) }
      defer { offset += 1 }
      guard offset > 0 else { return (head, false) }
      var piece = rest
      do { piece += try reader.storedFrame(offset - 1).bytes } catch { throw .file(error) }
      rest = []
      let isLast = offset == frames
      if piece.count % 2 == 1 {
        if isLast { piece.append(0) } else { rest = [piece.removeLast()] }
      }
      return (piece, isLast)
    }
  }
}

import DICOM
import Files

/// A multi-frame file that is written frame by frame and never in memory as a whole.
///
/// PS3.5 A.4 for packed frames, which get a Basic Offset Table.
struct FrameFile: ~Copyable {
  private var file: GrowingFile
  private let isCompressed: Bool
  private let tableOffset: Int
  private var offsets: [UInt32] = []
  private var nextOffset = 0

  /// No value, and no offset of a frame, may be larger.
  private static let limit = 0xFFFF_FFFE

  private init(file: consuming GrowingFile, isCompressed: Bool, tableOffset: Int) {
    self.file = file
    self.isCompressed = isCompressed
    self.tableOffset = tableOffset
  }

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - header: all attributes but the pixels.
  ///   - frames: how many will be appended.
  ///   - frameByteCount: of one native frame.
  static func create(
    _ path: String, header: DataSet, frames: Int, frameByteCount: Int, isCompressed: Bool
  ) throws(ExportError) -> FrameFile {
    let (count, overflow) = frames.multipliedReportingOverflow(by: frameByteCount)
    guard isCompressed || !overflow && count < limit,
      let total = UInt32(exactly: isCompressed ? 0 : count + count & 1)
    else { throw .tooLarge }
    do {
      var head = try DICOMFile.bytes(
        of: header, transferSyntax: isCompressed ? .rleLossless : .explicitVRLittleEndian)
      head +=
        isCompressed
        ? PixelDataHeader.encapsulated(frames: frames) : PixelDataHeader.native(byteCount: total)
      var file = try GrowingFile(creating: path)
      try file.append(head)
      return FrameFile(
        file: file, isCompressed: isCompressed, tableOffset: head.count - 4 * frames)
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as EncodingError {
      throw .encoding(error)
    } catch { throw .internalFault("\(error)") }
  }

  /// - Parameter frame: native bytes, or one fragment of even length.
  mutating func append(_ frame: [UInt8]) throws(ExportError) {
    do {
      guard isCompressed else { return try file.append(frame) }
      guard nextOffset < Self.limit, let offset = UInt32(exactly: nextOffset),
        let count = UInt32(exactly: frame.count)
      else { throw ExportError.tooLarge }
      try file.append(PixelDataHeader.item(byteCount: count))
      try file.append(frame)
      offsets.append(offset)
      nextOffset += 8 + frame.count
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as ExportError {
      throw error
    } catch { throw .internalFault("\(error)") }
  }

  /// Writes what comes behind the last frame.
  consuming func finish() throws(ExportError) {
    do {
      if isCompressed {
        try file.append(PixelDataHeader.end)
        try file.overwrite(at: tableOffset, with: PixelDataHeader.offsetTable(offsets))
      } else if file.byteCount % 2 == 1 {
        try file.append([0])
      }
      try file.flush()
    } catch { throw .disk(error) }
  }
}

/// The pixels of a file, frame by frame, read when asked for.
extension DICOMFile {
  /// The native bytes of one frame: little endian, as ``PixelDescription`` says.
  ///
  /// - Parameter index: from 0.
  package func frame(_ index: Int, of description: PixelDescription) throws(FileError) -> [UInt8] {
    do {
      guard index >= 0, index < description.frames else {
        throw PixelError.frame(index: index, count: description.frames)
      }
      guard let element = dataSet[.pixelData] else { throw PixelError.missing }
      guard transferSyntax.isNative else {
        throw PixelError.unsupported(transferSyntax: transferSyntax)
      }
      let size = description.bytesPerFrame
      // Frames of single bits need not begin at a byte.
      guard description.bitsAllocated > 1 || index == 0 else {
        throw PixelError.format("several frames of single bits cannot be read")
      }
      let (start, overflow) = size.multipliedReportingOverflow(by: index)
      guard !overflow else { throw PixelError.frame(index: index, count: description.frames) }
      switch element.value {
      case .inFile(let offset, let count?):
        guard count > 0 else { throw PixelError.missing }
        guard start + size <= count else {
          throw PixelError.truncated(wanted: size * description.frames, found: count)
        }
        return ordered(
          try bytesInFile(at: offset + start, count: size), description, vr: element.vr)
      case .bytes(let bytes):
        guard !bytes.isEmpty else { throw PixelError.missing }
        guard start + size <= bytes.count else {
          throw PixelError.truncated(wanted: size * description.frames, found: bytes.count)
        }
        let first = bytes.startIndex + start
        return ordered(Array(bytes[first..<first + size]), description, vr: element.vr)
      default:
        throw PixelError.unsupported(transferSyntax: transferSyntax)
      }
    } catch let error as PixelError {
      throw .pixels(path: path, error)
    } catch let error as FileError {
      throw error
    } catch {
      throw .pixels(path: path, .missing)
    }
  }

  /// Big-endian words in little-endian order; 8-bit samples in OW are swapped in pairs.
  ///
  /// PS3.5 7.3.
  private func ordered(_ bytes: [UInt8], _ description: PixelDescription, vr: VR) -> [UInt8] {
    guard transferSyntax.isBigEndian else { return bytes }
    let word = description.bitsAllocated > 8 ? description.bitsAllocated / 8 : vr == .OW ? 2 : 1
    guard word > 1 else { return bytes }
    var result = bytes
    var start = 0
    while start + word <= result.count {
      result[start..<start + word].reverse()
      start += word
    }
    return result
  }
}

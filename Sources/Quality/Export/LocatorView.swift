import DICOM
import DoseMap
import Geometry
import Radiotherapy
import Workers

/// Makes the small view of a scan on which each slice is marked.
///
/// It takes the middle row, or column, of some of the slices, spread evenly. Where pixels are
/// stored as they are, that row alone is read; where whole slices have to be decoded, fewer do.
enum LocatorView {
  /// The most slices that a row is taken from, and the most that are decoded for it.
  private static let mostRows = 64
  private static let mostWhole = 32
  /// Fewer slices make no view that anybody would recognise.
  private static let fewest = 3

  /// The view; `nil` of a leaning stack or of a few slices, which have none.
  ///
  /// - Throws: where a slice cannot be read.
  static func make(from source: SliceSource) throws(FileError) -> MapLocator? {
    let slices = source.scan.slices
    guard slices.count >= fewest, !source.scan.isTilted else { return nil }
    let middle = try DICOMFile.read(path: slices[slices.count / 2].identity.path)
    let line = MapLocator.Line.best(for: slices[0].plane)
    let most = line == .row && middle.transferSyntax.isNative ? mostRows : mostWhole
    let chosen = spread(slices.count, most: most).map { slices[$0] }
    let results = inParallel(chosen.count) { index -> Result<[UInt8], FileError> in
      Result { () throws(FileError) in
        switch line {
        case .row: try source.middleRow(of: chosen[index])
        case .column: try source.middleColumn(of: chosen[index])
        }
      }
    }
    var lines: [[UInt8]] = []
    for result in results { lines.append(try result.get()) }
    return MapLocator(stack: chosen.map(\.plane), middle: line, lines: lines)
  }

  /// At most so many of the numbers below `count`, evenly spread, the first and the last among them.
  static func spread(_ count: Int, most: Int) -> [Int] {
    guard count > most else { return Array(0..<count) }
    return (0..<most).map { ($0 * (count - 1) + (most - 1) / 2) / (most - 1) }
  }
}

extension SliceSource {
  /// The middle row of an image as it is shown.
  ///
  /// - Throws: where the image cannot be read.
  func middleRow(of slice: ScanSlice) throws(FileError) -> [UInt8] {
    let (rows, columns) = (slice.plane.rows, slice.plane.columns)
    let file = try DICOMFile.read(path: slice.identity.path)
    do {
      guard let line = try Self.storedRow(rows / 2, of: slice, in: file) else {
        let whole = try windowed(slice).grey
        return Array(whole[rows / 2 * columns..<(rows / 2 + 1) * columns])
      }
      let groups = file.dataSet.displayAttributes(frame: slice.frame)
      let transform = try GrayscaleTransform(
        description: line.description, dataSet: groups, window: try window ?? own(groups))
      return transform.display(line.stored)
    } catch let error as FileError {
      throw error
    } catch let error as PixelError {
      throw .pixels(path: file.path, error)
    } catch let error as AttributeError {
      throw .attribute(path: file.path, error)
    } catch {
      throw .unreadable(path: file.path, reason: "\(error)")
    }
  }

  /// The middle column of an image as it is shown.
  ///
  /// - Throws: where the image cannot be read.
  func middleColumn(of slice: ScanSlice) throws(FileError) -> [UInt8] {
    let (rows, columns) = (slice.plane.rows, slice.plane.columns)
    let whole = try windowed(slice).grey
    return (0..<rows).map { whole[$0 * columns + columns / 2] }
  }

  /// The stored values of one row; `nil` where the whole image has to be read for it.
  private static func storedRow(
    _ row: Int, of slice: ScanSlice, in file: DICOMFile
  ) throws -> (stored: [Int32], description: PixelDescription)? {
    guard file.transferSyntax.isNative, !file.transferSyntax.isBigEndian,
      !file.transferSyntax.isDeflated,
      case .inFile(let start, let length?) = file.dataSet[.pixelData]?.value
    else { return nil }
    let whole = try PixelDescription(of: file.dataSet)
    guard whole.samplesPerPixel == 1, [8, 16].contains(whole.bitsAllocated),
      whole.rows == slice.plane.rows, whole.columns == slice.plane.columns
    else { return nil }
    var header = file.dataSet
    try header.set(.rows, integer: 1)
    if header[.numberOfFrames] != nil { try header.set(.numberOfFrames, integer: 1) }
    let description = try PixelDescription(of: header)
    let first = (slice.frame ?? 0) * whole.bytesPerFrame + row * description.bytesPerFrame
    guard first + description.bytesPerFrame <= length else { return nil }
    let bytes = try file.bytesInFile(at: start + first, count: description.bytesPerFrame)
    return (try StoredValues.signed(bytes, of: description), description)
  }
}

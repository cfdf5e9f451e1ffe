import DICOM
import Files
import Geometry
import Radiotherapy
import Workers

/// The windowed slices of a scan, for reading across them: on the disk, whatever their number.
///
/// Every slice is kept twice, row by row and column by column, so that a cut in either direction
/// reads whole runs of bytes.
struct WindowedStack: Sendable {
  let source: SliceSource
  private let file: ScratchFile
  private let rows: Int
  private let columns: Int
  private let sliceBytes: Int
  private var columnsBegin: Int { sliceBytes * source.scan.slices.count }

  /// Windows all slices.
  ///
  /// - Parameter folder: where there is room for two bytes a pixel.
  init(_ source: SliceSource, in folder: String) throws(ExportError) {
    self.source = source
    do { file = try ScratchFile(in: folder) } catch { throw .cannotCreate(error) }
    let slices = source.scan.slices
    rows = slices[0].plane.rows
    columns = slices[0].plane.columns
    sliceBytes = rows * columns
    for outcome in inParallel(slices.count, { [self] index in Result { try keep(index) } }) {
      do { try outcome.get() } catch let error as FileError {
        throw .file(error)
      } catch let error as FileTrouble {
        throw .disk(error)
      } catch { throw .internalFault("\(error)") }
    }
  }

  private func keep(_ index: Int) throws {
    let grey = try source.windowed(source.scan.slices[index]).grey
    try file.write(grey, at: index * sliceBytes)
    var turned = [UInt8](repeating: 0, count: grey.count)
    for row in 0..<rows {
      for column in 0..<columns { turned[column * rows + row] = grey[row * columns + column] }
    }
    try file.write(turned, at: columnsBegin + index * sliceBytes)
  }

  /// A row of pixels of a slice, from left to right.
  func row(_ row: Int, slice: Int) throws(FileTrouble) -> [UInt8] {
    try file.read(columns, at: slice * sliceBytes + row * columns)
  }

  /// A column of pixels of a slice, from the top down.
  func column(_ column: Int, slice: Int) throws(FileTrouble) -> [UInt8] {
    try file.read(rows, at: columnsBegin + slice * sliceBytes + column * rows)
  }
}

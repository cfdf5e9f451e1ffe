import DoseMap
import Files

/// What the contact sheet and the pictures across the stack are made of, slice by slice.
///
/// It lies on the disk until all slices are drawn: in memory it would grow with their number.
/// Writing and reading may go on on several threads at once.
struct SliceStore: Sendable {
  private let file: ScratchFile
  /// The size of every coarse slice.
  let rows: Int
  let columns: Int
  private let thumbnailRows: Int
  private let thumbnailColumns: Int

  /// - Parameters:
  ///   - rows: of the scan's slices.
  ///   - columns: of the scan's slices.
  ///   - contact: the size of the small pictures.
  ///   - folder: where there is room.
  init(
    rows: Int, columns: Int, contact: ContactPlan, in folder: String
  ) throws(FileTrouble) {
    file = try ScratchFile(in: folder)
    let factor = CoarseSlice.factor(rows: rows, columns: columns)
    self.rows = rows / factor
    self.columns = columns / factor
    thumbnailRows = contact.rows
    thumbnailColumns = contact.columns
  }

  private var area: Int { rows * columns }
  private var thumbnailBytes: Int { thumbnailRows * thumbnailColumns * 3 }
  /// Each slice has room for its coarse pixels, the same column by column, and a small picture.
  private func start(_ slice: Int) -> Int { slice * (2 * area + thumbnailBytes) }

  // MARK: Coarse slices

  func keep(_ coarse: CoarseSlice, of slice: Int) throws(FileTrouble) {
    let (rows, columns) = (rows, columns)
    // The store's size is the first slice's, and a series is split where sizes differ (ScanSeries): no
    // file makes a coarse slice smaller than this.
    let both = [UInt8](unsafeUninitializedCapacity: 2 * area) { target, count in
      coarse.grey.withUnsafeBufferPointer { grey in
        for index in 0..<rows * columns { target[index] = grey[index] }
        for row in 0..<rows {
          var place = rows * columns + row
          for column in 0..<columns {
            target[place] = grey[row * columns + column]
            place += rows
          }
        }
      }
      count = 2 * rows * columns
    }
    try file.write(both, at: start(slice))
  }

  /// A row of coarse pixels from left to right, or a column of them from the top down.
  func line(_ place: Int, isRow: Bool, of slice: Int) throws(FileTrouble) -> [UInt8] {
    isRow
      ? try file.read(columns, at: start(slice) + place * columns)
      : try file.read(rows, at: start(slice) + area + place * rows)
  }

  // MARK: Small pictures

  func keep(_ thumbnail: RGBImage, of slice: Int) throws(FileTrouble) {
    precondition(
      thumbnail.rows == thumbnailRows && thumbnail.columns == thumbnailColumns, "as was planned")
    try file.write(thumbnail.bytes, at: start(slice) + 2 * area)
  }

  func thumbnail(_ slice: Int) throws(FileTrouble) -> RGBImage {
    RGBImage(
      rows: thumbnailRows, columns: thumbnailColumns,
      bytes: try file.read(thumbnailBytes, at: start(slice) + 2 * area))
  }
}

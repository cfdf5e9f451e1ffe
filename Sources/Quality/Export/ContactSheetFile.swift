import DoseMap
import Files
import Pictures

/// The contact sheet on its way into its file: one page is in memory at a time.
enum ContactSheetFile {
  /// Writes the file.
  ///
  /// - Parameter store: holds the small pictures by number, from 1.
  static func write(
    _ sheet: ContactSheet, of store: SliceStore, in folder: String
  ) throws(FileTrouble) -> Manifest.ReviewFile {
    let path = FilePath.joined(folder, Stage.contactSheetName)
    var file = try GrowingFile(creating: path)
    var stream = PNGStream(rows: sheet.rows, columns: sheet.columns, color: .rgb)
    try file.append(stream.head)
    for page in 0..<sheet.pages {
      let picture = try sheet.page(page) { (number) throws(FileTrouble) in
        try store.thumbnail(number - 1)
      }
      try file.append(stream.append(picture.bytes))
    }
    let (tail, length) = stream.finish()
    try file.append(tail)
    try file.overwrite(at: stream.lengthOffset, with: length)
    return Manifest.ReviewFile(file: Stage.contactSheetName, sha256: try FileDigest.hex(of: path))
  }
}

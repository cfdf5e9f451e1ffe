import Console
import DICOM
import JSON
import Radiotherapy
import Workers

/// `push2pacs inspect --pixels`: every frame decoded, so that one knows that all of them can be.
struct PixelReport {
  let context: Context

  /// What one file holds.
  private struct Found: Sendable {
    let series: String
    let modality: String
    let transferSyntax: String
    let description: PixelDescription
    let range: ClosedRange<Int64>
    let isLossy: Bool
  }

  /// The files of one series that are written alike.
  private struct Row {
    let first: Found
    var files = 0
    var frames = 0
    var range: ClosedRange<Int64>
    var isLossy = false
  }

  func run() throws(CommandFailure) {
    let walk: FileWalk
    do { walk = try FileWalk(paths: context.arguments.positionals) } catch {
      throw CommandFailure(.noInput, "\(error)")
    }
    let bar = ProgressBar(
      "Decoding", total: walk.files.count, unit: .items("files"), on: context.terminal)
    let results = inParallel(walk.files.count) { index in
      defer { bar.advance() }
      return Result { () throws(FileError) in try Self.decoded(walk.files[index]) }
    }
    bar.finish()
    var rows: [String: Row] = [:]
    var order: [String] = []
    var broken: [FileError] = walk.unreadable
    var withoutPixels = 0
    for result in results {
      do {
        guard let found = try result.get() else {
          withoutPixels += 1
          continue
        }
        let shape = found.description
        let key =
          "\(found.series) \(shape.rows) \(shape.columns) \(shape.bitsStored) \(found.transferSyntax)"
        if rows[key] == nil { order.append(key) }
        var row = rows[key] ?? Row(first: found, range: found.range)
        row.files += 1
        row.frames += shape.frames
        row.range =
          min(
            row.range.lowerBound, found.range.lowerBound)...max(
            row.range.upperBound, found.range.upperBound)
        row.isLossy = row.isLossy || found.isLossy
        rows[key] = row
      } catch { broken.append(error) }
    }
    show(order.compactMap { rows[$0] }, broken, withoutPixels)
    if !broken.isEmpty {
      throw CommandFailure(
        .wrongInput, "\(broken.count) file\(broken.count == 1 ? "" : "s") cannot be decoded",
        lines: broken.map(\.description))
    }
  }

  /// `nil` for a file without pixel data, or that is no DICOM.
  private static func decoded(_ path: String) throws(FileError) -> Found? {
    let file: DICOMFile
    do { file = try DICOMFile.read(path: path) } catch {
      if case .notDICOM = error { return nil }
      throw error
    }
    guard file.dataSet.contains(.pixelData) else {
      if let damage = file.damage { throw .damaged(path: path, damage) }
      return nil
    }
    let description: PixelDescription
    do { description = try PixelDescription(of: file.dataSet) } catch {
      throw .pixels(path: path, error)
    }
    let reader = try FrameReader(file, description: description)
    var range: ClosedRange<Int64>?
    var isLossy = false
    for index in 0..<description.frames {
      let frame = try reader.frame(index)
      guard let own = frame.range else { throw .pixels(path: path, .missing) }
      isLossy = isLossy || frame.isLossy
      let low = min(range?.lowerBound ?? own.lowerBound, own.lowerBound)
      range = low...max(range?.upperBound ?? own.upperBound, own.upperBound)
    }
    guard let range else { throw .pixels(path: path, .missing) }
    return Found(
      series: file.dataSet.string(.seriesInstanceUID) ?? "",
      modality: file.dataSet.string(.modality) ?? "",
      transferSyntax: file.transferSyntax.name, description: description, range: range,
      isLossy: isLossy)
  }

  private func show(_ rows: [Row], _ broken: [FileError], _ withoutPixels: Int) {
    if context.isJSON {
      context.terminal.print(
        [
          "series": .array(
            rows.map {
              [
                "seriesInstanceUID": .string($0.first.series),
                "modality": .string($0.first.modality),
                "transferSyntax": .string($0.first.transferSyntax),
                "files": .integer($0.files), "frames": .integer($0.frames),
                "rows": .integer($0.first.description.rows),
                "columns": .integer($0.first.description.columns),
                "bitsStored": .integer($0.first.description.bitsStored),
                "lowest": .integer(Int($0.range.lowerBound)),
                "highest": .integer(Int($0.range.upperBound)), "lossy": JSON($0.isLossy),
              ]
            }),
          "withoutPixels": .integer(withoutPixels),
          "broken": JSON(broken.map(\.description)),
        ])
      return
    }
    for row in rows {
      let shape = row.first.description
      context.terminal.print(
        "\(row.first.modality.isEmpty ? "-" : row.first.modality)  \(row.frames) frame\(row.frames == 1 ? "" : "s") of \(shape.columns) x \(shape.rows), \(shape.bitsStored) bits, values \(row.range.lowerBound) to \(row.range.upperBound)"
      )
      context.terminal.print(
        "    \(row.first.transferSyntax)\(row.isLossy ? ", lossy" : ""), series \(row.first.series)"
      )
    }
    if withoutPixels > 0 {
      context.terminal.print("\(withoutPixels) without pixel data, or no DICOM")
    }
    if broken.isEmpty, !rows.isEmpty { context.terminal.print("Every frame can be decoded.") }
  }
}

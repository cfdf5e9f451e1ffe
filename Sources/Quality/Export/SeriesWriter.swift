import DICOM
import Digest
import DoseMap
import Files
import Geometry
import Pictures
import Radiotherapy
import SecondaryCapture
import Workers

/// Draws a series on all cores and writes it below a stage's folder, one file a picture.
///
/// What stays in memory of each picture is a digest and, of the map itself, what the review page
/// and the contact sheet are made of.
struct SeriesWriter {
  let plan: SeriesPlan
  let folder: String
  /// How its pictures stand on the contact sheet; `nil` where they do not.
  let contact: ContactPlan?

  /// What stays of a picture when its file is written.
  struct Written: Sendable {
    let instance: Manifest.Instance
    let review: [Manifest.ReviewFile]
    let page: ReviewContent.Slice
    let checks: [Check]
    let thumbnail: ContactSheet.Thumbnail?
    let coarse: CoarseSlice?
    let window: DisplayWindow?
  }

  /// Writes all pictures of the series.
  ///
  /// - Parameters:
  ///   - done: told after each picture; called on any thread.
  ///   - isStopped: whether to leave off; asked between two pictures, on any thread.
  func write(
    done: @escaping @Sendable () -> Void, isStopped: @escaping @Sendable () -> Bool
  ) throws(ExportError) -> [Written] {
    let results = inParallel(plan.count) { index -> Result<Written, ExportError> in
      Result { () throws(ExportError) in
        guard !isStopped() else { throw .stopped }
        let written = try write(index)
        done()
        return written
      }
    }
    var written: [Written] = []
    for result in results { written.append(try result.get()) }
    return written
  }

  private func write(_ index: Int) throws(ExportError) -> Written {
    do {
      let picture = try plan.source.picture(index)
      let drawn = try plan.drawer.draw(index, grey: picture.grey)
      let number = index + 1
      let name = plan.fileName(number)
      let series = plan.capture.seriesInstanceUID
      let uid = DerivedUID.make(from: [series, String(number)])
      let original = plan.source.planes[index]
      let plane = original.scaled(by: plan.factor)
      let images = plan.source.images(index)
      let capture = try plan.template.capture(
        images: images, number: number, sopInstanceUID: uid, plane: plane, rgb: drawn.image.bytes)
      let bytes = try DICOMFile.bytes(of: capture)
      let file = "slices/\(name).dcm"
      try PrivateFile.create(bytes, at: FilePath.joined(folder, file))
      let scan = PNGImage(
        rows: original.rows, columns: original.columns, color: .grey, samples: picture.grey)
      let ink = SliceInk.layer(of: drawn.image, over: picture.grey, factor: plan.factor)
      let review = [
        try Self.review(scan.serializedFast, "review/scan/\(name).png", in: folder),
        try Self.review(ink.serializedFast, "review/ink/\(name).png", in: folder),
      ]
      let isMain = plan.kind == nil
      return Written(
        instance: Manifest.Instance(
          file: file, seriesInstanceUID: series, sopClassUID: SOPClass.secondaryCapture,
          sopInstanceUID: uid, instanceNumber: number, sha256: SHA256.hex(bytes),
          frames: [Manifest.Frame(of: images.first, at: plane)]),
        review: review,
        page: ReviewContent.Slice(
          number: number, scan: "scan/\(name).png", ink: "ink/\(name).png",
          distance: original.distance(along: plan.source.planes[0].normal),
          maximumGy: drawn.maximumGy),
        checks: drawn.checks + EncodingCheck.verdicts(of: capture, bytes: bytes),
        thumbnail: contact.flatMap {
          plan.drawer.thumbnail(of: drawn, index, grey: picture.grey, plan: $0)
        },
        coarse: isMain
          ? CoarseSlice(grey: picture.grey, rows: original.rows, columns: original.columns) : nil,
        window: picture.window)
    } catch let error as FileError {
      throw .file(error)
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as EncodingError {
      throw .encoding(error)
    } catch let error as ExportError {
      throw error
    } catch { throw .internalFault("\(error)") }
  }

  /// Writes a file of the review page.
  static func review(
    _ bytes: [UInt8], _ name: String, in folder: String
  ) throws(FileTrouble) -> Manifest.ReviewFile {
    try PrivateFile.create(bytes, at: FilePath.joined(folder, name), flush: false)
    return Manifest.ReviewFile(file: name, sha256: SHA256.hex(bytes))
  }
}

import DICOM
import Digest
import DoseMap
import Files
import Geometry
import Pictures
import Radiotherapy
import SecondaryCapture
import Workers

/// Draws a series on all cores and writes it below a stage's folder.
///
/// One file a picture, or all frames of one file; either way a few pictures are in memory at a time.
/// What stays of each is a digest and, of the map itself, what the review page and the contact
/// sheet are made of.
struct SeriesWriter {
  let plan: SeriesPlan
  let folder: String
  /// How its pictures stand on the contact sheet; `nil` where they do not.
  let contact: ContactPlan?
  /// Whether the lines are kept for an overlay.
  let keepsLines: Bool
  let timings: Timings?

  /// What stays of a series when its files are written.
  struct Written: Sendable {
    var instances: [Manifest.Instance] = []
    var pictures: [Remains] = []
    /// Verdicts on files that hold several pictures.
    var checks: [Check] = []
  }

  /// What stays of a picture.
  struct Remains: Sendable {
    let review: [Manifest.ReviewFile]
    let page: ReviewContent.Slice
    let checks: [Check]
    let thumbnail: ContactSheet.Thumbnail?
    let coarse: CoarseSlice?
    let window: DisplayWindow?
    /// What an overlay shows of it, where one is made.
    let overlay: IsodoseOverlay.Image?
  }

  /// A drawn picture on its way into a file.
  private struct Drawn: Sendable {
    let image: RGBImage
    let plane: ImagePlane
    let picture: Remains
  }

  /// How many frames of a file are drawn before they are written in their order.
  private static let batch = 16

  /// Writes all pictures of the series.
  ///
  /// - Parameters:
  ///   - done: told after each picture; called on any thread.
  ///   - isStopped: whether to leave off; asked between two pictures, on any thread.
  func write(
    done: @escaping @Sendable () -> Void, isStopped: @escaping @Sendable () -> Bool
  ) throws(ExportError) -> Written {
    guard !plan.isMultiFrame else { return try writeFrames(done: done, isStopped: isStopped) }
    var written = Written()
    let results = try all(0..<plan.count) { (index) throws(ExportError) in
      guard !isStopped() else { throw .stopped }
      let result = try writeFile(index)
      done()
      return result
    }
    for (instance, picture) in results {
      written.instances.append(instance)
      written.pictures.append(picture)
    }
    return written
  }

  /// One file for all pictures: drawn a batch at a time, written in their order.
  private func writeFrames(
    done: @escaping @Sendable () -> Void, isStopped: @escaping @Sendable () -> Bool
  ) throws(ExportError) -> Written {
    var written = Written()
    let name = "slices/\(plan.fileName(1)).dcm"
    let path = FilePath.joined(folder, name)
    let uid = DerivedUID.make(from: [plan.capture.seriesInstanceUID, "1"])
    let frames = plan.source.planes.enumerated().map { index, plane in
      CaptureTemplate.Frame(
        images: plan.source.images(index), plane: plane.scaled(by: plan.factor))
    }
    let header: DataSet
    do { header = try plan.template.multiFrame(frames, sopInstanceUID: uid) } catch {
      throw .encoding(error)
    }
    let size = (frames.first?.plane.rows ?? 0) * (frames.first?.plane.columns ?? 0) * 3
    var file = try FrameFile.create(
      path, header: header, frames: frames.count, frameByteCount: size,
      isCompressed: plan.isCompressed)
    for start in stride(from: 0, to: plan.count, by: Self.batch) {
      let results = try all(start..<min(plan.count, start + Self.batch)) {
        (index) throws(ExportError) in
        guard !isStopped() else { throw .stopped }
        let drawn = try draw(index)
        let bytes = plan.isCompressed ? try packed(drawn.image) : drawn.image.bytes
        done()
        return (bytes, drawn.picture)
      }
      for (bytes, picture) in results {
        try file.append(bytes)
        written.pictures.append(picture)
      }
    }
    try file.finish()
    written.checks = EncodingCheck.verdicts(of: header, inFile: path)
    let digest: String
    do { digest = try FileDigest.hex(of: path) } catch { throw .disk(error) }
    written.instances = [
      Manifest.Instance(
        file: name, seriesInstanceUID: plan.capture.seriesInstanceUID,
        sopClassUID: SOPClass.multiFrameTrueColorSecondaryCapture, sopInstanceUID: uid,
        instanceNumber: 1, sha256: digest,
        frames: frames.map { Manifest.Frame(of: $0.images.first, at: $0.plane) },
        isMultiFrame: true)
    ]
    return written
  }

  /// One file for one picture.
  private func writeFile(_ index: Int) throws(ExportError) -> (Manifest.Instance, Remains) {
    let drawn = try draw(index)
    let number = index + 1
    let series = plan.capture.seriesInstanceUID
    let uid = DerivedUID.make(from: [series, String(number)])
    let images = plan.source.images(index)
    do {
      let (capture, bytes) = try timings.measure("encode the captures") {
        var capture = try plan.template.capture(
          images: images, number: number, sopInstanceUID: uid, plane: drawn.plane,
          rgb: drawn.image.bytes)
        if plan.isCompressed { capture = try capture.compressedWithRLE() }
        let bytes = try DICOMFile.bytes(
          of: capture, transferSyntax: plan.isCompressed ? .rleLossless : .explicitVRLittleEndian)
        return (capture, bytes)
      }
      let file = "slices/\(plan.fileName(number)).dcm"
      try timings.measure("write the captures") {
        try PrivateFile.create(bytes, at: FilePath.joined(folder, file))
      }
      let digest = timings.measure("digests of the captures") { SHA256.hex(bytes) }
      let checks = timings.measure("encode the captures") {
        EncodingCheck.verdicts(of: capture, bytes: bytes)
      }
      let instance = Manifest.Instance(
        file: file, seriesInstanceUID: series, sopClassUID: SOPClass.secondaryCapture,
        sopInstanceUID: uid, instanceNumber: number, sha256: digest,
        frames: [Manifest.Frame(of: images.first, at: drawn.plane)])
      return (instance, drawn.picture.adding(checks: checks))
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as EncodingError {
      throw .encoding(error)
    } catch { throw .internalFault("\(error)") }
  }

  /// Draws a picture and writes what the review page shows of it.
  private func draw(_ index: Int) throws(ExportError) -> Drawn {
    let number = index + 1
    let name = plan.fileName(number)
    let original = plan.source.planes[index]
    do {
      let picture = try timings.measure("read and window the scan") {
        try plan.source.picture(index)
      }
      let drawn = try timings.measure("draw and look at the pixels") {
        try plan.drawer.draw(index, grey: picture.grey)
      }
      let scan = PNGImage(
        rows: original.rows, columns: original.columns, color: .grey, samples: picture.grey)
      let review = try timings.measure("pictures of the review page") {
        let ink = SliceInk.layer(of: drawn.image, over: picture.grey, factor: plan.factor)
        return [
          try Self.review(scan.serializedFast, "review/scan/\(name).png", in: folder),
          try Self.review(ink.serializedFast, "review/ink/\(name).png", in: folder),
        ]
      }
      return Drawn(
        image: drawn.image, plane: original.scaled(by: plan.factor),
        picture: Remains(
          review: review,
          page: ReviewContent.Slice(
            number: number, scan: "scan/\(name).png", ink: "ink/\(name).png",
            distance: original.distance(along: plan.source.planes[0].normal),
            maximumGy: drawn.maximumGy),
          checks: drawn.checks,
          thumbnail: timings.measure("contact sheet") {
            contact.flatMap {
              plan.drawer.thumbnail(of: drawn, index, grey: picture.grey, plan: $0)
            }
          },
          coarse: plan.kind == nil
            ? CoarseSlice(grey: picture.grey, rows: original.rows, columns: original.columns) : nil,
          window: picture.window,
          overlay: keepsLines ? overlay(index, picture, drawn.lines) : nil))
    } catch let error as FileError {
      throw .file(error)
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as ExportError {
      throw error
    } catch { throw .internalFault("\(error)") }
  }

  /// The lines as they were drawn, in the image's own pixels: its top left corner is 0, 0.
  private func overlay(
    _ index: Int, _ picture: Picture, _ levels: [LevelLines]
  ) -> IsodoseOverlay.Image? {
    guard let slice = plan.source.images(index).first, let original = picture.original else {
      return nil
    }
    let factor = Double(plan.factor)
    return IsodoseOverlay.Image(
      slice: slice, modality: original.modality, isInverse: original.isInverse,
      window: picture.window,
      lines: levels.enumerated().map { level, lines in
        IsodoseOverlay.Lines(
          level: level,
          runs: lines.pieces.map { run in
            run.flatMap { [Float(($0.column + 0.5) / factor), Float(($0.row + 0.5) / factor)] }
          })
      })
  }

  private func packed(_ image: RGBImage) throws(ExportError) -> [UInt8] {
    do {
      return try FrameCompression.rle(
        image.bytes, rows: image.rows, columns: image.columns, samplesPerPixel: 3)
    } catch { throw .internalFault("\(error)") }
  }

  /// The results of work on several pictures at once, or the first failure.
  private func all<Result: Sendable>(
    _ range: Range<Int>, _ work: @Sendable (Int) throws(ExportError) -> Result
  ) throws(ExportError) -> [Result] {
    let outcomes = inParallel(range.count) { offset -> Swift.Result<Result, ExportError> in
      Swift.Result { () throws(ExportError) in try work(range.lowerBound + offset) }
    }
    var results: [Result] = []
    for outcome in outcomes { results.append(try outcome.get()) }
    return results
  }

  /// Writes a file of the review page.
  static func review(
    _ bytes: [UInt8], _ name: String, in folder: String
  ) throws(FileTrouble) -> Manifest.ReviewFile {
    try PrivateFile.create(bytes, at: FilePath.joined(folder, name), flush: false)
    return Manifest.ReviewFile(file: name, sha256: SHA256.hex(bytes))
  }
}

extension SeriesWriter.Remains {
  fileprivate func adding(checks more: [Check]) -> Self {
    Self(
      review: review, page: page, checks: checks + more, thumbnail: thumbnail, coarse: coarse,
      window: window, overlay: overlay)
  }
}

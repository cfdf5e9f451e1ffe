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
/// What stays of each in memory is a few words; of the map itself, the contact sheet and the pictures
/// across the stack are made from what is kept on the disk.
struct SeriesWriter {
  let plan: SeriesPlan
  let files: StageFiles
  /// How its pictures stand on the contact sheet, and where they are kept; `nil` where they do not.
  let kept: (contact: ContactPlan, store: SliceStore)?
  /// Whether the lines are kept for an overlay.
  let keepsLines: Bool

  private var timings: Timings? { files.timings }

  /// What stays of a series when its files are written.
  struct Written: Sendable {
    var instances: [Manifest.Instance] = []
    var pictures: [Remains] = []
    var review: [Manifest.ReviewFile] = []
    /// Verdicts on files that hold several pictures.
    var checks: [Check] = []
  }

  /// What stays of a picture.
  struct Remains: Sendable {
    /// Its files, below the stage.
    let review: [String]
    let page: ReviewContent.Slice
    let checks: [Check]
    /// What the contact sheet says of it, where it is shown there.
    let entry: ContactSheet.Entry?
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
    var written = Written()
    if plan.isMultiFrame {
      written = try writeFrames(done: done, isStopped: isStopped)
    } else {
      written.pictures = try all(0..<plan.count) { (index) throws(ExportError) in
        guard !isStopped() else { throw .stopped }
        let picture = try writeFile(index)
        done()
        return picture
      }
    }
    let digests = files.digested()
    func digest(of name: String) throws(ExportError) -> String {
      guard let digest = digests[name] else { throw .internalFault("\(name) has no digest") }
      return digest
    }
    for name in written.pictures.flatMap(\.review) {
      written.review.append(Manifest.ReviewFile(file: name, sha256: try digest(of: name)))
    }
    guard !plan.isMultiFrame else { return written }
    for index in 0..<plan.count {
      let name = captureName(index)
      written.instances.append(
        Manifest.Instance(
          file: name, seriesInstanceUID: plan.capture.seriesInstanceUID,
          sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: instanceUID(index),
          instanceNumber: index + 1, sha256: try digest(of: name),
          frames: [
            Manifest.Frame(
              of: plan.source.images(index).first,
              at: plan.source.planes[index].scaled(by: plan.factor))
          ]))
    }
    return written
  }

  private func captureName(_ index: Int) -> String { "slices/\(plan.fileName(index + 1)).dcm" }

  private func instanceUID(_ index: Int) -> String {
    DerivedUID.make(from: [plan.capture.seriesInstanceUID, String(index + 1)])
  }

  /// One file for all pictures: drawn a batch at a time, written in their order.
  private func writeFrames(
    done: @escaping @Sendable () -> Void, isStopped: @escaping @Sendable () -> Bool
  ) throws(ExportError) -> Written {
    var written = Written()
    let name = captureName(0)
    let path = FilePath.joined(files.folder, name)
    let uid = instanceUID(0)
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
  private func writeFile(_ index: Int) throws(ExportError) -> Remains {
    let drawn = try draw(index)
    do {
      let (capture, bytes) = try timings.measure("encode the captures") {
        var capture = try plan.template.capture(
          images: plan.source.images(index), number: index + 1, sopInstanceUID: instanceUID(index),
          plane: drawn.plane, rgb: drawn.image.bytes)
        if plan.isCompressed { capture = try capture.compressedWithRLE() }
        let bytes = try DICOMFile.bytes(
          of: capture, transferSyntax: plan.isCompressed ? .rleLossless : .explicitVRLittleEndian)
        return (capture, bytes)
      }
      let checks = timings.measure("encode the captures") {
        EncodingCheck.verdicts(of: capture, bytes: bytes)
      }
      try files.write(capture: bytes, captureName(index))
      return drawn.picture.adding(checks: checks)
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
      let names = ["review/scan/\(name).png", "review/ink/\(name).png"]
      let (scan, ink) = timings.measure("pictures of the review page") {
        (
          PNGImage(
            rows: original.rows, columns: original.columns, color: .grey, samples: picture.grey
          ).serializedFast,
          SliceInk.png(of: drawn.image, over: picture.grey, factor: plan.factor)
        )
      }
      try files.write(review: scan, names[0])
      try files.write(review: ink, names[1])
      let entry = try keep(index, picture, drawn)
      return Drawn(
        image: drawn.image, plane: original.scaled(by: plan.factor),
        picture: Remains(
          review: names,
          page: ReviewContent.Slice(
            number: number, scan: "scan/\(name).png", ink: "ink/\(name).png",
            distance: original.distance(along: plan.source.planes[0].normal),
            maximumGy: drawn.maximumGy),
          checks: drawn.checks, entry: entry,
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

  /// Keeps what the contact sheet and the pictures across the stack are made of.
  ///
  /// - Returns: what the contact sheet says of the slice, where it shows it.
  private func keep(
    _ index: Int, _ picture: Picture, _ drawn: SliceDrawer.Drawn
  ) throws(FileTrouble) -> ContactSheet.Entry? {
    guard let kept else { return nil }
    return try timings.measure("contact sheet") { () throws(FileTrouble) in
      let plane = plan.source.planes[index]
      try kept.store.keep(
        CoarseSlice(grey: picture.grey, rows: plane.rows, columns: plane.columns), of: index)
      guard let entry = plan.drawer.contactEntry(of: drawn, index) else { return nil }
      try kept.store.keep(
        plan.drawer.thumbnail(of: drawn, grey: picture.grey, plan: kept.contact), of: index)
      return entry
    }
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
}

extension SeriesWriter.Remains {
  fileprivate func adding(checks more: [Check]) -> Self {
    Self(
      review: review, page: page, checks: checks + more, entry: entry, window: window,
      overlay: overlay)
  }
}

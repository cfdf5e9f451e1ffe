package import DICOM
import Digest
package import DoseMap
package import Files
import Geometry
import JSON
import Pictures
import Radiotherapy
package import SecondaryCapture
import Synchronization
import Workers

/// Draws a map and leaves it as a stage: one folder, whole or not there at all.
///
/// Slices are read, drawn, checked and written one after the other on all cores; what stays in
/// memory of each is a digest and a thumbnail.
package struct StageWriter: Sendable {
  package let prepared: PreparedMap
  package let software: CaptureSeries.Software
  /// The folder that the stage is made in.
  package let output: String
  /// The time now, as ISO 8601.
  package let now: String

  package init(
    prepared: PreparedMap, software: CaptureSeries.Software, output: String, now: String
  ) {
    self.prepared = prepared
    self.software = software
    self.output = output
    self.now = now
  }

  package struct Written: Sendable {
    package let stage: Stage
    /// Whether the same map was staged before and has been found whole.
    package let wasThere: Bool
  }

  /// What stays of a slice when its file is written.
  private struct Slice: Sendable {
    let instance: Manifest.Instance
    let review: [Manifest.ReviewFile]
    let page: ReviewContent.Slice
    let checks: [Check]
    let thumbnail: ContactSheet.Thumbnail?
    let coarse: CoarseSlice
    let window: DisplayWindow?
  }

  /// Draws everything.
  ///
  /// - Parameters:
  ///   - progress: told how many slices of how many are done; called on any thread.
  ///   - isStopped: whether to leave off; asked between two slices, on any thread.
  /// - Throws: `blocked` with all checks where one of them blocks; nothing is left then.
  package func write(
    progress: (@Sendable (Int, Int) -> Void)? = nil,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(ExportError) -> Written {
    guard !prepared.checks.isBlocked, let facts = try? prepared.facts.get(),
      let grid = prepared.grid, let join = try? prepared.course.join.get()
    else { throw .blocked(prepared.checks) }
    let scan = prepared.course.scan
    let first = scan.slices[0].plane
    let factor = prepared.settings.factor(rows: first.rows, columns: first.columns)
    guard max(first.rows, first.columns) * factor <= MapSettings.longestSide else {
      throw .scale(factor)
    }
    let series = try captureSeries(facts: facts, factor: factor)
    if let there = existing(series) { return Written(stage: there, wasThere: true) }

    let source: SliceSource
    let template: CaptureTemplate
    let isScanLossy: Bool
    do {
      source = try SliceSource(scan: scan, window: prepared.settings.window)
      let middle = try source.windowed(scan.slices[scan.slices.count / 2])
      isScanLossy = middle.isLossy
      template = try CaptureTemplate(
        scan: scan, source: middle.dataSet, dose: prepared.course.dose,
        sources: MapSources(of: prepared.course), series: series, wasLossy: middle.isLossy)
    } catch let error as FileError {
      throw .file(error)
    } catch let error as EncodingError {
      throw .encoding(error)
    } catch { throw .internalFault("\(error)") }
    let drawer = try SliceDrawer(
      prepared: prepared, facts: facts, grid: grid, join: join, factor: factor,
      isScanLossy: isScanLossy)

    let temporary = FilePath.joined(output, ".\(series.description).part-\(ProcessNumber.own)")
    do {
      FolderListing.remove(temporary)
      try PrivateFile.makeFolder(temporary)
      for folder in ["slices", "review", "review/scan", "review/ink", "review/across"] {
        try PrivateFile.makeFolder(FilePath.joined(temporary, folder))
      }
    } catch { throw .cannotCreate(error) }
    do {
      let stage = try fill(
        temporary, source: source, template: template, drawer: drawer, series: series,
        facts: facts, grid: grid, join: join, factor: factor, progress: progress,
        isStopped: isStopped)
      let isOwn = !FolderListing.exists(temporary)
      if !isOwn { FolderListing.remove(temporary) }
      return Written(stage: stage, wasThere: !isOwn)
    } catch {
      FolderListing.remove(temporary)
      throw error
    }
  }

  private func fill(
    _ folder: String, source: SliceSource, template: CaptureTemplate, drawer: SliceDrawer,
    series: CaptureSeries, facts: CourseFacts, grid: DoseGrid, join: FrameJoin, factor: Int,
    progress: (@Sendable (Int, Int) -> Void)?, isStopped: @escaping @Sendable () -> Bool
  ) throws(ExportError) -> Stage {
    let scan = prepared.course.scan
    let count = scan.slices.count
    let width = ContactSheet.width(count: count)
    let done = Atomic<Int>(0)
    let results = inParallel(count) { index -> Result<Slice, ExportError> in
      Result { () throws(ExportError) in
        guard !isStopped() else { throw .stopped }
        let slice = try writeSlice(
          index, into: folder, source: source, template: template, drawer: drawer,
          series: series, factor: factor, thumbnailWidth: width)
        progress?(done.add(1, ordering: .relaxed).newValue, count)
        return slice
      }
    }
    var slices: [Slice] = []
    for result in results { slices.append(try result.get()) }

    let checks = (prepared.checks + Self.worst(of: slices.flatMap(\.checks))).inTableOrder
    guard !checks.isBlocked else { throw .blocked(checks) }
    let hottest = Self.hottest(slices.map(\.page))
    let volumes = prepared.levels.map { drawer.volume(atOrAbove: $0.gray) }
    var review = slices.flatMap(\.review)
    do {
      let sheet = ContactSheet(slices.compactMap(\.thumbnail))
      review.append(
        try writeReview(
          PNGImage(rows: sheet.rows, columns: sheet.columns, color: .rgb, samples: sheet.rgb)
            .serializedFast, Stage.contactSheetName, in: folder))
      let made = ReviewBuilder(
        prepared: prepared, facts: facts, grid: grid, join: join, label: series.description,
        field: drawer.field, volumes: volumes
      ).made(checks: checks, slices: slices.map(\.page), coarse: slices.map(\.coarse))
      for picture in made.pictures {
        review.append(try writeReview(picture.png, "review/\(picture.file)", in: folder))
      }
      review.append(try writeReview(Array(made.page.utf8), "review/index.html", in: folder))
    } catch { throw .disk(error) }

    guard !isStopped() else { throw .stopped }
    let builder = ManifestBuilder(
      prepared: prepared, facts: facts, grid: grid, join: join, series: series, factor: factor,
      window: slices[count / 2].window,
      volumes: volumes)
    let document = builder.document(
      checks: checks, instances: slices.map(\.instance),
      review: review.sorted { $0.file < $1.file }, hottestSlices: hottest,
      introduction: introduction(facts), created: now)
    do {
      let manifest = try Manifest(document: document)
      try PrivateFile.create(
        manifest.bytes, at: FilePath.joined(folder, Stage.manifestName), mode: 0o600)
      // Another run may have staged the same map meanwhile; its stage counts.
      if let there = existing(series) { return there }
      return try publish(folder, as: series.description)
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as ExportError {
      throw error
    } catch { throw .internalFault("\(error)") }
  }

  private func writeSlice(
    _ index: Int, into folder: String, source: SliceSource, template: CaptureTemplate,
    drawer: SliceDrawer, series: CaptureSeries, factor: Int, thumbnailWidth: Int
  ) throws(ExportError) -> Slice {
    let slice = prepared.course.scan.slices[index]
    do {
      let windowed = try source.windowed(slice)
      let drawn = try drawer.draw(index, grey: windowed.grey)
      let number = index + 1
      let name = Self.padded(number)
      let uid = DerivedUID.make(from: [series.seriesInstanceUID, String(number)])
      let plane = slice.plane.scaled(by: factor)
      let capture = try template.capture(
        slice: slice, number: number, sopInstanceUID: uid, plane: plane, rgb: drawn.image.bytes)
      let bytes = try DICOMFile.bytes(of: capture)
      let file = "slices/\(name).dcm"
      try PrivateFile.create(bytes, at: FilePath.joined(folder, file))
      let scanPNG = PNGImage(
        rows: slice.plane.rows, columns: slice.plane.columns, color: .grey, samples: windowed.grey)
      let ink = SliceInk.layer(of: drawn.image, over: windowed.grey, factor: factor)
      let review = [
        try writeReview(scanPNG.serializedFast, "review/scan/\(name).png", in: folder),
        try writeReview(ink.serializedFast, "review/ink/\(name).png", in: folder),
      ]
      return Slice(
        instance: Manifest.Instance(
          file: file, seriesInstanceUID: series.seriesInstanceUID,
          sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: uid, instanceNumber: number,
          sha256: SHA256.hex(bytes), sourceSOPInstanceUID: slice.identity.sopInstanceUID,
          sourceFrame: slice.frame.map { $0 + 1 },
          position: [plane.position.x, plane.position.y, plane.position.z]),
        review: review,
        page: ReviewContent.Slice(
          number: number, scan: "scan/\(name).png", ink: "ink/\(name).png",
          distance: slice.plane.distance(along: prepared.course.scan.normal),
          maximumGy: drawn.maximumGy),
        checks: drawn.checks + EncodingCheck.verdicts(of: capture, bytes: bytes),
        thumbnail: (drawn.maximumGy ?? 0) >= (prepared.levels.last?.gray ?? .infinity)
          ? ContactSheet.thumbnail(of: drawn.image, number: number, width: thumbnailWidth) : nil,
        coarse: CoarseSlice(
          grey: windowed.grey, rows: slice.plane.rows, columns: slice.plane.columns),
        window: windowed.window)
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

  private func writeReview(
    _ bytes: [UInt8], _ name: String, in folder: String
  ) throws(FileTrouble) -> Manifest.ReviewFile {
    try PrivateFile.create(bytes, at: FilePath.joined(folder, name), flush: false)
    return Manifest.ReviewFile(file: name, sha256: SHA256.hex(bytes))
  }

  // MARK: Names

  private func captureSeries(
    facts: CourseFacts, factor: Int
  ) throws(ExportError) -> CaptureSeries {
    let digest: String
    do { digest = try InputDigest.hex(of: prepared.course) } catch { throw .file(error) }
    let label = facts.label.text
    let uid = DerivedUID.make(from: [
      prepared.course.scan.seriesInstanceUID, prepared.course.dose.identity.sopInstanceUID, label,
      digest, prepared.settings.signature(factor: factor, levels: prepared.levels),
      software.version,
    ])
    let levels = prepared.levels.map { DoseText.gray($0.gray) }.joined(separator: ", ")
    return CaptureSeries(
      seriesInstanceUID: uid,
      // Far from the numbers that scanners give, and the same for the same scan.
      number: 9000 + (prepared.course.scan.number ?? 0) % 1000,
      description: label,
      derivation:
        "Isodose lines of \(levels) Gy burned into the windowed scan; dose sampled trilinearly at the pixel centres in patient coordinates",
      software: software)
  }

  /// A stage of the very same map that is there already and whole.
  private func existing(_ series: CaptureSeries) -> Stage? {
    for name in Self.names(for: series.description) {
      let path = FilePath.joined(output, name)
      guard FolderListing.exists(path) else { return nil }
      guard let stage = try? Stage(path: path),
        stage.manifest.seriesInstanceUID == series.seriesInstanceUID,
        (try? stage.requireIntact()) != nil
      else { continue }
      return stage
    }
    return nil
  }

  /// Gives the folder the label's name, or the first one behind it that is free.
  private func publish(_ folder: String, as label: String) throws(ExportError) -> Stage {
    for name in Self.names(for: label) {
      let path = FilePath.joined(output, name)
      if FolderListing.exists(path) { continue }
      do {
        try PrivateFile.syncFolder(of: FilePath.joined(folder, Stage.manifestName))
        try PrivateFile.move(folder, to: path)
      } catch { throw .disk(error) }
      do { return try Stage(path: path) } catch { throw .stage(error) }
    }
    throw .tooManyStages(label)
  }

  private static func names(for label: String) -> [String] {
    [label] + (2...99).map { "\(label)-\($0)" }
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  // MARK: What people read

  private func introduction(_ facts: CourseFacts) -> [String] {
    let course = prepared.course
    let scan = course.scan
    var lines = [
      "Patient    \(scan.patient.id ?? "")",
      "Scan       \(scan.modality), \(scan.slices.count) slices, \(scan.date?.iso ?? "no date")"
        + (scan.description.map { ", \($0)" } ?? ""),
      "Plan       \(course.plan?.label ?? "")",
    ]
    switch facts.evidence {
    case .records(let count):
      lines.append("Evidence   \(count) RT treatment record\(count == 1 ? "" : "s")")
    case .summary: lines.append("Evidence   RT Treatment Summary Record")
    case .attested: lines.append("Evidence   none; the end of the course is your word")
    }
    return lines
  }

  // MARK: Verdicts

  /// The numbers of the slices in which the dose is highest.
  private static func hottest(_ slices: [ReviewContent.Slice]) -> [Int] {
    guard let highest = slices.compactMap(\.maximumGy).max() else { return [] }
    return slices.filter { $0.maximumGy == highest }.map(\.number)
  }

  /// Of many slices' verdicts the worst one of each check.
  private static func worst(of checks: [Check]) -> [Check] {
    CheckID.allCases.compactMap { id in
      let own = checks.filter { $0.id == id }
      return own.first { $0.status == .failure } ?? own.first { $0.status == .warning }
        ?? own.first.map { .pass($0.id, "\(own.count) slices") }
    }
  }
}

/// Why no stage was made.
package enum ExportError: Error, Equatable {
  case blocked([Check])
  case file(FileError)
  case drawing(DoseMapError)
  case encoding(EncodingError)
  case disk(FileTrouble)
  case cannotCreate(FileTrouble)
  case stage(StageError)
  case scale(Int)
  case tooManyStages(String)
  /// Somebody asked to leave off.
  case stopped
  case internalFault(String)
}

extension ExportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .blocked(let checks):
      "no map can be made: "
        + checks.filter { $0.status == .failure }.map(\.id.rawValue).joined(separator: ", ")
        + "; nothing was staged"
    case .file(let error): "\(error)"
    case .drawing(let error): "\(error)"
    case .encoding(let error): "\(error)"
    case .disk(let trouble), .cannotCreate(let trouble):
      "\(trouble); make room or choose another folder with --output"
    case .stage(let error): "\(error)"
    case .scale(let factor):
      "--scale \(factor) makes slices of more than \(MapSettings.longestSide) pixels; choose a smaller one"
    case .tooManyStages(let label): "a hundred stages named \(label) are there; clear them away"
    case .stopped: "stopped; nothing was staged"
    case .internalFault(let what): "internal fault: \(what)"
    }
  }
}

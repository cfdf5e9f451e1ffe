package import DICOM
import DoseMap
package import Files
import Geometry
import JSON
import Pictures
import Radiotherapy
package import SecondaryCapture
import Synchronization
package import Workers

/// Draws a map and leaves it as a stage: one folder, whole or not there at all.
///
/// ``SeriesNaming`` says what the series are called, ``SeriesPlanner`` what they are drawn on,
/// ``SeriesWriter`` draws and writes each; here they become one stage.
package struct StageWriter: Sendable {
  package let prepared: PreparedMap
  package let software: CaptureSeries.Software
  /// The folder that the stage is made in.
  package let output: String
  /// The time now, as ISO 8601.
  package let now: String
  /// Who may read and write the stage beside its owner.
  package let group: GroupAccess?
  /// What the manifest is sealed with; `nil`: it is not.
  package let key: SiteKey?
  /// The treatment summary that goes out beside the map.
  package let summary: [UInt8]?
  /// Of everything that the map is made from, where it is known; else it is worked out.
  package let inputDigest: Result<String, FileError>?
  /// Told how long each phase takes; `nil` where nobody asks.
  package let timings: Timings?

  package init(
    prepared: PreparedMap, software: CaptureSeries.Software, output: String, now: String,
    group: GroupAccess? = nil, key: SiteKey? = nil, summary: [UInt8]? = nil,
    inputDigest: Result<String, FileError>? = nil, timings: Timings? = nil
  ) {
    self.summary = summary
    self.inputDigest = inputDigest
    self.timings = timings
    self.prepared = prepared
    self.software = software
    self.output = output
    self.now = now
    self.group = group
    self.key = key
  }

  package struct Written: Sendable {
    package let stage: Stage
    /// Whether the same map was staged before and has been found whole.
    package let wasThere: Bool
    /// How many exports that were killed have left something, which is cleared away.
    package let abandoned: Int
  }

  /// Draws everything.
  ///
  /// - Parameters:
  ///   - progress: told how many pictures of how many are done; called on any thread.
  ///   - isStopped: whether to leave off; asked between two pictures, on any thread.
  /// - Throws: `blocked` with all checks where one of them blocks; nothing is left then.
  package func write(
    progress: (@Sendable (Int, Int) -> Void)? = nil,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(ExportError) -> Written {
    guard !prepared.checks.isBlocked, let facts = try? prepared.facts.get(),
      let grid = prepared.grid, let join = prepared.join, prepared.field != nil
    else { throw .blocked(prepared.checks) }
    let first = prepared.course.scan.slices[0].plane
    let factor = prepared.settings.factor(rows: first.rows, columns: first.columns)
    guard max(first.rows, first.columns) * factor <= MapSettings.longestSide else {
      throw .scale(factor)
    }
    let digest: String
    do throws(FileError) {
      if let inputDigest {
        digest = try inputDigest.get()
      } else {
        digest = try InputDigest.hex(
          of: prepared.course, withStructures: prepared.settings.drawsStructures)
      }
    } catch { throw .file(error) }
    let naming = SeriesNaming(
      prepared: prepared, facts: facts, digest: digest, factor: factor, software: software)
    let target = StageFolder(output: output, naming: naming, group: group, summary: summary)
    let abandoned = target.removeAbandoned()
    if let there = target.existing() {
      return Written(stage: there, wasThere: true, abandoned: abandoned)
    }
    let plans = try timings.measure("plan the series") { () throws(ExportError) in
      try SeriesPlanner(
        prepared: prepared, facts: facts, join: join, naming: naming, scratchFolder: output
      ).plans()
    }
    let hold: FolderHold?
    do { hold = try target.makeTemporary() } catch { throw .cannotCreate(error) }
    defer { hold?.release() }
    do {
      let stage = try fill(
        target, naming: naming, plans: plans, facts: facts, grid: grid, join: join,
        progress: progress,
        isStopped: isStopped)
      let isOwn = !FolderListing.exists(target.temporary)
      if !isOwn { FolderListing.remove(target.temporary) }
      return Written(stage: stage, wasThere: !isOwn, abandoned: abandoned)
    } catch {
      FolderListing.remove(target.temporary)
      throw error
    }
  }

  private func fill(
    _ target: StageFolder, naming: SeriesNaming, plans: [SeriesPlan], facts: CourseFacts,
    grid: DoseGrid,
    join: FrameJoin, progress: (@Sendable (Int, Int) -> Void)?,
    isStopped: @escaping @Sendable () -> Bool
  ) throws(ExportError) -> Stage {
    let folder = target.temporary
    let count = plans.map(\.count).reduce(0, +)
    let done = Atomic<Int>(0)
    let contact = ContactPlan(
      grid: grid, join: join, scan: prepared.course.scan, source: plans[0].source,
      lowest: prepared.levels.last?.gray ?? 0, factor: facts.factor,
      headRows: plans[0].drawer.contactHead.rows)
    let overlay = naming.series(of: .overlay, in: prepared.settings)
    let drawer = plans[0].drawer
    let plane = prepared.course.scan.slices[0].plane
    let files = StageFiles(folder: folder, timings: timings)
    let store: SliceStore
    do {
      store = try SliceStore(
        rows: plane.rows, columns: plane.columns, contact: contact, in: target.output)
    } catch { throw .cannotCreate(error) }
    let (measured, written) = try alongside { [timings, prepared] in
      timings.measure("volumes") { Measured(prepared, facts, drawer.field) }
    } _: { () throws(ExportError) in
      try writeAll(
        plans, facts: facts, kept: (contact, store), overlay: overlay, files: files,
        progress: { progress?(done.add(1, ordering: .relaxed).newValue, count) },
        isStopped: isStopped)
    }
    let pictures = written.flatMap(\.pictures)
    let slices = written[0].pictures

    let found = pictures.flatMap(\.checks) + written.flatMap(\.checks)
    let checks = (prepared.checks + Self.worst(of: found)).inTableOrder
    guard !checks.isBlocked else { throw .blocked(checks) }
    var review = written.flatMap(\.review)
    do {
      if let summary {
        try files.write(review: summary, Stage.summaryName)
        review +=
          files.digested()[Stage.summaryName].map {
            [Manifest.ReviewFile(file: Stage.summaryName, sha256: $0)]
          } ?? []
      }
      let builder = ReviewBuilder(
        prepared: prepared, facts: facts, grid: grid, join: join,
        label: plans[0].capture.description,
        furtherSeries: zip(naming.additional, prepared.settings.additional).map { series, kind in
          "\(series.description): \(kind.summary)"
        },
        field: drawer.field, volumes: measured.volumes, coarseness: measured.coarseness,
        histograms: measured.histograms)
      let (sheet, across) = try alongside { [timings] in
        timings.measure("contact sheet") {
          Result { () throws(FileTrouble) in
            try ContactSheetFile.write(
              ContactSheet(
                slices.compactMap(\.entry), rows: contact.rows, columns: contact.columns,
                head: drawer.contactHead), of: store, in: folder)
          }
        }
      } _: { () throws(FileTrouble) in
        try timings.measure("review page") { () throws(FileTrouble) in
          try reviewPage(
            builder, checks: checks,
            series: zip(plans, written).map {
              ReviewContent.Series($0, slices: $1.pictures.map(\.page))
            }, store: store, files: files)
        }
      }
      review += [try sheet.get()] + across
      try timings.measure("wait for the disk") { () throws(FileTrouble) in try files.finish() }
    } catch { throw .disk(error) }

    guard !isStopped() else { throw .stopped }
    let builder = ManifestBuilder(
      prepared: prepared, facts: facts, grid: grid, join: join, plans: plans,
      naming: naming, window: slices[slices.count / 2].window, volumes: measured.volumes,
      coarseness: measured.coarseness, histograms: measured.histograms)
    let document = timings.measure("manifest") {
      builder.document(
        checks: checks, instances: written.flatMap(\.instances),
        review: review.sorted { $0.file < $1.file },
        hottestSlices: Self.hottest(slices.map(\.page)),
        introduction: introduction(facts), created: now)
    }
    do {
      let manifest = try Manifest(document: key?.sealing(document) ?? document)
      try PrivateFile.create(
        manifest.bytes, at: FilePath.joined(folder, Stage.manifestName), mode: 0o600)
      // Another run may have staged the same map meanwhile; its stage counts.
      if let there = target.existing() { return there }
      return try target.publish()
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as ExportError {
      throw error
    } catch { throw .internalFault("\(error)") }
  }

  /// Writes the review page and its pictures across the stack.
  private func reviewPage(
    _ builder: ReviewBuilder, checks: [Check], series: [ReviewContent.Series], store: SliceStore,
    files: StageFiles
  ) throws(FileTrouble) -> [Manifest.ReviewFile] {
    let names = Mutex<[String]>([])
    let page = try builder.page(checks: checks, series: series, store: store) {
      (file, png) throws(FileTrouble) in
      let name = "review/\(file)"
      try files.write(review: png, name)
      names.withLock { $0.append(name) }
    }
    try files.write(review: Array(page.utf8), Stage.reviewPageName)
    let digests = files.digested()
    return (names.withLock(\.self) + [Stage.reviewPageName]).compactMap { name in
      digests[name].map { Manifest.ReviewFile(file: name, sha256: $0) }
    }
  }

  /// Draws and writes all series, the overlay last: it shows what the map's own lines were.
  private func writeAll(
    _ plans: [SeriesPlan], facts: CourseFacts, kept: (contact: ContactPlan, store: SliceStore),
    overlay: CaptureSeries?, files: StageFiles, progress: @escaping @Sendable () -> Void,
    isStopped: @escaping @Sendable () -> Bool
  ) throws(ExportError) -> [SeriesWriter.Written] {
    var written: [SeriesWriter.Written] = []
    for plan in plans {
      written.append(
        try SeriesWriter(
          plan: plan, files: files, kept: plan.kind == nil ? kept : nil,
          keepsLines: plan.kind == nil && overlay != nil
        ).write(done: progress, isStopped: isStopped))
    }
    if let overlay {
      written.append(
        try OverlayWriter(
          prepared: prepared, facts: facts, series: overlay, drawer: plans[0].drawer,
          folder: files.folder
        ).write(written[0].pictures.compactMap(\.overlay)))
    }
    return written
  }

  /// What people read before the questions.
  private func introduction(_ facts: CourseFacts) -> [String] {
    let course = prepared.course
    let scan = course.scan
    var lines = [
      "Patient    \(scan.patient.id ?? "")",
      "Scan       \(scan.modality), \(scan.slices.count) slices, \(scan.date?.iso ?? "no date")"
        + (scan.description.map { ", \($0)" } ?? ""),
      "Plan       \(course.plans.compactMap { $0.plan?.label }.joined(separator: ", "))",
    ]
    switch facts.evidence {
    case .records(let count):
      lines.append("Evidence   \(count) RT treatment record\(count == 1 ? "" : "s")")
    case .summary: lines.append("Evidence   RT Treatment Summary Record")
    case .courseSummary: lines.append("Evidence   Course Summary of the record system")
    case .attested: lines.append("Evidence   none; the end of the course is your word")
    }
    return lines
  }

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

/// What is counted of the dose in the patient, apart from any picture.
private struct Measured: Sendable {
  /// In cm3, one for each level.
  let volumes: [Double]
  let coarseness: [Double]
  let histograms: [DoseVolumeHistogram]

  init(_ prepared: PreparedMap, _ facts: CourseFacts, _ field: DoseField) {
    let levels = prepared.levels.map(\.gray)
    volumes = field.volumes(atOrAbove: levels)
    coarseness = field.coarseness(of: volumes, atOrAbove: levels)
    histograms =
      prepared.dose.map {
        DoseVolumeHistogram.targets(of: prepared.course, facts, dose: $0)
      } ?? []
  }
}

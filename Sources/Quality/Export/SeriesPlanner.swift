import DICOM
import DoseMap
import Geometry
import Radiotherapy
import SecondaryCapture

/// Lays out the series of a stage: what each is drawn on, and by whom.
struct SeriesPlanner {
  let prepared: PreparedMap
  let facts: CourseFacts
  let join: FrameJoin
  let naming: SeriesNaming
  /// Where bytes may be put for a while.
  let scratchFolder: String

  /// The map itself first, then the others in the order of the settings.
  func plans() throws(ExportError) -> [SeriesPlan] {
    let scan = prepared.course.scan
    let settings = prepared.settings
    let source: SliceSource
    let middle: SliceSource.Windowed
    let locator: MapLocator?
    do {
      source = try SliceSource(
        scan: scan, window: settings.window, windowName: settings.windowName)
      middle = try source.windowed(scan.slices[scan.slices.count / 2])
      locator = try LocatorView.make(from: source)
    } catch { throw .file(error) }
    var plans = [
      try plan(
        naming.main, kind: nil, filePrefix: "", source: source, middle: middle,
        locator: locator)
    ]
    var stack: WindowedStack?
    for (index, series) in settings.additional.enumerated() where series != .overlay {
      // Two of a kind must not share their files.
      let earlier = settings.additional[..<index].count { $0.kind == series.kind }
      let prefix = series.kind + (earlier > 0 ? "\(earlier + 1)-" : "-")
      plans.append(
        try plan(
          naming.additional[index], kind: series, filePrefix: prefix,
          source: try pictures(of: series, like: source, &stack), middle: middle,
          locator: series.isOnSlices ? locator : nil))
    }
    return plans
  }

  /// What a series beside the map is drawn on.
  private func pictures(
    of series: AdditionalSeries, like source: SliceSource, _ stack: inout WindowedStack?
  ) throws(ExportError) -> any PictureSource {
    switch series {
    case .window(let window, let name):
      do {
        return try SliceSource(
          scan: source.scan, window: window, windowName: window == nil ? name : nil)
      } catch { throw .file(error) }
    case .overlay: throw .internalFault("an overlay is drawn on no picture of its own")
    case .reformat(let direction):
      let reformat: StackReformat
      do { reformat = try StackReformat(direction, across: source.planes) } catch {
        throw .plane(direction, error)
      }
      let windowed: WindowedStack
      if let stack {
        windowed = stack
      } else {
        windowed = try WindowedStack(source, in: scratchFolder)
        stack = windowed
      }
      return ReformatSource(windowed, reformat)
    }
  }

  private func plan(
    _ capture: CaptureSeries, kind: AdditionalSeries?, filePrefix: String,
    source: any PictureSource, middle: SliceSource.Windowed, locator: MapLocator?
  ) throws(ExportError) -> SeriesPlan {
    let planes = source.planes
    let (rows, columns) = (planes.first?.rows ?? 0, planes.first?.columns ?? 0)
    let factor = prepared.settings.factor(rows: rows, columns: columns)
    guard max(rows, columns) * factor <= MapSettings.longestSide else { throw .scale(factor) }
    let template: CaptureTemplate
    do {
      var image = middle.dataSet
      if let reformat = (source as? ReformatSource)?.reformat {
        try image.set(.sliceThickness, decimals: [reformat.distance])
      }
      template = try CaptureTemplate(
        scan: prepared.course.scan, source: image, dose: prepared.course.newestDose,
        sources: MapSources(of: prepared.course), series: capture, wasLossy: middle.isLossy)
    } catch { throw .encoding(error) }
    return SeriesPlan(
      capture: capture, kind: kind, filePrefix: filePrefix, source: source,
      drawer: try SliceDrawer(
        prepared: prepared, facts: facts, join: join, factor: factor,
        isScanLossy: middle.isLossy, planes: planes,
        pictureName: kind.map { "\($0.suffix) slice" } ?? "slice", locator: locator,
        title: capture.description, notes: kind?.notes ?? []),
      template: template, factor: factor, isMultiFrame: prepared.settings.isMultiFrame,
      isCompressed: prepared.settings.isCompressed)
  }
}

package import DICOM
package import DoseMap
import Geometry
package import Radiotherapy

/// Isodose lines as vector graphics over the untouched images of a scan: a Grayscale Softcopy
/// Presentation State.
///
/// PS3.3 A.33.1. Viewers that know presentation states lay the lines over the original and can take
/// them away again.
package struct IsodoseOverlay: Sendable {
  /// An image and the lines over it.
  package struct Image: Sendable {
    package let slice: ScanSlice
    /// Rescale or Modality LUT, as the image has them: a presentation state says them anew.
    package let modality: DataSet
    package let isInverse: Bool
    package let window: DisplayWindow?
    package let lines: [Lines]

    package init(
      slice: ScanSlice, modality: DataSet, isInverse: Bool, window: DisplayWindow?, lines: [Lines]
    ) {
      self.slice = slice
      self.modality = modality
      self.isInverse = isInverse
      self.window = window
      self.lines = lines
    }
  }

  /// The lines of one level on one image.
  package struct Lines: Sendable {
    /// Which of the levels, highest dose first.
    package let level: Int
    /// Column and row by turns; the top left corner of the image is 0, 0.
    package let runs: [[Float]]

    package init(level: Int, runs: [[Float]]) {
      self.level = level
      self.runs = runs
    }
  }

  /// What a level is called, and its colour.
  package struct Level: Sendable {
    package let text: String
    package let color: RGBColor

    package init(text: String, color: RGBColor) {
      self.text = text
      self.color = color
    }
  }

  package let scan: ScanSeries
  package let series: CaptureSeries
  /// Highest dose first.
  package let levels: [Level]
  /// What stands above the levels' names, and below them.
  package let title: String
  package let remarks: [String]
  /// For the date, where the dose has none: the last fraction.
  package let completed: CalendarDate

  package init(
    scan: ScanSeries, series: CaptureSeries, levels: [Level], title: String, remarks: [String],
    completed: CalendarDate
  ) {
    self.scan = scan
    self.series = series
    self.levels = levels
    self.title = title
    self.remarks = remarks
    self.completed = completed
  }

  /// More would not fit into a value of explicit VR: 8 bytes a point, 65 534 in all.
  private static let longestRun = 8_000

  /// Images whose stored values mean the same may share a presentation state.
  package static func groups(_ images: [Image]) throws(EncodingError) -> [[Image]] {
    var groups: [(key: [UInt8], images: [Image])] = []
    for image in images {
      let key =
        try DataSetEncoder.encode(image.modality, transferSyntax: .explicitVRLittleEndian)
        + [image.isInverse ? 1 : 0]
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].images.append(image)
      } else {
        groups.append((key, [image]))
      }
    }
    return groups.map(\.images)
  }

  /// The presentation state of images of one group.
  ///
  /// - Parameter source: the data set of one image of the scan.
  package func state(
    of images: [Image], source: DataSet, dose: RTDose, number: Int, sopInstanceUID: String
  ) throws(EncodingError) -> DataSet {
    var set = DataSet()
    for tag in CaptureTemplate.copied {
      if let element = source[tag] { set.set(element) }
    }
    for tag in CaptureTemplate.mayBeEmpty
    where !set.contains(tag) && tag != .positionReferenceIndicator { set.setEmpty(tag) }
    if !set.contains(.bodyPartExamined) { set.setEmpty(.laterality) }
    try CaptureTemplate.setDates(of: dose, in: &set)
    for tag in [Tag.contentDate, .contentTime] { set.remove(tag) }
    try set.set(.sopClassUID, SOPClass.grayscaleSoftcopyPresentationState)
    try set.set(.sopInstanceUID, sopInstanceUID)
    try set.set(.modality, "PR")
    try set.set(.manufacturer, series.software.name)
    try set.set(.manufacturerModelName, series.software.name)
    try set.set(.softwareVersions, series.software.version)
    try set.set(.seriesInstanceUID, series.seriesInstanceUID)
    try set.set(.seriesNumber, integer: series.number)
    try set.set(.seriesDescription, series.description)
    try set.set(.instanceNumber, integer: number)
    try set.set(.contentLabel, "ISODOSES")
    try set.set(.contentDescription, title)
    try set.set(.presentationCreationDate, set.string(.seriesDate) ?? completed.dicom)
    try set.set(.presentationCreationTime, set.string(.seriesTime) ?? "000000")
    set.setEmpty(.contentCreatorName)
    set.set(.referencedSeriesSequence, items: [try relationship(images)])
    for element in images.first?.modality.elements ?? [] { set.set(element) }
    let windows = try windows(images)
    if !windows.isEmpty { set.set(.softcopyVOILUTSequence, items: windows) }
    try set.set(.presentationLUTShape, images.first?.isInverse == true ? "INVERSE" : "IDENTITY")
    set.set(.displayedAreaSelectionSequence, items: [try area()])
    set.set(.graphicLayerSequence, items: try layers())
    var items = try legend()
    for image in images { items += try annotations(image) }
    set.set(.graphicAnnotationSequence, items: items)
    return set
  }

  // MARK: What it refers to

  private func relationship(_ images: [Image]) throws(EncodingError) -> DataSet {
    var seen: Set<String> = []
    var item = DataSet()
    try item.set(.seriesInstanceUID, scan.seriesInstanceUID)
    item.set(
      .referencedImageSequence,
      items: try images.map(\.slice).filter {
        seen.insert($0.identity.sopInstanceUID).inserted
      }.map { slice throws(EncodingError) in
        var reference = try CaptureTemplate.item(CaptureTemplate.reference(to: slice))
        let frames = images.filter {
          $0.slice.identity.sopInstanceUID == slice.identity.sopInstanceUID
        }.compactMap(\.slice.frame)
        if !frames.isEmpty {
          try reference.set(.referencedFrameNumber, integers: frames.map { $0 + 1 })
        }
        return reference
      })
    return item
  }

  private static func reference(to image: Image) throws(EncodingError) -> DataSet {
    var item = try CaptureTemplate.item(CaptureTemplate.reference(to: image.slice))
    if let frame = image.slice.frame { try item.set(.referencedFrameNumber, integer: frame + 1) }
    return item
  }

  /// One item for each window; images whose VOI is a table are left to themselves.
  private func windows(_ images: [Image]) throws(EncodingError) -> [DataSet] {
    var groups: [(window: DisplayWindow, images: [Image])] = []
    for image in images {
      guard let window = image.window else { continue }
      if let index = groups.firstIndex(where: { $0.window == window }) {
        groups[index].images.append(image)
      } else {
        groups.append((window, [image]))
      }
    }
    var items: [DataSet] = []
    for (window, own) in groups {
      var item = DataSet()
      try item.set(.windowCenter, decimals: [window.center])
      try item.set(.windowWidth, decimals: [window.width])
      if window.function != .linear {
        try item.set(.voilutFunction, window.function.rawValue)
      }
      // Without references it would hold for all images.
      if own.count < images.count {
        item.set(.referencedImageSequence, items: try own.map(Self.reference))
      }
      items.append(item)
    }
    return items
  }

  private func area() throws(EncodingError) -> DataSet {
    let plane = scan.slices[0].plane
    var item = DataSet()
    try item.set(.displayedAreaTopLeftHandCorner, integers: [1, 1])
    try item.set(.displayedAreaBottomRightHandCorner, integers: [plane.columns, plane.rows])
    try item.set(.presentationSizeMode, "SCALE TO FIT")
    try item.set(.presentationPixelSpacing, decimals: [plane.rowSpacing, plane.columnSpacing])
    return item
  }

  // MARK: What it draws

  private static func layer(_ level: Int) -> String { "ISODOSE \(level + 1)" }
  private static let legendLayer = "LEGEND"

  /// Higher doses lie on top.
  private func layers() throws(EncodingError) -> [DataSet] {
    var items: [DataSet] = []
    for (index, level) in levels.enumerated() {
      items.append(
        try layer(
          Self.layer(index), order: levels.count - index, level.color, level.text))
    }
    items.append(
      try layer(
        Self.legendLayer, order: levels.count + 1, RGBColor(grey: 255), "Title and remarks"))
    return items
  }

  private func layer(
    _ name: String, order: Int, _ color: RGBColor, _ description: String
  ) throws(EncodingError) -> DataSet {
    var item = DataSet()
    try item.set(.graphicLayer, name)
    try item.set(.graphicLayerOrder, integer: order)
    try item.set(.graphicLayerRecommendedDisplayGrayscaleValue, integer: 65535)
    try item.set(
      .graphicLayerRecommendedDisplayCIELabValue, integers: LabColor(color).encoded)
    try item.set(.graphicLayerDescription, Self.plain(description, limit: 64))
    return item
  }

  /// Words for all images: the title, each level in its own colour, the remarks.
  private func legend() throws(EncodingError) -> [DataSet] {
    let lines = [title] + levels.map(\.text) + remarks
    var items: [DataSet] = []
    for (index, line) in lines.enumerated() {
      let level = index - 1
      var text = DataSet()
      try text.set(.boundingBoxAnnotationUnits, "DISPLAY")
      let top = 0.01 + 0.03 * Double(index)
      try text.set(.boundingBoxTopLeftHandCorner, decimals: [0.01, top])
      try text.set(.boundingBoxBottomRightHandCorner, decimals: [0.6, top + 0.028])
      try text.set(.boundingBoxTextHorizontalJustification, "LEFT")
      try text.set(.unformattedTextValue, Self.plain(line))
      var item = DataSet()
      try item.set(
        .graphicLayer, levels.indices.contains(level) ? Self.layer(level) : Self.legendLayer)
      item.set(.textObjectSequence, items: [text])
      items.append(item)
    }
    return items
  }

  private func annotations(_ image: Image) throws(EncodingError) -> [DataSet] {
    var items: [DataSet] = []
    for lines in image.lines where !lines.runs.isEmpty {
      var objects: [DataSet] = []
      for run in lines.runs.flatMap(Self.pieces) {
        var object = DataSet()
        try object.set(.graphicAnnotationUnits, "PIXEL")
        try object.set(.graphicDimensions, integer: 2)
        try object.set(.numberOfGraphicPoints, integer: run.count / 2)
        try object.set(.graphicData, decimals: run.map(Double.init))
        try object.set(.graphicType, "POLYLINE")
        try object.set(.graphicFilled, "N")
        objects.append(object)
      }
      var item = DataSet()
      item.set(.referencedImageSequence, items: [try Self.reference(to: image)])
      try item.set(.graphicLayer, Self.layer(lines.level))
      item.set(.graphicObjectSequence, items: objects)
      items.append(item)
    }
    return items
  }

  /// A run in pieces that a value has room for; each begins where the one before ends.
  private static func pieces(_ run: [Float]) -> [[Float]] {
    var pieces: [[Float]] = []
    var start = 0
    while start + 4 <= run.count {
      let end = min(run.count, start + 2 * longestRun)
      pieces.append(Array(run[start..<end]))
      if end == run.count { break }
      start = end - 2
    }
    return pieces
  }

  /// What every character set can say.
  private static func plain(_ text: String, limit: Int = 1024) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) {
      plain.append(scalar.isASCII && scalar != "\\" ? scalar : "?")
    }
    return String(plain)
  }
}

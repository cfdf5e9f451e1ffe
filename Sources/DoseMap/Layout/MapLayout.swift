import Geometry

/// A block of lettering in its place on the picture.
struct PlacedBlock {
  /// What the block is, for reports.
  let name: String
  let rect: PixelRect
  let ink: InkBlock
  let lines: [(text: String, size: TextSize, row: Int, column: Int)]
}

/// Finds a place for everything that is written on a slice.
///
/// Where a block would touch the prescription isodose it moves along its edge and to other
/// corners, then it shrinks; a block without any place is left out and named.
struct MapLayout {
  let rows: Int
  let columns: Int
  private var space: FreeSpace
  private let rendered: RenderedBlocks
  private(set) var blocks: [PlacedBlock] = []
  /// The names of blocks that found no place.
  private(set) var blocked: [String] = []
  /// The names of pictures (scale bar, locator) that gave way.
  private(set) var omitted: [String] = []

  private var shorterSide: Int { min(rows, columns) }

  init(rows: Int, columns: Int, space: FreeSpace, rendered: RenderedBlocks) {
    self.rendered = rendered
    self.rows = rows
    self.columns = columns
    self.space = space
  }

  /// Places lines of text; `share` is how much of the picture's width they may take.
  ///
  /// - Parameter isOfSlice: whether these words stand on this slice alone.
  mutating func add(
    _ name: String, _ lines: [TextBlock.Line], share: Double, at anchors: [Anchor],
    isOfSlice: Bool = false
  ) {
    guard !lines.isEmpty else { return }
    let width = Int(Double(columns) * share)
    for (isSmall, avoidingInside) in [(false, true), (false, false), (true, true), (true, false)] {
      for anchor in anchors {
        let block = TextBlock(lines: lines, alignment: anchor.alignment, width: width)
        let rendered =
          isOfSlice
          ? block.rendered(shorterSide: shorterSide, isSmall: isSmall)
          : rendered.rendered(block, shorterSide: shorterSide, isSmall: isSmall)
        if place(name, rendered.ink, rendered.lines, anchor, avoidingInside) { return }
      }
    }
    blocked.append(name)
  }

  /// Places a small picture in the first of some sizes that fits; it gives way where none does.
  mutating func add(_ name: String, _ sizes: some Sequence<InkBlock>, at anchors: [Anchor]) {
    for avoidingInside in [true, false] {
      for ink in sizes {
        for anchor in anchors where place(name, ink, [], anchor, avoidingInside) { return }
      }
    }
    omitted.append(name)
  }

  private mutating func place(
    _ name: String, _ ink: InkBlock,
    _ lines: [(text: String, size: TextSize, row: Int, column: Int)], _ anchor: Anchor,
    _ avoidingInside: Bool
  ) -> Bool {
    let places = anchor.places(ink.rows, ink.columns, rows: rows, columns: columns)
    guard let rect = places.first(where: { space.isFree($0, avoidingInside: avoidingInside) })
    else { return false }
    space.take(rect)
    blocks.append(PlacedBlock(name: name, rect: rect, ink: ink, lines: lines))
    return true
  }
}

extension MapLayout {
  /// An alert in lines: the words in capitals that it begins with stand large on their own.
  static func alert(_ text: String) -> [TextBlock.Line] {
    let words = text.split(separator: " ")
    let head = words.prefix { word in
      word.contains(where: \.isLetter) && !word.contains(where: \.isLowercase)
    }
    let rest = words[head.endIndex...].joined(separator: " ")
    var lines: [TextBlock.Line] = []
    if !head.isEmpty {
      lines.append(TextBlock.Line(text: head.joined(separator: " "), isTitle: true))
    }
    if !rest.isEmpty { lines.append(TextBlock.Line(text: rest)) }
    return lines
  }

  /// Places all that a slice says, what matters most first.
  mutating func fill(
    design: MapDesign, legend: MapLegend, slice: MapSlice, isDoseKnown: Bool
  ) {
    let text = design.text
    var lines = [TextBlock.Line(text: text.title, isTitle: true)]
    lines += legend.rows.map { TextBlock.Line(text: $0.text, sample: $0.sample) }
    if let maximum = slice.maximum {
      lines.append(
        TextBlock.Line(text: "+ maximum of the course: \(DoseText.gray(maximum.gray)) \(text.unit)")
      )
    }
    lines += legend.remarks.map { TextBlock.Line(text: $0) }
    add(
      "legend", lines, share: 0.46,
      at: [.topLeft, .topRight, .bottomLeft, .bottomRight])
    add(
      "slice number", [.init(text: "\(slice.number) / \(slice.count)", isTitle: true)], share: 0.3,
      at: [.topRight, .topLeft, .bottomRight, .bottomLeft], isOfSlice: true)
    add(
      "alerts", text.alerts.flatMap(Self.alert), share: 0.4,
      at: [.topRight, .bottomRight, .bottomLeft, .topLeft])
    let letters = OrientationLetters(slice.plane)
    for (name, letter, anchor) in [
      ("left", letters.left, Anchor.leftCentre), ("right", letters.right, .rightCentre),
      ("top", letters.top, .topCentre), ("bottom", letters.bottom, .bottomCentre),
    ] {
      add("orientation \(name)", [.init(text: letter, isTitle: true)], share: 0.2, at: [anchor])
    }
    if !isDoseKnown {
      add(
        "no dose", [.init(text: MapText.noDose, isTitle: true)], share: 0.8,
        at: [.lowMiddle, .topCentre, .bottomRight, .bottomLeft])
    }
    add(
      "notes", text.notes.map { .init(text: $0) }, share: 0.46,
      at: [.bottomRight, .bottomLeft, .topRight, .topLeft])
    if let locator = slice.locator {
      let (plane, side) = (slice.plane, shorterSide)
      add(
        "locator",
        [22, 17, 13].lazy.map { locator.ink(slice: plane, side: side * $0 / 100) },
        at: [.bottomLeft, .bottomRight, .topRight, .topLeft])
    }
    let spacing = slice.plane.columnSpacing / Double(design.scale)
    if let bar = ScaleBar(columnSpacing: spacing, columns: columns) {
      add(
        "scale bar", [bar.ink(shorterSide: shorterSide)],
        at: [.bottomLeft, .bottomCentre, .bottomRight, .topRight, .topLeft])
    }
  }
}

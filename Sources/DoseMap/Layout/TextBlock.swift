/// Lines of lettering that stay together, before they have a place.
struct TextBlock: Hashable, Sendable {
  struct Line: Hashable {
    var text: String
    var isTitle = false
    /// The line that is shown before the text.
    var sample: LineSample?
  }

  enum Alignment: Hashable { case left, right, centre }

  var lines: [Line]
  var alignment: Alignment
  /// The widest a line may be, in pixels.
  var width: Int

  /// A block as ink, and the lines as they were broken.
  struct Rendered {
    var ink: InkBlock
    /// Each drawn line of text with its baseline's row and first column in the block.
    var lines: [(text: String, size: TextSize, row: Int, column: Int)]
  }

  /// How long the sample of a line is, in cap heights.
  private static let sampleLength = 3.0

  /// Draws the block, lines broken where they are too wide.
  func rendered(shorterSide: Int, isSmall: Bool) -> Rendered {
    let size =
      isSmall ? TextSize.small(shorterSide: shorterSide) : .normal(shorterSide: shorterSide)
    let titleSize = isSmall ? size : TextSize.title(shorterSide: shorterSide)
    let sampleWidth = Int(Self.sampleLength * Double(size.capHeight))
    let indent = lines.contains { $0.sample != nil } ? sampleWidth + size.capHeight : 0

    var placed: [(text: String, size: TextSize, indent: Int, sample: LineSample?)] = []
    for line in lines {
      // A title is rather a size smaller than broken: it is a name that people search for.
      let isWide = line.isTitle && titleSize.width(of: line.text) > width - 2 * titleSize.margin
      let own = line.isTitle && !isWide ? titleSize : size
      let inset = line.sample == nil ? 0 : indent
      let room = max(width - 2 * own.margin - inset, own.capHeight)
      for (index, piece) in Self.balanced(line.text, own, room).enumerated() {
        placed.append((piece, own, inset, index == 0 ? line.sample : nil))
      }
    }
    let margin = titleSize.margin
    let widths = placed.map { $0.indent + $0.size.width(of: $0.text) }
    let columns = (widths.max() ?? 0) + 2 * margin + 1
    var rows = 0
    var baselines: [Int] = []
    for (index, line) in placed.enumerated() {
      rows += index == 0 ? line.size.ascent : max(line.size, placed[index - 1].size).lineHeight
      baselines.append(rows)
    }
    rows += (placed.last?.size.descent ?? 0) + 1

    var ink = InkBlock(rows: rows, columns: columns)
    var result: [(text: String, size: TextSize, row: Int, column: Int)] = []
    for (index, line) in placed.enumerated() {
      let spare = columns - 2 * margin - 1 - widths[index]
      let shift =
        switch alignment {
        case .left: 0
        case .right: spare
        case .centre: spare / 2
        }
      let column = margin + shift + line.indent
      if let sample = line.sample {
        let row = Double(baselines[index]) - (Double(line.size.capHeight) / 2).rounded(.down)
        let path = PixelPath(
          points: [
            PixelPoint(column: Double(margin), row: row),
            PixelPoint(column: Double(margin + sampleWidth), row: row),
          ], isClosed: false)
        ink.stroke(
          sample.style.sample(of: path, width: sample.width), width: sample.width,
          color: sample.color, casingWidth: MapCanvas.casingWidth)
      }
      ink.stroke(
        line.size.strokes(of: line.text, row: baselines[index], column: column),
        width: line.size.weight, color: .white, casingWidth: line.size.casingWidth)
      result.append((line.text, line.size, baselines[index], column))
    }
    return Rendered(ink: ink, lines: result)
  }

  /// A text in as few lines as fit, all of about the same length.
  static func balanced(_ text: String, _ size: TextSize, _ room: Int) -> [String] {
    let greedy = broken(text, size, room)
    guard greedy.count > 1 else { return greedy }
    var (narrow, wide) = (room / 2, room)
    while wide - narrow > 2 {
      let middle = (narrow + wide) / 2
      if broken(text, size, middle).count > greedy.count { narrow = middle } else { wide = middle }
    }
    return broken(text, size, wide)
  }

  /// A text in lines that fit: broken at spaces, then after underscores, then anywhere.
  static func broken(_ text: String, _ size: TextSize, _ room: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    func fits(_ text: String) -> Bool { size.width(of: text) <= room }
    for word in text.split(separator: " ") {
      let joined = line.isEmpty ? String(word) : "\(line) \(word)"
      if fits(joined) {
        line = joined
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      var rest = Substring(word)
      while !fits(String(rest)), rest.count > 1 {
        var head = rest.dropLast()
        while head.count > 1, !fits(String(head)) { head = head.dropLast() }
        if let mark = head.lastIndex(of: "_"), mark > head.startIndex { head = head[...mark] }
        lines.append(String(head))
        rest = rest[head.endIndex...]
      }
      line = String(rest)
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }
}

extension LineStyle {
  /// The pieces of the short line in a legend: the rhythm of a long line.
  fileprivate func sample(of path: PixelPath, width: Double) -> [[PixelPoint]] {
    guard self != .solid, let a = path.points.first, let b = path.points.last else {
      return [path.points]
    }
    let length = a.distance(to: b)
    let step = self == .dashed ? length / 2.5 : width + 4
    let piece = self == .dashed ? max(step * 0.6 - width, 1.5) : width >= 3 ? 0.3 : 1.45
    var pieces: [[PixelPoint]] = []
    var begin = 0.0
    while begin + piece <= length + 0.01 {
      pieces.append([a.toward(b, begin / length), a.toward(b, (begin + piece) / length)])
      begin += step
    }
    return pieces
  }
}

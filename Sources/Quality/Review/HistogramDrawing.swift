import DoseMap

/// Draws dose-volume histograms as a picture of lines inside a page.
struct HistogramDrawing {
  let histograms: [DoseVolumeHistogram]
  /// The levels to mark on the axis of dose: Gy and colour.
  let levels: [(gray: Double, color: String)]
  let unit: String

  private static let (width, height) = (340.0, 200.0)
  private static let (left, right, top, bottom) = (34.0, 8.0, 8.0, 34.0)
  /// Told apart by dashes as well as by colour.
  private static let styles = [
    ("#ffffff", ""), ("#ffb86b", "6 3"), ("#7fd4ff", "2 3"), ("#b8f28a", "8 3 2 3"),
    ("#ff9ed2", "4 2"), ("#d6c6ff", "1 2"), ("#ffe66b", "10 4"), ("#8ff0dc", "5 2 1 2"),
  ]

  static func style(_ index: Int) -> (color: String, dash: String) {
    styles[index % styles.count]
  }

  /// An `svg` element; the words for those who do not see it are in the table beside it.
  var svg: String {
    let highest = max(
      histograms.map(\.maximumGy).max() ?? 0, levels.map(\.gray).max() ?? 0, 1e-6)
    let step = Self.step(for: highest)
    let end = (highest / step).rounded(.up) * step
    func x(_ gray: Double) -> String {
      Self.text(Self.left + gray / end * (Self.width - Self.left - Self.right))
    }
    func y(_ share: Double) -> String {
      Self.text(Self.top + (1 - share) * (Self.height - Self.top - Self.bottom))
    }
    var parts: [String] = []
    for percent in stride(from: 0, through: 100, by: 25) {
      let line = y(Double(percent) / 100)
      parts.append(
        "<path class=\"grid\" d=\"M\(x(0)) \(line)H\(x(end))\"/><text x=\"30\" y=\"\(line)\" dy=\"4\" text-anchor=\"end\">\(percent)</text>"
      )
    }
    for index in 0...Int((end / step).rounded()) {
      let gray = Double(index) * step
      parts.append(
        "<path class=\"grid\" d=\"M\(x(gray)) \(y(0))V\(y(1))\"/><text x=\"\(x(gray))\" y=\"180\" text-anchor=\"middle\">\(DoseText.gray(gray))</text>"
      )
    }
    for level in levels where level.gray <= end {
      parts.append(
        "<path d=\"M\(x(level.gray)) \(y(0))V\(y(1))\" stroke=\"\(ReviewPage.escaped(level.color))\" stroke-width=\"1.5\" fill=\"none\"/>"
      )
    }
    for (index, histogram) in histograms.enumerated() {
      let style = Self.style(index)
      var line = ""
      for place in 0...170 {
        let gray = end * Double(place) / 170
        line += "\(place == 0 ? "M" : "L")\(x(gray)) \(y(histogram.share(atOrAbove: gray)))"
      }
      parts.append(
        "<path d=\"\(line)\" stroke=\"\(style.color)\" stroke-width=\"2\" stroke-dasharray=\"\(style.dash)\" fill=\"none\"/>"
      )
    }
    parts.append(
      "<text x=\"190\" y=\"197\" text-anchor=\"middle\">dose, \(ReviewPage.escaped(unit)); volume, %</text>"
    )
    return """
      <svg id="dvh" viewBox="0 0 340 200" role="img" aria-label="Dose-volume histogram of \
      \(histograms.count == 1 ? "one target" : "\(histograms.count) targets"); its numbers are in \
      the table below">\(parts.joined())</svg>
      """
  }

  /// A round step of which at most six make up the axis.
  private static func step(for highest: Double) -> Double {
    for step in [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500] {
      if highest / step <= 6 { return step }
    }
    return highest
  }

  private static func text(_ value: Double) -> String { DoseText.gray(value) }
}

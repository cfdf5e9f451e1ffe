import DoseMap
import JSON

/// The page on which a person looks at every slice before confirming: one HTML file that opens
/// from the disk, and the pictures beside it.
enum ReviewPage {
  static func html(_ content: ReviewContent) -> String {
    let parts = [
      "style": ReviewStyle.text, "script": ReviewScript.text,
      "count": String(content.series[0].slices.count), "series": menu(content),
      "views": views(content), "summary": summary(content.checks), "checks": checks(content),
      "isodoses": isodoses(content), "regions": regions(content),
      "histograms": histograms(content), "facts": facts(content), "data": data(content),
      "label": escaped(content.label),
      "outlines": content.outlines.isEmpty ? " hidden" : "",
    ]
    // One pass: what a file brings is never searched for words in braces.
    return ReviewTemplate.text.split(separator: "{{", omittingEmptySubsequences: false)
      .enumerated().map { index, piece in
        guard index > 0, let end = piece.firstRange(of: "}}") else { return String(piece) }
        return (parts[String(piece[..<end.lowerBound])] ?? "") + piece[end.upperBound...]
      }.joined()
  }

  // MARK: Parts

  private static func facts(_ content: ReviewContent) -> String {
    content.facts.map {
      "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>"
    }.joined(separator: "\n")
  }

  private static func summary(_ checks: [Check]) -> String {
    let open = checks.filter { $0.status != .pass }
    guard !open.isEmpty else { return "all \(checks.count) checks pass" }
    return "\(open.count) of \(checks.count) checks need an answer"
  }

  private static func checks(_ content: ReviewContent) -> String {
    let loosened =
      content.loosened.isEmpty
      ? ""
      : "<p class=\"loosened\">Loosened by this site: \(escaped(content.loosened.joined(separator: "; ")))</p>"
    let expected =
      content.expected.isEmpty
      ? ""
      : "<p class=\"loosened\">Warnings that this site expects, and accepts together: \(escaped(content.expected.joined(separator: ", ")))</p>"
    let open = content.checks.filter { $0.status != .pass }
    let rows = (open + content.checks.filter { $0.status == .pass }).map { check in
      """
      <tr class="\(check.status.rawValue)"><th scope="row"><b>\(word(for: check))</b> \
      \(check.id.rawValue)</th><td>\(escaped(check.detail))</td></tr>
      """
    }.joined(separator: "\n")
    return loosened + expected + "<table id=\"checks\">\(rows)</table>"
  }

  private static func word(for check: Check) -> String {
    switch check.status {
    case .pass: "pass"
    case .warning: "to accept"
    case .failure: check.remedy == .override ? "to override" : "blocked"
    case .overridden: "overridden"
    }
  }

  private static func isodoses(_ content: ReviewContent) -> String {
    let rows = content.isodoses.map {
      """
      <tr><th scope="row"><span class="swatch" style="background:\(escaped($0.color))"></span>\
      \(escaped($0.text))</th><td>\($0.volume > 0 ? volume($0.volume) : "not reached")</td>\
      <td>\(coarseness($0))</td><td>\(volume($0.surely)) to \(volume($0.perhaps))</td></tr>
      """
    }.joined(separator: "\n")
    return """
      <table id="isodoses"><tr><th scope="col">dose, at least</th><th scope="col">cm³</th>\
      <th scope="col">coarseness</th><th scope="col">grid allows</th></tr>\(rows)</table>
      <p class="note">Dose points lie \(escaped(content.gridSpacing)) apart; between them the dose \
      is taken as linear. <i>Coarseness</i>: about how much that takes from the volume, judged by how \
      the dose bends from point to point. The last column is what the points alone make sure of and \
      what they allow at most.</p>
      """
  }

  private static func coarseness(_ isodose: ReviewContent.Isodose) -> String {
    guard isodose.volume > 0 else { return "" }
    let percent = 100 * isodose.coarseness / max(isodose.volume + isodose.coarseness, 1e-9)
    let whole = Int(min(max(percent.rounded(), -100), 100))
    return whole == 0 ? "under 1 %" : "about \(abs(whole)) % \(whole > 0 ? "low" : "high")"
  }

  private static func regions(_ content: ReviewContent) -> String {
    guard !content.regions.isEmpty else {
      return "<p>The dose reaches no prescribed level.</p>"
    }
    let several = Set(content.regions.map(\.levelGy)).count > 1
    let items = content.regions.enumerated().map { index, region in
      let level = several ? "≥ \(DoseText.gray(region.levelGy)) \(escaped(content.unit)): " : ""
      guard let slices = region.slices else {
        return "<li class=\"outside\">\(level)\(volume(region.volume)) cm³, outside this scan</li>"
      }
      let (first, last) = (slices.lowerBound + 1, slices.upperBound + 1)
      return """
        <li><button class="region" data-region="\(index)">\(level)\(volume(region.volume)) cm³, \
        \(first == last ? "slice \(first)" : "slices \(first) to \(last)")</button></li>
        """
    }.joined(separator: "\n")
    let levels =
      several
      ? "prescribed doses"
      : "\(DoseText.gray(content.regions[0].levelGy)) \(escaped(content.unit))"
    let left =
      content.regionsLeftOut > 0
      ? "<p class=\"note\">\(content.regionsLeftOut) smaller regions are not listed.</p>" : ""
    return """
      <p class="note">Separate regions at or above \(levels), largest first, sizes counted in dose points; look at each.</p>
      <ol id="regions">\(items)</ol>\(left)
      """
  }

  private static func histograms(_ content: ReviewContent) -> String {
    guard !content.histograms.isEmpty else {
      return "<p>No target has contours in the dose's frame of reference.</p>"
    }
    let drawing = HistogramDrawing(
      histograms: content.histograms,
      levels: content.isodoses.map { (gray: $0.gray, color: $0.color) },
      unit: content.unit)
    let rows = content.histograms.enumerated().map { index, histogram in
      let style = HistogramDrawing.style(index)
      func gray(_ value: Double) -> String { "<td>\(DoseText.gray(value))</td>" }
      return """
        <tr><th scope="row"><svg class="key" viewBox="0 0 18 6" aria-hidden="true"><path \
        d="M0 3H18" stroke="\(style.color)" stroke-width="2" stroke-dasharray="\(style.dash)"/></svg>\
        \(escaped(histogram.name))\(histogram.isCut ? " (part outside the dose grid)" : "")</th>\
        <td>\(volume(histogram.volume))</td>\(gray(histogram.dose(toShare: 0.98)))\
        \(gray(histogram.dose(toShare: 0.95)))\(gray(histogram.dose(toShare: 0.5)))\
        \(gray(histogram.dose(toShare: 0.02)))\(gray(histogram.maximumGy))\(gray(histogram.meanGy))\
        <td>\(share(histogram.prescribedShare))</td></tr>
        """
    }.joined(separator: "\n")
    return """
      \(drawing.svg)
      <table id="targets"><tr><th scope="col">target</th><th scope="col">cm³</th>\
      <th scope="col">D98</th><th scope="col">D95</th><th scope="col">D50</th>\
      <th scope="col">D2</th><th scope="col">Dmax</th><th scope="col">mean</th>\
      <th scope="col">V100</th></tr>\(rows)</table>
      """
  }

  private static func views(_ content: ReviewContent) -> String {
    guard !content.reformats.isEmpty else {
      return
        "<p class=\"note\">No pictures across this stack: \(escaped(content.reformatsMissing)).</p>"
    }
    return content.reformats.enumerated().map { index, view in
      let letters = view.letters
      return """
        <figure class="across" data-view="\(index)">
        <div class="cut" style="aspect-ratio:\(view.columns)/\(view.rows);--ratio:\(view.columns)/\(view.rows)">\
        <img alt=""><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">\
        <path class="cross"/></svg>
        <span class="letter left">\(letters.left)</span><span class="letter right">\(letters.right)</span>\
        <span class="letter top">\(letters.top)</span><span class="letter bottom">\(letters.bottom)</span>\
        </div><figcaption>\(view.name)<span></span></figcaption></figure>
        """
    }.joined(separator: "\n")
  }

  /// Which series is shown, where there are several.
  private static func menu(_ content: ReviewContent) -> String {
    guard content.series.count > 1 else { return "" }
    let options = content.series.enumerated().map {
      "<option value=\"\($0)\">\(escaped($1.name))</option>"
    }.joined()
    return "<select id=\"series\" aria-label=\"Series\">\(options)</select>"
  }

  /// A share of a target's volume, per cent, never rounded up to the whole.
  private static func share(_ value: Double?) -> String {
    value.map { "\(DoseText.gray(($0 * 1000).rounded(.down) / 10)) %" } ?? "none"
  }

  private static func volume(_ value: Double) -> String {
    value > 0 && value < 0.005 ? "&lt; 0.01" : DoseText.gray(value)
  }

  // MARK: Data for the script

  private static func data(_ content: ReviewContent) -> String {
    let series: [JSON] = content.series.map { series in
      [
        "name": .string(series.name), "columns": .integer(series.columns),
        "rows": .integer(series.rows), "aspect": .number(series.aspect),
        "onSlices": .bool(series.isOnSlices),
        "slices": .array(
          series.slices.map { slice in
            [
              "n": .integer(slice.number), "scan": .string(slice.scan),
              "ink": .string(slice.ink), "d": .number(slice.distance),
              "max": slice.maximumGy.map { .string("\(DoseText.gray($0)) \(content.unit)") }
                ?? .null,
              "gy": slice.maximumGy.map { .number($0) } ?? .null,
            ]
          }),
      ]
    }
    let regions: [JSON] = content.regions.map {
      [
        "slice": .integer($0.slice), "column": .number($0.column), "row": .number($0.row),
        "inside": .bool($0.slices != nil),
      ]
    }
    let views: [JSON] = content.reformats.map { view in
      [
        "name": .string(view.name), "alongRows": .bool(view.alongRows),
        "columns": .integer(view.columns), "rows": .integer(view.rows),
        "stackDown": .bool(view.isStackDown), "stackReversed": .bool(view.isStackReversed),
        "acrossReversed": .bool(view.isAcrossReversed), "first": .number(view.first),
        "last": .number(view.last),
        "at": JSON(view.pictures.map(\.at)), "files": JSON(view.pictures.map(\.file)),
      ]
    }
    let outlines: [JSON] = content.outlines.map { outline in
      [
        "name": .string(outline.name),
        "lines": .array(
          outline.lines.map { ["slice": .integer($0.slice), "points": JSON($0.points)] }),
      ]
    }
    let all: JSON = [
      "series": .array(series), "regions": .array(regions),
      "views": .array(views), "outlines": .array(outlines),
    ]
    // "</" and "<!--" would end or bend the script element, whatever stands around them.
    return all.serialized().replacing("<", with: "\\u003c")
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

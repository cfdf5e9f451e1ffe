import Digest
import DoseMap
import Radiotherapy
import SecondaryCapture

/// The UIDs, numbers and names of a stage's series: they follow from the input and the options.
struct SeriesNaming {
  /// The map itself.
  let main: CaptureSeries
  /// The series beside it, in the order of the settings.
  let additional: [CaptureSeries]

  /// - Parameter digest: of everything that the map is made from.
  init(
    prepared: PreparedMap, facts: CourseFacts, digest: String, factor: Int,
    software: CaptureSeries.Software
  ) {
    let course = prepared.course
    let settings = prepared.settings
    let label = facts.label.text
    let words = SumWords(prepared, facts)
    // What is overridden is burned in, and depends on the site's limits.
    let overrides = prepared.checks.overridable.map { "override \($0.id.rawValue)" }
    let uid = DerivedUID.make(
      from: [
        course.scan.choice, course.dose.identity.sopInstanceUID, label, digest,
        settings.signature(factor: factor, levels: prepared.levels), software.version,
      ] + words.signature + overrides)
    let levels = prepared.levels.map { DoseText.gray($0.gray) }.joined(separator: ", ")
    let main = CaptureSeries(
      seriesInstanceUID: uid,
      // Far from the numbers that scanners give, and the same for the same scan.
      number: 9000 + (course.scan.number ?? 0) % 1000,
      description: label,
      derivation:
        "Isodose lines of \(levels) Gy burned into the windowed scan; \(words.derivation) sampled trilinearly at the pixel centres in patient coordinates\(words.scaling)",
      software: software)
    self.main = main
    additional = settings.additional.enumerated().map { index, series in
      let number = main.number + 1000 * (index + 1)
      return CaptureSeries(
        seriesInstanceUID: DerivedUID.make(from: [
          main.seriesInstanceUID, series.kind, series.signature, String(number),
        ]),
        number: number, description: "\(label) \(series.suffix)",
        derivation: main.derivation + series.derivation, software: software)
    }
  }

  var all: [CaptureSeries] { [main] + additional }

  /// The first series of a kind that was asked for.
  func series(of kind: AdditionalSeries, in settings: MapSettings) -> CaptureSeries? {
    zip(settings.additional, additional).first { $0.0 == kind }?.1
  }
}

import JSON
import Quality

/// What somebody sees of a stage before the questions: one screen of found, made, standing out.
///
/// No dose, no fractions, no date of the last one and no label of the map: the chart's figures are
/// entered blind afterwards.
struct StageCard {
  private let manifest: Manifest
  /// Where it goes after the confirmation; `nil`: nobody has said.
  private let destination: String?

  init(_ manifest: Manifest, to destination: String?) {
    self.manifest = manifest
    self.destination = destination
  }

  var lines: [String] {
    var lines = manifest.introduction
    // The dose stands before what proves the end of the course.
    let place = lines.firstIndex { $0.hasPrefix("Evidence") } ?? lines.count
    lines.insert("Dose       \(doses)", at: place)
    lines.append("Made       \(made); nothing is sent yet")
    if let destination { lines.append("Goes to    \(destination)") }
    lines.append("Checks     \(checks)")
    return lines
  }

  /// Which doses, and how they came onto the scan; no amounts.
  private var doses: String {
    let doses = manifest.document["doses"]?.arrayValue ?? []
    let kinds = Set(doses.compactMap { $0["type"]?.stringValue?.lowercased() }).sorted()
    let count = doses.count == 1 ? "1 RT Dose" : "\(doses.count) RT Doses, added up"
    return ([count] + kinds + [way]).joined(separator: ", ")
  }

  private var way: String {
    guard let registration = manifest.document["registration"],
      let kind = registration["kind"]?.stringValue
    else { return "in the scan's own frame of reference" }
    let count = registration["sopInstanceUIDs"]?.arrayValue?.count ?? 1
    return "over \(count == 1 ? "a registration" : "\(count) registrations") (\(kind))"
  }

  private var made: String {
    let count = manifest.instances.count
    let instances = "\(count) \(count == 1 ? "instance" : "instances")"
    let others = manifest.series.compactMap(\.kind)
    let series =
      others.isEmpty
      ? "1 new series" : "\(others.count + 1) new series (with \(others.joined(separator: ", ")))"
    return "\(instances), \(series) in the scan's study"
  }

  private var checks: String {
    func named(_ checks: [Check], _ one: String, _ many: String) -> String? {
      guard !checks.isEmpty else { return nil }
      let ids = checks.map(\.id.rawValue).joined(separator: ", ")
      return "\(checks.count) \(checks.count == 1 ? one : many): \(ids)"
    }
    let all = manifest.checks
    let passed = all.filter { $0.status == .pass }.count
    let others = [
      named(all.overridable, "to override", "to override"),
      named(all.warnings, "warning to accept", "warnings to accept"),
    ].compactMap { $0 }
    return others.isEmpty
      ? "all \(passed) pass" : (others + ["\(passed) pass"]).joined(separator: "; ")
  }
}

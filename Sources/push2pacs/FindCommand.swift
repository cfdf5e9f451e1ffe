import Console
import DICOM
import DIMSE
import Delivery
import JSON

/// `push2pacs find`: what an archive holds of a patient, a study, a series.
struct FindCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let query = try context.query()
    let level = self.level(of: query)
    let outcome = try context.search(query, level, destination, Auditing(site))
    let matches = MatchTable.sorted(outcome.matches)
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "pacs": .string(destination.name), "level": .string(level.rawValue.lowercased()),
        "complete": .bool(!outcome.isCut),
        "matches": .array(matches.map { MatchTable.document($0, level) }),
      ])
    } else {
      for line in MatchTable.lines(matches, level, width: terminal.outputWidth ?? 80) {
        terminal.print(line)
      }
    }
    if matches.isEmpty { terminal.note("\(destination.name) holds nothing of that kind.") }
    if !context.isJSON, matches.count == 1, let uids = Self.uids(matches[0], level) {
      terminal.note("Next: push2pacs fetch --pacs \(context.typedPACS) \(uids) --output FOLDER")
    }
    if outcome.isCut {
      terminal.note("\(destination.name) holds more than it has told; narrow the search.")
    }
  }

  /// The options by which `fetch` takes one study or series.
  private static func uids(_ match: ArchiveSearch.Match, _ level: QueryLevel) -> String? {
    guard let study = match.string(.studyInstanceUID) else { return nil }
    switch level {
    case .study: return "--study \(study.printable.shellQuoted)"
    case .series:
      return match.string(.seriesInstanceUID).map {
        "--study \(study.printable.shellQuoted) --series \($0.printable.shellQuoted)"
      }
    case .patient, .image: return nil
    }
  }

  /// The level that was asked for, or the lowest one that something was said of.
  private func level(of query: ArchiveQuery) -> QueryLevel {
    if let typed = context.arguments.string("level") {
      return QueryLevel(rawValue: typed.uppercased()) ?? .study
    }
    if query.instance != nil { return .image }
    if query.series != nil || query.seriesDescription != nil || query.study != nil {
      return .series
    }
    return .study
  }
}

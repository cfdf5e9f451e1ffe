import Audit
import Configuration
import Console
import Quality

/// The site's audit log, as the commands write it: before what they do, and after.
struct Auditing {
  let log: AuditLog

  init(_ site: Site) {
    let path = site.audit ?? "~/.local/state/push2pacs/audit.jsonl"
    log = AuditLog(
      path: Surroundings.expanded(path), group: Context.sharing(path, site.stage.group))
  }

  /// Writes a record about a stage.
  ///
  /// - Throws: where it cannot be written: what was to follow must not be done then.
  func record(
    _ event: AuditRecord.Event, of stage: Stage, outcome: AuditRecord.Outcome = .success,
    people: [String] = [], destination: String? = nil, detail: String? = nil
  ) throws(CommandFailure) {
    let manifest = stage.manifest
    var classes: [String: Int] = [:]
    for instance in manifest.instances { classes[instance.sopClassUID, default: 0] += 1 }
    do {
      try log.append(
        AuditRecord(
          event: event, outcome: outcome, at: Surroundings.now(), account: Surroundings.account,
          host: Surroundings.host, people: people, patientID: manifest.patientID,
          studyInstanceUID: manifest.studyInstanceUID,
          seriesInstanceUIDs: manifest.series.map(\.instanceUID), sopClasses: classes,
          manifestSHA256: stage.manifestSHA256, destination: destination, detail: detail))
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
  }

  /// Writes a record about somebody's data in an archive: who asked for whom, and what came.
  ///
  /// No name stands in it: of a search by name only that there was one.
  func record(
    _ event: AuditRecord.Event, patients: Set<String>, studies: Set<String> = [],
    series: Set<String> = [], outcome: AuditRecord.Outcome = .success, at destination: String,
    detail: String
  ) throws(CommandFailure) {
    do {
      try log.append(
        AuditRecord(
          event: event, outcome: outcome, at: Surroundings.now(), account: Surroundings.account,
          host: Surroundings.host, patientID: Self.listed(patients),
          studyInstanceUID: Self.listed(studies), seriesInstanceUIDs: series.sorted(),
          sopClasses: [:], manifestSHA256: "", destination: destination, detail: detail))
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
  }

  /// A search by date may find hundreds: of those the first, and how many.
  private static func listed(_ names: Set<String>) -> String {
    let most = 20
    let shown = names.sorted().prefix(most).joined(separator: ", ")
    return names.count > most ? "\(shown), ... (\(names.count))" : shown
  }

  /// The FHIR servers that got, or may have got, a summary which names a stage's series.
  ///
  /// - Parameter staged: where the summary in the stage was to go.
  func summaryServers(of stage: Stage, staged: String?) -> [String] {
    let series = Set(stage.manifest.series.map(\.instanceUID))
    let records = (try? AuditChain(readingFrom: log.path))?.records ?? []
    let told = records.filter { record in
      // A record of a summary names no study: the summary is the patient's.
      (record.event == .sending || record.event == .sent) && record.studyInstanceUID.isEmpty
        && !series.isDisjoint(with: record.seriesInstanceUIDs)
    }.compactMap(\.destination)
    return Set(told + [staged].compactMap(\.self)).sorted()
  }

  /// The series whose withdrawal from an archive the log knows.
  func retractedSeries(at destination: String) -> Set<String> {
    guard let chain = try? AuditChain(readingFrom: log.path) else { return [] }
    return Set(
      chain.records.filter {
        $0.event == .retracted && $0.outcome == .success && $0.destination == destination
      }.flatMap(\.seriesInstanceUIDs))
  }
}

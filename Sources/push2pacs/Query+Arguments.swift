import Console
import DICOM
import DIMSE
import Delivery

extension Context {
  /// What `find`, `fetch` and `verify` look for, as it was typed.
  func query(needsOne: Bool = true) throws(CommandFailure) -> ArchiveQuery {
    var query = ArchiveQuery()
    guard arguments.command.options.contains(where: { $0.name == "patient-id" }) else {
      // Of the whole group it may have UIDs alone.
      query.study = try uid("study")
      query.series = try uid("series")
      guard query.series == nil || query.study != nil else {
        throw CommandFailure(.usage, "--series: name its --study as well")
      }
      return query
    }
    query.patientID = arguments.string("patient-id")
    query.patientName = arguments.string("patient-name").map { name in
      name.contains { $0 == "*" || $0 == "?" } ? name : name + "*"
    }
    query.accessionNumber = arguments.string("accession")
    query.modality = arguments.string("modality").map { $0.uppercased() }
    query.studyDescription = arguments.string("description").map(Self.anywhere)
    query.seriesDescription = arguments.string("series-description").map(Self.anywhere)
    query.study = try uid("study")
    query.series = try uid("series")
    query.instance = try uid("instance")
    if let typed = arguments.string("date") {
      guard let range = Self.dates(typed) else {
        throw CommandFailure(
          .usage,
          "--date: '\(typed.printable)' is no date: 2020-04-23, 2020-04-01..2020-04-30, 2020-04-01.. or ..2020-04-30"
        )
      }
      query.studyDate = range
    }
    for (name, value) in [
      ("patient-id", query.patientID), ("patient-name", query.patientName),
      ("accession", query.accessionNumber), ("modality", query.modality),
      ("description", query.studyDescription), ("series-description", query.seriesDescription),
    ] where value?.contains("\\") == true || value?.isEmpty == true {
      throw CommandFailure(.usage, "--\(name): a value is expected, without backslash")
    }
    guard !query.isEmpty || !needsOne else {
      throw CommandFailure(
        .usage,
        "say what to look for: --patient-id, --patient-name, --date, --modality, --description, --accession or --study"
      )
    }
    return query
  }

  private func uid(_ name: String) throws(CommandFailure) -> String? {
    guard let typed = arguments.string(name) else { return nil }
    guard !typed.isEmpty, VR.UI.permits(typed) else {
      throw CommandFailure(.usage, "--\(name): '\(typed.printable)' is no UID")
    }
    return typed
  }

  /// A text that may stand anywhere, unless the person says where.
  private static func anywhere(_ text: String) -> String {
    text.contains { $0 == "*" || $0 == "?" } ? text : "*\(text)*"
  }

  /// Days as a query has them: `20200401-20200430`.
  static func dates(_ typed: String) -> String? {
    let ends = typed.ranges(of: "..")
    guard let middle = ends.first else { return CalendarDate(iso: typed)?.dicom }
    guard ends.count == 1 else { return nil }
    let (first, last) = (typed[..<middle.lowerBound], typed[middle.upperBound...])
    let from = CalendarDate(iso: String(first))
    let to = CalendarDate(iso: String(last))
    guard first.isEmpty == (from == nil), last.isEmpty == (to == nil), from != nil || to != nil
    else { return nil }
    if let from, let to, to < from { return nil }
    return "\(from?.dicom ?? "")-\(to?.dicom ?? "")"
  }
}

import Console
import DICOM
import DIMSE
import Delivery
import JSON

/// What a search has found, for people and for programs.
enum MatchTable {
  /// By patient, date, study, series and instance, whatever order the archive has.
  static func sorted(_ matches: [ArchiveSearch.Match]) -> [ArchiveSearch.Match] {
    func text(_ match: ArchiveSearch.Match) -> [String] {
      [Tag.patientID, .studyDate, .studyInstanceUID].map { match.string($0) ?? "" }
    }
    func numbers(_ match: ArchiveSearch.Match) -> [Int] {
      [Tag.seriesNumber, .instanceNumber].map { match.string($0).flatMap { Int($0) } ?? 0 }
    }
    let keyed = matches.map { (text($0), numbers($0), $0) }
    return keyed.sorted { a, b in
      if a.0 != b.0 { return a.0.lexicographicallyPrecedes(b.0) }
      if a.1 != b.1 { return a.1.lexicographicallyPrecedes(b.1) }
      return uid(a.2) < uid(b.2)
    }.map(\.2)
  }

  private static func uid(_ match: ArchiveSearch.Match) -> String {
    match.string(.sopInstanceUID) ?? match.string(.seriesInstanceUID) ?? ""
  }

  /// A line for each match, and below it the UID that `fetch` and `verify` take.
  static func lines(
    _ matches: [ArchiveSearch.Match], _ level: QueryLevel, width: Int
  ) -> [String] {
    guard !matches.isEmpty else { return [] }
    var table = Table(columns(level))
    for match in matches { table.add(cells(match, level)) }
    let (head, rows) = table.parts(width: width)
    guard let unique = unique(level) else { return head + rows.flatMap { $0 } }
    return head
      + zip(rows, matches).flatMap { row, match in
        row + ["  \(name(level)) \((match.string(unique) ?? "(no UID)").printable)"]
      }
  }

  private static func name(_ level: QueryLevel) -> String {
    switch level {
    case .patient: ""
    case .study: "--study"
    case .series: "--series"
    case .image: "--instance"
    }
  }

  private static func unique(_ level: QueryLevel) -> Tag? {
    switch level {
    case .patient: nil
    case .study: .studyInstanceUID
    case .series: .seriesInstanceUID
    case .image: .sopInstanceUID
    }
  }

  private static func columns(_ level: QueryLevel) -> [Table.Column] {
    switch level {
    case .patient:
      [.init("PATIENT"), .init("NAME", flexible: .truncate), .init("STUDIES", .right)]
    case .study:
      [
        .init("PATIENT", flexible: .truncate), .init("NAME", flexible: .truncate), .init("DATE"),
        .init("KIND", flexible: .truncate), .init("DESCRIPTION", flexible: .wrap),
        .init("SERIES", .right), .init("IMAGES", .right),
      ]
    case .series:
      [
        .init("PATIENT", flexible: .truncate), .init("DATE"), .init("KIND"), .init("NO", .right),
        .init("DESCRIPTION", flexible: .wrap), .init("IMAGES", .right),
      ]
    case .image:
      [
        .init("PATIENT", flexible: .truncate), .init("KIND"), .init("NO", .right),
        .init("SIZE"), .init("CLASS", flexible: .truncate),
      ]
    }
  }

  private static func cells(_ match: ArchiveSearch.Match, _ level: QueryLevel) -> [String] {
    func text(_ tag: Tag) -> String { match.strings(tag).joined(separator: ",") }
    switch level {
    case .patient:
      return [text(.patientID), personName(match), text(.numberOfPatientRelatedStudies)]
    case .study:
      return [
        text(.patientID), personName(match), date(match, .studyDate), text(.modalitiesInStudy),
        text(.studyDescription), text(.numberOfStudyRelatedSeries),
        text(.numberOfStudyRelatedInstances),
      ]
    case .series:
      let day = date(match, .seriesDate)
      return [
        text(.patientID), day.isEmpty ? date(match, .studyDate) : day, text(.modality),
        text(.seriesNumber), text(.seriesDescription), text(.numberOfSeriesRelatedInstances),
      ]
    case .image:
      let size = [text(.columns), text(.rows)].filter { !$0.isEmpty }.joined(separator: " x ")
      let frames = text(.numberOfFrames)
      return [
        text(.patientID), text(.modality), text(.instanceNumber),
        frames.isEmpty || frames == "1" ? size : "\(size), \(frames) frames",
        match.string(.sopClassUID).map { Dictionary.name(ofUID: $0) ?? $0 } ?? "",
      ]
    }
  }

  /// `Doe, Jane` of `Doe^Jane`.
  private static func personName(_ match: ArchiveSearch.Match) -> String {
    let parts = (match.string(.patientName) ?? "").split(separator: "=").first ?? ""
    return parts.split(separator: "^", omittingEmptySubsequences: true).prefix(2)
      .joined(separator: ", ")
  }

  private static func date(_ match: ArchiveSearch.Match, _ tag: Tag) -> String {
    match.string(tag).map { CalendarDate(dicom: $0)?.iso ?? $0 } ?? ""
  }

  static func document(_ match: ArchiveSearch.Match, _ level: QueryLevel) -> JSON {
    var object = JSONObject()
    let attributes: [(QueryLevel, [(String, Tag)])] = [
      (
        .patient,
        [
          ("patientID", .patientID), ("issuerOfPatientID", .issuerOfPatientID),
          ("patientName", .patientName), ("birthDate", .patientBirthDate), ("sex", .patientSex),
          ("studies", .numberOfPatientRelatedStudies),
        ]
      ),
      (
        .study,
        [
          ("studyInstanceUID", .studyInstanceUID), ("studyDate", .studyDate),
          ("studyTime", .studyTime), ("studyID", .studyID), ("accessionNumber", .accessionNumber),
          ("studyDescription", .studyDescription),
          ("seriesInStudy", .numberOfStudyRelatedSeries),
          ("instancesInStudy", .numberOfStudyRelatedInstances),
        ]
      ),
      (
        .series,
        [
          ("seriesInstanceUID", .seriesInstanceUID), ("modality", .modality),
          ("seriesNumber", .seriesNumber), ("seriesDescription", .seriesDescription),
          ("seriesDate", .seriesDate), ("instancesInSeries", .numberOfSeriesRelatedInstances),
        ]
      ),
      (
        .image,
        [
          ("sopInstanceUID", .sopInstanceUID), ("sopClassUID", .sopClassUID),
          ("instanceNumber", .instanceNumber), ("frames", .numberOfFrames), ("rows", .rows),
          ("columns", .columns),
        ]
      ),
    ]
    let counts: Set<Tag> = [
      .numberOfPatientRelatedStudies, .numberOfStudyRelatedSeries,
      .numberOfStudyRelatedInstances, .numberOfSeriesRelatedInstances, .seriesNumber,
      .instanceNumber, .numberOfFrames,
    ]
    for (own, names) in attributes where own <= level {
      for (name, tag) in names {
        guard let text = match.string(tag) else { continue }
        if counts.contains(tag), let number = Int(text) {
          object[name] = .integer(number)
        } else if let date = CalendarDate(dicom: text), name.hasSuffix("Date") {
          object[name] = .string(date.iso)
        } else {
          object[name] = .string(text)
        }
      }
      if own == .study {
        object["modalities"] = .array(match.strings(.modalitiesInStudy).map { .string($0) })
      }
    }
    for (name, tag) in [("rows", Tag.rows), ("columns", .columns)] where level == .image {
      let values = match.answers.last.flatMap { try? $0.integers(tag) } ?? []
      object[name] = values.first.map { .integer($0) }
    }
    return .object(object)
  }
}

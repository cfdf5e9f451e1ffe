import DICOM
import DIMSE

/// Everything the archive holds, in memory: made from the files themselves at each start.
///
/// There is no index on the disk that could disagree with the files, or be torn.
struct Index: Sendable {
  private var entries: [String: IndexEntry] = [:]
  /// The instances in the order in which they came, so that answers are the same each time.
  private var order: [String] = []

  var count: Int { entries.count }

  subscript(sopInstanceUID: String) -> IndexEntry? { entries[sopInstanceUID] }

  mutating func insert(_ entry: IndexEntry) {
    if entries.updateValue(entry, forKey: entry.sopInstanceUID) == nil {
      order.append(entry.sopInstanceUID)
    }
  }

  private var all: some Sequence<IndexEntry> { order.lazy.compactMap { entries[$0] } }

  /// The matches of a query, as data sets to be sent.
  func matches(_ query: Query, aeTitle: AETitle) -> [DataSet] {
    var groups: [String: [IndexEntry]] = [:]
    var keys: [String] = []
    for entry in all where isAbove(query, entry) {
      let key = entry.key(query.level)
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(entry)
    }
    var matches: [DataSet] = []
    for key in keys {
      guard let group = groups[key], let first = group.first else { continue }
      let summary = Summary(group, level: query.level)
      if isMatch(query, first, summary) {
        matches.append(answer(query, first, summary, aeTitle: aeTitle))
      }
    }
    return matches
  }

  /// The instances that a retrieval names; `nil` where it does not name what it wants.
  func instances(_ query: Query) -> [IndexEntry]? {
    guard !query.identifier.strings(QueryAttributes.unique(query.level)).isEmpty else { return nil }
    return all.filter { entry in
      QueryLevel.allCases.filter { $0 <= query.level }.allSatisfy { level in
        let wanted = query.identifier.strings(QueryAttributes.unique(level))
        return wanted.isEmpty || wanted.contains(entry.key(level))
      }
    }
  }

  /// Whether an instance lies below what the unique keys name.
  private func isAbove(_ query: Query, _ entry: IndexEntry) -> Bool {
    QueryLevel.allCases.filter { $0 < query.level }.allSatisfy { level in
      let tag = QueryAttributes.unique(level)
      let vr: VR = level == .patient ? .LO : .UI
      return KeyMatching.matches(
        key: query.identifier.strings(tag), values: [entry.key(level)], vr: vr)
    }
  }

  private func isMatch(_ query: Query, _ entry: IndexEntry, _ summary: Summary) -> Bool {
    query.identifier.elements.allSatisfy { element in
      let key = query.identifier.strings(element.tag)
      if key.isEmpty { return true }
      if let values = summary.collected[element.tag] {
        return KeyMatching.matches(key: key, values: values, vr: element.vr)
      }
      guard let level = QueryAttributes.level(of: element.tag), level <= query.level,
        element.tag != .specificCharacterSet
      else { return true }
      let vr = Dictionary.vr(of: element.tag) ?? element.vr
      return KeyMatching.matches(key: key, values: entry.attributes.strings(element.tag), vr: vr)
    }
  }

  /// What is told of a match: what was asked for, and how to fetch it.
  private func answer(
    _ query: Query, _ entry: IndexEntry, _ summary: Summary, aeTitle: AETitle
  ) -> DataSet {
    var answer = DataSet()
    if let characterSet = entry.attributes[.specificCharacterSet] { answer.set(characterSet) }
    for element in query.identifier.elements
    where element.tag != .specificCharacterSet && element.tag != .queryRetrieveLevel {
      if let values = summary.collected[element.tag] {
        answer.setText(element.tag, values)
      } else if element.tag == .instanceAvailability {
        answer.setText(element.tag, ["ONLINE"])
      } else if let level = QueryAttributes.level(of: element.tag), level <= query.level,
        let known = entry.attributes[element.tag]
      {
        answer.set(known)
      } else {
        answer.setEmpty(element.tag)
      }
    }
    for level in QueryLevel.allCases where level <= query.level {
      let tag = QueryAttributes.unique(level)
      if let known = entry.attributes[tag] { answer.set(known) }
    }
    answer.setText(.queryRetrieveLevel, [query.level.rawValue])
    answer.setText(.retrieveAETitle, [aeTitle.text])
    return answer
  }
}

/// What is counted and collected below a match.
private struct Summary {
  var collected: [Tag: [String]] = [:]

  init(_ entries: [IndexEntry], level: QueryLevel) {
    let studies = Set(entries.map(\.studyUID)).count
    let series = Set(entries.map(\.seriesUID)).count
    switch level {
    case .patient:
      collected[.numberOfPatientRelatedStudies] = [String(studies)]
      collected[.numberOfPatientRelatedSeries] = [String(series)]
      collected[.numberOfPatientRelatedInstances] = [String(entries.count)]
    case .study:
      collected[.numberOfStudyRelatedSeries] = [String(series)]
      collected[.numberOfStudyRelatedInstances] = [String(entries.count)]
      collected[.modalitiesInStudy] = Self.distinct(
        entries.compactMap { $0.attributes.string(.modality) })
      collected[.sopClassesInStudy] = Self.distinct(entries.map(\.sopClassUID))
    case .series:
      collected[.numberOfSeriesRelatedInstances] = [String(entries.count)]
    case .image: break
    }
  }

  private static func distinct(_ values: [String]) -> [String] { Set(values).sorted() }
}

extension DataSet {
  /// Sets a text that is known to be legal.
  fileprivate mutating func setText(_ tag: Tag, _ values: [String]) {
    let vr = Dictionary.vr(of: tag) ?? .LO
    set(
      Element(tag: tag, vr: vr, value: .bytes(Array(values.joined(separator: "\\").utf8)[...])))
  }
}

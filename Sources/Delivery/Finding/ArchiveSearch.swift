package import DICOM
package import DIMSE

/// Looks for patients, studies, series or instances in an archive, over one association.
///
/// Below a study archives need to be told the UID of what is above: where it is not known it is
/// asked for first. PS3.4 C.4.1.3.1.1.
package struct ArchiveSearch: Sendable {
  package let destination: Destination
  package let interruption: Interruption

  package init(destination: Destination, interruption: Interruption) {
    self.destination = destination
    self.interruption = interruption
  }

  /// Something that the archive holds, with what is known of what it belongs to.
  package struct Match: Sendable {
    /// The archive's answers: of the study, of the series, of the instance.
    package let answers: [DataSet]

    /// The texts of an attribute, as the lowest level tells them.
    package func strings(_ tag: Tag) -> [String] {
      answers.reversed().lazy.map { $0.strings(tag) }.first { !$0.isEmpty } ?? []
    }

    package func string(_ tag: Tag) -> String? {
      answers.reversed().lazy.compactMap { $0.string(tag) }.first
    }

    func with(_ answer: DataSet) -> Match { Match(answers: answers + [answer]) }
  }

  package struct Outcome: Sendable {
    package var matches: [Match] = []
    /// Whether the archive holds more than it has told.
    package var isCut = false
  }

  /// No table of what was found is longer.
  private static let most = 100_000

  package func run(
    _ query: ArchiveQuery, level: QueryLevel
  ) throws(DeliveryError) -> Outcome {
    guard destination.canBeAsked else { throw .cannotAsk }
    let questions = ArchiveQuestions(destination: destination, interruption: interruption)
    if destination.isWebOnly {
      var outcome = Outcome()
      outcome.matches = try matches(nil, query, level, &outcome.isCut)
      return outcome
    }
    let isPatientRoot = level == .patient
    let association = try questions.open(NegotiationTable.asking(level))
    var outcome = Outcome()
    do {
      if isPatientRoot,
        !association.transferSyntaxes(for: QueryRoot.patient.findSOPClass).isEmpty
      {
        outcome.matches = try ask(association, .patient, query, .patient, &outcome.isCut).map {
          Match(answers: [$0])
        }
      } else {
        outcome.matches = try matches(association, query, level, &outcome.isCut)
      }
    } catch {
      association.abort()
      throw error
    }
    do { try association.release() } catch { association.abort() }
    return outcome
  }

  private func matches(
    _ association: Association?, _ query: ArchiveQuery, _ level: QueryLevel, _ isCut: inout Bool
  ) throws(DeliveryError) -> [Match] {
    var found = [Match(answers: [])]
    // A series that is named alone is asked for without its study: most archives know it.
    if query.namesStudies || level <= .study || query.series == nil {
      let studies = try ask(association, .study, query, .study, &isCut)
      found = try withModality(query, studies, association, &isCut).map { Match(answers: [$0]) }
    }
    if level == .patient { return Self.patients(found) }
    guard level > .study else { return found }
    var below: [Match] = []
    for study in found {
      let answers = try ask(
        association, .study, query, .series, study: study.string(.studyInstanceUID), &isCut)
      below += answers.map(study.with)
    }
    guard level > .series else { return below }
    var instances: [Match] = []
    for series in below {
      let answers = try ask(
        association, .study, query, .image, study: series.string(.studyInstanceUID),
        series: series.string(.seriesInstanceUID), &isCut)
      instances += answers.map(series.with)
      if instances.count > Self.most {
        isCut = true
        break
      }
    }
    return instances
  }

  /// Where an archive does not tell which modalities a study has, its series do.
  private func withModality(
    _ query: ArchiveQuery, _ studies: [DataSet], _ association: Association?,
    _ isCut: inout Bool
  ) throws(DeliveryError) -> [DataSet] {
    guard query.modality != nil else { return studies }
    var kept: [DataSet] = []
    for study in studies {
      if study.strings(.modalitiesInStudy).isEmpty {
        var onlyModality = ArchiveQuery()
        onlyModality.modality = query.modality
        let series = try ask(
          association, .study, onlyModality, .series, study: study.string(.studyInstanceUID),
          &isCut)
        if series.isEmpty { continue }
      }
      kept.append(study)
    }
    return kept
  }

  private func ask(
    _ association: Association?, _ root: QueryRoot, _ query: ArchiveQuery, _ level: QueryLevel,
    study: String? = nil, series: String? = nil, _ isCut: inout Bool
  ) throws(DeliveryError) -> [DataSet] {
    var matches: [DataSet] = []
    let keys = query.keys(level, study: study, series: series)
    func isMatch(_ match: DataSet) -> Bool {
      let isBelow = study == nil || match.string(.studyInstanceUID).map { $0 == study } ?? true
      return isBelow && query.takes(match, level)
    }
    guard let association else {
      guard let service = destination.storingService(interruption) else { throw .notOverWeb }
      return try ArchiveQuestions(destination: destination, interruption: interruption)
        .search(service, level, keys).filter(isMatch)
    }
    let answer: Answer
    do {
      answer = try association.find(
        root, level: level, keys: keys
      ) { (match) throws(AssociationError) in
        if isMatch(match) { matches.append(match) }
        return matches.count < Self.most
      }
    } catch { throw .association(error) }
    if answer.status.category == .cancelled || answer.status.category == .warning {
      isCut = true
    } else if !answer.status.isDone {
      throw .refused(what: "the query", answer)
    }
    return matches
  }

  /// The patients of studies, each once.
  private static func patients(_ studies: [Match]) -> [Match] {
    var seen: Set<String> = []
    return studies.filter { seen.insert($0.string(.patientID) ?? "").inserted }
  }
}

package import DIMSE
import DICOM
import JSON
package import Quality

/// The checks that only the archive can decide: before anything is sent.
package enum SendingChecks {
  package struct Findings: Sendable {
    package let checks: [Check]
    /// The instances of the stage's series that the archive holds already.
    package let held: Set<String>
  }

  /// Asks the archive for the scan's study, its series and what it holds of ours.
  ///
  /// - Parameter retracted: series that were withdrawn from it: they do not count for the name.
  package static func ask(
    _ destination: Destination, about stage: Stage, retracted: Set<String> = [],
    interruption: Interruption
  ) throws(DeliveryError) -> Findings {
    let manifest = stage.manifest
    guard destination.canBeAsked else {
      return Findings(
        checks: [
          .warning(
            .identityPACS,
            "\(destination.name) cannot be asked: whether it holds the study for this patient is not known"
          ),
          .warning(
            .labelUnique,
            "\(destination.name) cannot be asked: whether it holds a series of that name is not known"
          ),
        ], held: [])
    }
    let questions = ArchiveQuestions(destination: destination, interruption: interruption)
    let identity = identity(manifest, try questions.study(manifest.studyInstanceUID))
    if identity.status == .failure, identity.remedy == .blocked {
      return Findings(checks: [identity], held: [])
    }
    let series = try questions.series(of: manifest.studyInstanceUID)
    var held: Set<String> = []
    for own in manifest.series {
      held.formUnion(
        try questions.instances(study: manifest.studyInstanceUID, series: own.instanceUID))
    }
    return Findings(
      checks: [identity, unique(manifest, series, retracted)],
      held: held.intersection(manifest.instances.map(\.sopInstanceUID)))
  }

  /// Whether any series of the stage is called as another one of the study.
  private static func unique(
    _ manifest: Manifest, _ held: [DataSet], _ retracted: Set<String>
  ) -> Check {
    let own = Set(manifest.series.map(\.instanceUID))
    let names = Set(manifest.series.map(\.description))
    let same = held.first { series in
      series.string(.seriesDescription).map(names.contains) == true
        && series.string(.seriesInstanceUID).map(own.union(retracted).contains) != true
    }
    guard let same else {
      return .pass(.labelUnique, "no other series \(manifest.label) in the study")
    }
    return .overridable(
      .labelUnique,
      "the study holds another series \(same.string(.seriesDescription) ?? manifest.label) (\(same.string(.seriesInstanceUID) ?? ""))"
    )
  }

  private static func identity(_ manifest: Manifest, _ answers: [DataSet]) -> Check {
    let id = CheckID.identityPACS
    let studies = answers.filter {
      ($0.string(.studyInstanceUID) ?? manifest.studyInstanceUID) == manifest.studyInstanceUID
    }
    guard let study = studies.first else {
      return .overridable(
        id,
        "the archive does not hold the scan's study; send the scan first, or find out where it is")
    }
    if let other = studies.compactMap({ $0.string(.patientID) }).first(where: {
      $0 != manifest.patientID
    }) {
      return .blocked(
        id,
        "the archive holds this study for patient ID \(other), the map is of \(manifest.patientID); nothing is sent"
      )
    }
    let accession = manifest.document["study"]?["accessionNumber"]?.stringValue ?? ""
    let date = manifest.document["study"]?["date"]?.stringValue ?? ""
    let heldDate = (try? study.date(.studyDate))?.iso ?? ""
    var differences: [String] = []
    if (study.string(.accessionNumber) ?? "") != accession {
      differences.append("accession number \(study.string(.accessionNumber) ?? "none") there")
    }
    if !heldDate.isEmpty, heldDate != date { differences.append("study date \(heldDate) there") }
    return differences.isEmpty
      ? .pass(id, "the archive holds the study for patient ID \(manifest.patientID)")
      : .warning(id, "not as in the scan: \(differences.joined(separator: ", "))")
  }
}

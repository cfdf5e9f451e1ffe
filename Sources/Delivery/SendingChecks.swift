package import DIMSE
import DICOM
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
    var found: [Check] = []
    for study in manifest.studies {
      let answers = try questions.study(study.instanceUID)
      found.append(
        manifest.isOfImages
          ? try ImageIdentity(manifest: manifest, study: study).check(answers, questions)
          : identity(manifest, study, answers))
    }
    let identity = found.worst ?? .blocked(.identityPACS, "the stage names no study")
    if identity.status == .failure, identity.remedy == .blocked {
      return Findings(checks: [identity], held: [])
    }
    var held: Set<String> = []
    for own in manifest.series {
      held.formUnion(
        try questions.instances(study: own.studyInstanceUID, series: own.instanceUID))
    }
    held.formIntersection(manifest.instances.map(\.sopInstanceUID))
    // Images keep the names that they have.
    if manifest.isOfImages { return Findings(checks: [identity], held: held) }
    let series = try questions.series(of: manifest.studyInstanceUID)
    return Findings(
      checks: [identity, unique(manifest, series, retracted)],
      held: held)
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

  private static func identity(
    _ manifest: Manifest, _ own: Manifest.Study, _ answers: [DataSet]
  ) -> Check {
    let id = CheckID.identityPACS
    let studies = answers.filter {
      ($0.string(.studyInstanceUID) ?? own.instanceUID) == own.instanceUID
    }
    guard let study = studies.first else {
      return .overridable(
        id,
        "the archive does not hold the scan's study; send the scan as well (export --with-scan), or find out where it is"
      )
    }
    if let other = studies.compactMap({ $0.string(.patientID) }).first(where: {
      $0 != manifest.patientID
    }) {
      return .blocked(
        id,
        "the archive holds this study for patient ID \(other), the map is of \(manifest.patientID); nothing is sent"
      )
    }
    let (accession, date) = (own.accessionNumber, own.date)
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

extension [Check] {
  /// The one that stands most in the way.
  var worst: Check? {
    let order: [Check.Remedy] = [.blocked, .override, .acknowledge, .none]
    return order.lazy.compactMap { remedy in first { $0.remedy == remedy } }.first
  }
}

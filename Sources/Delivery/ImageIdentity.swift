import DICOM
import DIMSE
import JSON
import Quality
import Radiotherapy

/// Whether an archive's study, or else its patient, is that of images which are to be sent.
struct ImageIdentity {
  let manifest: Manifest
  let study: Manifest.Study

  private static let id = CheckID.identityPACS

  /// The images' patient, as the manifest has it.
  private var patient: PatientIdentity {
    let own = manifest.document["patient"]
    return PatientIdentity(
      id: manifest.patientID, name: own?["name"]?.stringValue,
      birthDate: own?["birthDate"]?.stringValue, sex: own?["sex"]?.stringValue)
  }

  /// - Parameter answers: what the archive says when asked for the study.
  func check(
    _ answers: [DataSet], _ questions: ArchiveQuestions
  ) throws(DeliveryError) -> Check {
    let held = answers.filter {
      ($0.string(.studyInstanceUID) ?? study.instanceUID) == study.instanceUID
    }
    if let refusal = objection(to: held, "the archive holds study \(study.instanceUID)") {
      return refusal
    }
    guard let first = held.first else {
      let others = try questions.studies(ofPatient: manifest.patientID)
      if let refusal = objection(to: others, "the archive knows patient ID \(manifest.patientID)") {
        return refusal
      }
      return others.isEmpty
        ? .overridable(
          Self.id,
          "the archive holds neither study \(study.instanceUID) nor any other of patient ID \(manifest.patientID)"
        )
        : .warning(
          Self.id,
          "the archive does not hold study \(study.instanceUID) yet; of patient ID \(manifest.patientID) it holds \(others.count) other \(others.count == 1 ? "study" : "studies")"
        )
    }
    var differences: [String] = []
    let accession = first.string(.accessionNumber) ?? ""
    if accession != study.accessionNumber {
      differences.append("accession number \(accession.isEmpty ? "none" : accession) there")
    }
    if let date = (try? first.date(.studyDate))?.iso, date != study.date {
      differences.append("study date \(date) there")
    }
    return differences.isEmpty
      ? .pass(Self.id, "the archive holds the study for patient ID \(manifest.patientID)")
      : .warning(Self.id, "not as in the images: \(differences.joined(separator: ", "))")
  }

  /// Why answers are of somebody else; names and birth dates are not told.
  private func objection(to answers: [DataSet], _ what: String) -> Check? {
    let found = answers.reduce(into: Set<PatientIdentity.Difference>()) {
      $0.formUnion(PatientIdentity(of: $1).differences(from: patient))
    }.subtracting([.issuer])
    guard !found.isEmpty else { return nil }
    let words = PatientIdentity.Difference.allCases.filter(found.contains).map(\.rawValue)
      .joined(separator: ", ")
    return found.allSatisfy(\.mayBeSamePatient)
      ? .overridable(Self.id, "\(what), and \(words) differ")
      : .blocked(
        Self.id, "\(what), but \(words) differ from the images'; nothing is sent")
  }
}

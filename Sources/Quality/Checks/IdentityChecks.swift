import DICOM
import Radiotherapy

/// Whose objects these are.
enum IdentityChecks {
  static func patient(_ course: Course) -> Check {
    let id = CheckID.identityPatient
    guard let scanID = course.scan.patient.id else {
      return .blocked(
        id, "the scan has no \(Tag.patientID); ask for the scan as the archive holds it")
    }
    var others = course.scan.patients.map { ("scan's other images", $0) }
    for dose in course.doseParts { others.append(("dose", dose.identity.patient)) }
    for plan in course.plans.compactMap(\.plan) {
      others.append(("plan", plan.identity.patient))
    }
    for record in course.records + course.otherRecords {
      others.append(("record", record.identity.patient))
    }
    for summary in course.summaries + course.otherSummaries {
      others.append(("treatment summary", summary.identity.patient))
    }
    for record in course.brachyRecords {
      others.append(("brachytherapy record", record.identity.patient))
    }
    for set in course.plans.compactMap(\.structureSet) {
      others.append(("structure set", set.identity.patient))
    }
    for registration in course.registrations {
      others.append(("registration", registration.identity.patient))
    }
    var spelling: [String] = []
    for (what, patient) in others {
      // Names and birth dates are not repeated here: only that they differ.
      let differences = patient.differences(from: course.scan.patient)
      let grave = differences.filter { !$0.mayBeSamePatient }
      if !grave.isEmpty {
        return .blocked(
          id,
          "\(grave.map(\.rawValue).joined(separator: ", ")) of the \(what) and of the scan differ; use the objects of one patient"
        )
      }
      for difference in differences {
        let text = "\(difference.rawValue) of the \(what)"
        if !spelling.contains(text) { spelling.append(text) }
      }
    }
    guard spelling.isEmpty else {
      return .overridable(id, "not as in the scan: \(spelling.joined(separator: ", "))")
    }
    return .pass(
      id,
      "patient ID \(scanID) in scan and \(others.count - course.scan.patients.count) other objects")
  }
}

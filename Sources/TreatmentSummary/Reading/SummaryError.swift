package import DICOM
import Radiotherapy

/// Why no treatment summary can be made of some files.
package enum SummaryError: Error, Equatable {
  case noPlan
  case patients([String])
  case patientLacks(String)
  case planNotFound(String, among: [String] = [])
  /// A label that several plans have.
  case ambiguousPlan(String)
  case noTreatment(plan: String, intent: String)
  case brachytherapy(String)
  case broken(FileError)
  case attribute(file: String, AttributeError)
  /// Records or summaries of plans that are not among the files.
  case strangers(file: String)
  case unclear(record: String)
  case contradiction(plan: String, String)
  case tooMany(plan: String, delivered: Int, planned: Int)
  case noFractions(plan: String)
  /// The status in the details is not what the records show.
  case status(String, String)
  case phases(String)
  case volume(String, String)
  case noVolume(plan: String)
  case dose(String)
  case modality(plan: String, String)
}

extension SummaryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noPlan: "no RT Plan of a treatment is among the files; add it"
    case .patients(let ids):
      "objects of \(ids.count) patients (\(ids.joined(separator: ", "))); give the files of one"
    case .patientLacks(let what):
      "the objects do not say the patient's \(what); a summary needs it"
    case .planNotFound(let name, let others):
      "no plan '\(name)' is among the files\(others.isEmpty ? "" : "; there is \(others.joined(separator: ", "))")"
    case .ambiguousPlan(let name):
      "several plans are called '\(name)'; give the SOP Instance UID instead"
    case .noTreatment(let plan, let intent):
      "plan \(plan) has the intent \(intent), which is no treatment"
    case .brachytherapy(let what):
      "\(what): brachytherapy is not supported, and a summary without it would leave a part of the course out; name the other plans with --plan to say that on purpose"
    case .broken(let error): "\(error); it may be a part of the course"
    case .attribute(let file, let error): "\(file): \(error)"
    case .strangers(let file):
      "\(file) is of a plan that is not among the files; add that plan, or name the plans of this course with --plan"
    case .unclear(let record):
      "\(record) says nothing of beam, fraction, meterset or date; export the records again"
    case .contradiction(let plan, let what): "plan \(plan): \(what)"
    case .tooMany(let plan, let delivered, let planned):
      "plan \(plan): \(delivered) fractions delivered, \(planned) planned"
    case .noFractions(let plan): "plan \(plan) does not say how many fractions it plans"
    case .status(let status, let why):
      "course.status '\(status)' contradicts the records: \(why)"
    case .phases(let why): "phases: \(why)"
    case .volume(let name, let why): "volumes.\(name): \(why)"
    case .noVolume(let plan):
      "plan \(plan) names no target with a dose; name a region and its dose under volumes (plannedGy)"
    case .dose(let what): "\(what) is no dose of a patient"
    case .modality(let plan, let what): "plan \(plan) \(what)"
    }
  }
}

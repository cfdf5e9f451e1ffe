package import DICOM

/// Why some folders do not make a course: what is missing, or a choice that nobody made.
package enum InputError: Error, Equatable {
  case noDICOM(files: Int)
  case patients([String])
  case missing(Kind)
  case several(Kind, option: String, [Candidate])
  case notFound(Kind, uid: String)
  case file(FileError)
  /// A file that cannot be read and belongs to the course, or may.
  case broken(FileError, because: String)
  /// Doses that cannot be added up.
  case sum(reason: String)
  /// A dose of several plans, and nobody said how they belong together.
  case sumUnsaid(dose: String, plans: Int)
  /// Two images of the scan lie at the same place.
  case slicesAtOnePlace(z: Double, files: [String])

  package enum Kind: String, Sendable {
    case scan = "CT, MR or PET series"
    case dose = "RT Dose"
    case plan = "RT Plan"
    case registration = "Spatial Registration"
  }

  package struct Candidate: Hashable, Sendable {
    package let uid: String
    package let description: String

    package init(uid: String, description: String) {
      self.uid = uid
      self.description = description
    }
  }
}

extension InputError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noDICOM(let files):
      "no DICOM object among \(files) file\(files == 1 ? "" : "s"); name the folder that holds scan, dose, plan and records"
    case .patients(let ids):
      "objects of \(ids.count) patients (\(ids.joined(separator: ", "))); name the files of one"
    case .missing(let kind): "no \(kind.rawValue) among the files; \(Self.advice(kind))"
    case .several(let kind, let option, let candidates):
      "\(candidates.count) candidates for \(kind.rawValue); choose one with \(option) UID\(kind == .dose ? ", or add plans up with --sum sequential|concurrent" : ""):"
        + candidates.map { "\n  \($0.uid)  \($0.description)" }.joined()
    case .notFound(let kind, let uid): "no \(kind.rawValue) \(uid) among the files"
    case .file(let error): "\(error)"
    case .broken(let error, let reason):
      "\(error) (\(reason): put it right, or take it out of the folder if it has nothing to do with the course)"
    case .sum(let reason): "--sum: \(reason)"
    case .sumUnsaid(let dose, let plans):
      "\(dose) is the dose of \(plans) plans; say how they belong together: --sum sequential (one after the other) or --sum concurrent (in the same sessions)"
    case .slicesAtOnePlace(let z, let files):
      "two images of the scan lie at \(z) mm along its normal (\(files.joined(separator: ", "))); leave one of them out"
    }
  }

  private static func advice(_ kind: Kind) -> String {
    switch kind {
    case .scan: "add the planning CT, or the MR that the dose lies on"
    case .dose: "export the plan dose from the planning system and add it"
    case .plan: "export the plan that the dose belongs to and add it"
    case .registration: "export the registration of dose and scan and add it"
    }
  }
}

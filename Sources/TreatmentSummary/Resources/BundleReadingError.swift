/// Why resources are no treatment summary.
package enum BundleReadingError: Error, Equatable {
  case notFHIR
  case noCourseSummary
  case noSuchCourse(String, [String])
  case severalCourses([String])
}

extension BundleReadingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFHIR: "this is no FHIR Bundle or resource"
    case .noCourseSummary: "no Course Summary of CodeX Radiation Therapy is in it"
    case .noSuchCourse(let wanted, let names):
      "no course '\(wanted)' is in it; there is \(names.joined(separator: ", "))"
    case .severalCourses(let names):
      "\(names.count) Course Summaries are in it: \(names.joined(separator: ", ")); choose one with --course NAME"
    }
  }
}

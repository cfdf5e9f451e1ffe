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
      "no course '\(wanted)' is in it; there is \(Self.few(names))"
    case .severalCourses(let names):
      "\(names.count) Course Summaries are in it: \(Self.few(names)); choose one with --course NAME"
    }
  }

  private static func few(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ")
      + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }
}

package import DICOM

/// What a record system's treatment summary (a Course Summary of CodeX RT) says of a course.
package struct ToldCompletion: Hashable, Sendable {
  package struct Plan: Hashable, Sendable {
    /// SOP Instance UID of the RT Plan.
    package let uid: String
    package let fractions: Int?
    package let first: CalendarDate?
    package let last: CalendarDate?
    /// The highest dose that a volume of the plan got, Gy.
    package let doseGy: Double?

    package init(
      uid: String, fractions: Int?, first: CalendarDate?, last: CalendarDate?, doseGy: Double?
    ) {
      self.uid = uid
      self.fractions = fractions
      self.first = first
      self.last = last
      self.doseGy = doseGy
    }
  }

  /// The file or address that it came from.
  package let source: String
  /// `completed`, or what else it says.
  package let status: String
  package let patientID: String?
  package let plans: [Plan]

  package init(source: String, status: String, patientID: String?, plans: [Plan]) {
    self.source = source
    self.status = status
    self.patientID = patientID
    self.plans = plans
  }

  /// What it says of a plan of the course.
  package func plan(_ plan: RTPlan?) -> Plan? {
    plans.first { $0.uid == plan?.identity.sopInstanceUID }
  }
}

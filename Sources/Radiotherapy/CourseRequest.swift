package import DICOM

/// What a person said about the map that is wanted, beside the files.
package struct CourseRequest: Sendable {
  /// Series Instance UID of the scan.
  package var image: String?
  /// SOP Instance UIDs.
  package var dose: String? {
    get { doses.first }
    set { doses = newValue.map { [$0] } ?? [] }
  }
  package var plan: String? {
    get { plans.first }
    set { plans = newValue.map { [$0] } ?? [] }
  }
  /// Several, where they are to be added up.
  package var doses: [String] = []
  package var plans: [String] = []
  package var registration: String?
  /// Doses that are to be added up; `nil`: one dose is the whole.
  package var sum: DoseSum?
  /// Gy, where the plan prescribes none.
  package var prescriptionGy: Double?
  /// The reviewer's word that the course has ended, where no record says so.
  package var completed: CalendarDate?
  package var fractions: Int?
  /// What a record system says of the course.
  package var told: ToldCompletion?
  package var isStoppedEarly = false
  /// For a scan without a date: whether it is a follow-up.
  package var isPrior: Bool?
  /// Fractions that chart and reviewer know of and the records lack are no error of the files.
  package var dateFormat = "MM.dd.yyyy"
  /// What a label is made of: ``CourseLabel/Field``s in braces.
  package var labelTemplate = CourseLabel.standardTemplate

  package init() {}
}

package import DICOM

/// An RT Treatment Summary Record: how far a treatment has come, as the record system sums it up.
///
/// PS3.3 A.31 and C.8.8.23.
package struct SummaryRecord: Sendable {
  package let identity: ObjectIdentity
  package let referencedPlans: [ObjectReference]
  /// `nil` where Current Treatment Status holds none of the defined terms.
  package let status: Status?
  /// Current Treatment Status as it is written.
  package let statusText: String?
  package let comment: String?
  package let firstDate: CalendarDate?
  package let mostRecentDate: CalendarDate?
  package let groups: [FractionGroup]
  package let doses: [CumulativeDose]

  /// Current Treatment Status (3008,0200).
  package enum Status: String, Sendable {
    case notStarted = "NOT_STARTED"
    case onTreatment = "ON_TREATMENT"
    case onBreak = "ON_BREAK"
    case suspended = "SUSPENDED"
    case stopped = "STOPPED"
    case completed = "COMPLETED"

    /// Whether nothing more of the treatment is to come.
    package var hasEnded: Bool { self == .stopped || self == .completed }
  }

  /// An item of the Fraction Group Summary Sequence (3008,0220).
  package struct FractionGroup: Hashable, Sendable {
    package let number: Int?
    /// `EXTERNAL_BEAM` or `BRACHY`.
    package let type: String?
    package let fractionsPlanned: Int?
    package let fractionsDelivered: Int?
    package let fractions: [Fraction]

    /// What was delivered: as said, else as listed.
    package var delivered: Int? {
      fractionsDelivered ?? (fractions.isEmpty ? nil : Set(fractions.map(\.number)).count)
    }
  }

  /// An item of the Fraction Status Summary Sequence (3008,0240).
  package struct Fraction: Hashable, Sendable {
    package let number: Int
    package let date: CalendarDate?
    package let time: String?
    /// `NORMAL`, `OPERATOR`, `MACHINE`, `UNKNOWN`.
    package let termination: String?
  }

  /// The dose that a reference of the plan has got so far.
  package struct CumulativeDose: Hashable, Sendable {
    package let gray: Double
    /// Dose Reference Number in the plan.
    package let reference: Int?
    package let description: String?
    package let isMeasured: Bool
  }

  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    referencedPlans = ObjectReference.all(in: dataSet, .referencedRTPlanSequence)
    statusText = dataSet.string(.currentTreatmentStatus)
    status = statusText.flatMap { Status(rawValue: $0.uppercased()) }
    comment = dataSet.string(.treatmentStatusComment)
    do {
      firstDate = try dataSet.date(.firstTreatmentDate)
      mostRecentDate = try dataSet.date(.mostRecentTreatmentDate)
      var groups: [FractionGroup] = []
      for item in dataSet.items(.fractionGroupSummarySequence) {
        var fractions: [Fraction] = []
        for session in item.items(.fractionStatusSummarySequence) {
          fractions.append(
            Fraction(
              number: try session.requiredInteger(.referencedFractionNumber),
              date: try session.date(.treatmentDate), time: session.string(.treatmentTime),
              termination: session.string(.treatmentTerminationStatus)?.uppercased()))
        }
        groups.append(
          FractionGroup(
            number: try item.integer(.referencedFractionGroupNumber),
            type: item.string(.fractionGroupType)?.uppercased(),
            fractionsPlanned: try item.integer(.numberOfFractionsPlanned),
            fractionsDelivered: try item.integer(.numberOfFractionsDelivered),
            fractions: fractions))
      }
      self.groups = groups
      doses =
        try Self.doses(dataSet, .treatmentSummaryCalculatedDoseReferenceSequence, false)
        + Self.doses(dataSet, .treatmentSummaryMeasuredDoseReferenceSequence, true)
    } catch { throw .attribute(path: file.path, error) }
  }

  private static func doses(
    _ dataSet: DataSet, _ sequence: Tag, _ isMeasured: Bool
  ) throws(AttributeError) -> [CumulativeDose] {
    var doses: [CumulativeDose] = []
    for item in dataSet.items(sequence) {
      guard let gray = try item.number(.cumulativeDoseToDoseReference) else {
        throw .missing(.cumulativeDoseToDoseReference)
      }
      doses.append(
        CumulativeDose(
          gray: gray, reference: try item.integer(.referencedDoseReferenceNumber),
          description: item.string(.doseReferenceDescription), isMeasured: isMeasured))
    }
    return doses
  }

  /// Fractions of external beams that were delivered; `nil` where a group does not say.
  package var delivered: Int? {
    sum(external.map(\.delivered))
  }

  /// Fractions of external beams that were planned; `nil` where a group does not say.
  package var planned: Int? {
    sum(external.map(\.fractionsPlanned))
  }

  /// The day of the last fraction: as said, else the last that is listed.
  package var last: CalendarDate? {
    mostRecentDate ?? groups.flatMap(\.fractions).compactMap(\.date).max()
  }

  /// Fractions of brachytherapy that were delivered.
  package var brachytherapyFractions: Int {
    groups.filter { $0.type == "BRACHY" }.reduce(0) { sum, group in
      let (total, overflow) = sum.addingReportingOverflow(max(0, group.delivered ?? 0))
      return overflow ? .max : total
    }
  }

  private var external: [FractionGroup] { groups.filter { $0.type != "BRACHY" } }

  private func sum(_ counts: [Int?]) -> Int? {
    guard !counts.isEmpty else { return nil }
    var sum = 0
    for count in counts {
      guard let count, count >= 0 else { return nil }
      let (total, overflow) = sum.addingReportingOverflow(count)
      guard !overflow else { return nil }
      sum = total
    }
    return sum
  }
}

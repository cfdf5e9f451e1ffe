import DICOM

/// What a treatment record says of its session beside beams and metersets.
///
/// PS3.3 C.8.8.18, C.8.8.20 and C.8.8.21.
package struct RecordedSession: Hashable, Sendable {
  /// A dose that the record system calculated for a dose reference of the plan.
  package struct Dose: Hashable, Sendable {
    package let reference: Int
    package let gray: Double
  }

  package let uid: String?
  package let begin: TreatmentMoment?
  package let end: TreatmentMoment?
  /// What the beams gave to dose references; where no beam says it, what the record says in all.
  package let doses: [Dose]
  package let institution: String?
  package let machine: TreatmentMachine?
  /// Timezone Offset From UTC (0008,0201).
  package let timezone: String?

  init(of dataSet: DataSet, beams: [DataSet]) throws(AttributeError) {
    uid = dataSet.string(.treatmentSessionUID)
    timezone = dataSet.string(.timezoneOffsetFromUTC)
    let machine = dataSet.items(.treatmentMachineSequence).first
    self.machine = machine.flatMap(TreatmentMachine.init(of:))
    institution = dataSet.string(.institutionName) ?? machine?.string(.institutionName)
    begin = try Self.moment(dataSet, .treatmentDate, .treatmentTime)
    var ends: [TreatmentMoment] = []
    for beam in beams {
      let points =
        beam.items(.controlPointDeliverySequence) + beam.items(.ionControlPointDeliverySequence)
      guard let last = points.last else { continue }
      if let moment = try Self.moment(last, .treatmentControlPointDate, .treatmentControlPointTime)
      {
        ends.append(moment)
      }
    }
    end = ends.max() ?? begin
    var ofBeams: [Dose] = []
    for beam in beams {
      ofBeams += try Self.doses(beam.items(.referencedCalculatedDoseReferenceSequence))
    }
    doses =
      ofBeams.isEmpty ? try Self.doses(dataSet.items(.calculatedDoseReferenceSequence)) : ofBeams
  }

  private static func moment(
    _ item: DataSet, _ date: Tag, _ time: Tag
  ) throws(AttributeError) -> TreatmentMoment? {
    try item.date(date).map { TreatmentMoment(date: $0, time: item.string(time)) }
  }

  private static func doses(_ items: [DataSet]) throws(AttributeError) -> [Dose] {
    var doses: [Dose] = []
    for item in items {
      guard let reference = try item.integer(.referencedDoseReferenceNumber),
        let gray = try item.number(.calculatedDoseReferenceDoseValue)
      else { continue }
      doses.append(Dose(reference: reference, gray: gray))
    }
    return doses
  }
}

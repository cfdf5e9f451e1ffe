package import DICOM

/// An RT Beams or RT Ion Beams Treatment Record: what was delivered in one session.
///
/// PS3.3 A.28.
package struct TreatmentRecord: Sendable {
  package let identity: ObjectIdentity
  package let date: CalendarDate?
  package let time: String?
  package let referencedPlans: [ObjectReference]
  package let fractionGroup: Int?
  package let beams: [DeliveredBeam]
  package let session: Result<RecordedSession, AttributeError>

  package struct DeliveredBeam: Hashable, Sendable {
    package let number: Int?
    package let name: String?
    /// Which fraction of the group, from 1.
    package let fraction: Int?
    package let deliveryType: String?
    /// `NORMAL`, `OPERATOR`, `MACHINE`, `UNKNOWN`.
    package let termination: String?
    /// Monitor units that this session was to give, and gave.
    package let specifiedMeterset: Double?
    package let deliveredMeterset: Double?

    package var isTreatment: Bool { BeamPurpose.isTreatment(deliveryType) }
  }

  /// What the scan spots of all control points got together; `nil` where there are none.
  private static func spots(_ points: [DataSet]) throws(AttributeError) -> Double? {
    var sum: Double?
    for point in points {
      for meterset in try point.numbers(.scanSpotMetersetsDelivered) {
        sum = (sum ?? 0) + meterset
      }
    }
    return sum
  }

  /// Whether the beams that were treated are a plan's, meterset for meterset.
  package func matches(_ plan: RTPlan) -> Bool {
    let treated = beams.filter(\.isTreatment)
    return !treated.isEmpty
      && treated.allSatisfy { beam in
        plan.fractionGroups.contains { group in
          group.beams.contains { planned in
            guard planned.number == beam.number, let given = beam.deliveredMeterset,
              let meterset = planned.meterset
            else { return false }
            return abs(given - meterset) <= DeliveredCourse.metersetTolerance * meterset
          }
        }
      }
  }

  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    referencedPlans = ObjectReference.all(in: dataSet, .referencedRTPlanSequence)
    do {
      var date = try dataSet.date(.treatmentDate)
      fractionGroup = try dataSet.integer(.referencedFractionGroupNumber)
      var beams: [DeliveredBeam] = []
      let items =
        dataSet.items(.treatmentSessionBeamSequence)
        + dataSet.items(.treatmentSessionIonBeamSequence)
      for item in items {
        // PS3.3 C.8.8.21 and, for ions, C.8.8.26.
        let points =
          item.items(.controlPointDeliverySequence) + item.items(.ionControlPointDeliverySequence)
        var delivered = try item.number(.deliveredPrimaryMeterset)
        var specified = try item.number(.specifiedPrimaryMeterset)
        if delivered == nil, let last = points.last, let first = points.first {
          // Control points count on from where an interrupted session ended.
          if let end = try last.number(.deliveredMeterset) {
            delivered = end - (try first.number(.deliveredMeterset) ?? 0)
          }
        }
        if delivered == nil { delivered = try Self.spots(points) }
        if specified == nil { specified = try points.last?.number(.specifiedMeterset) }
        if date == nil { date = try points.first?.date(.treatmentControlPointDate) }
        beams.append(
          DeliveredBeam(
            number: try item.integer(.referencedBeamNumber), name: item.string(.beamName),
            fraction: try item.integer(.currentFractionNumber),
            deliveryType: item.string(.treatmentDeliveryType)?.uppercased(),
            termination: item.string(.treatmentTerminationStatus)?.uppercased(),
            specifiedMeterset: specified, deliveredMeterset: delivered))
      }
      self.beams = beams
      self.date = date
      time = dataSet.string(.treatmentTime)
      session = Result { () throws(AttributeError) in
        try RecordedSession(of: dataSet, beams: items)
      }
    } catch { throw .attribute(path: file.path, error) }
  }
}

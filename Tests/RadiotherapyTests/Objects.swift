import DICOM
import Geometry
import Radiotherapy

/// Small objects, written attribute by attribute, for the rules that need no real file.
enum Objects {
  static func file(_ fill: (inout DataSet) throws -> Void) throws -> DICOMFile {
    var set = DataSet()
    try set.set(.sopInstanceUID, "1.2.3.4")
    try set.set(.studyInstanceUID, "1.2.3")
    try set.set(.seriesInstanceUID, "1.2.3.1")
    try set.set(.patientID, "P1")
    try fill(&set)
    return try DICOMFile.read(bytes: DICOMFile.bytes(of: set), path: "object.dcm")
  }

  /// A plan of one fraction group: beams with their metersets, and one beam for setup.
  static func plan(
    fractions: Int = 2, beams: [(Int, Double)] = [(1, 100), (2, 150)], prescription: Double? = 4
  ) throws -> RTPlan {
    try RTPlan(
      of: file { set in
        try set.set(.sopClassUID, SOPClass.rtPlan)
        try set.set(.sopInstanceUID, "1.2.3.100")
        try set.set(.rtPlanLabel, "PLAN1")
        var target = DataSet()
        try target.set(.doseReferenceNumber, integer: 1)
        try target.set(.doseReferenceType, "TARGET")
        if let prescription { try target.set(.targetPrescriptionDose, decimals: [prescription]) }
        set.set(.doseReferenceSequence, items: [target])
        var group = DataSet()
        try group.set(.fractionGroupNumber, integer: 1)
        try group.set(.numberOfFractionsPlanned, integer: fractions)
        var items: [DataSet] = []
        var descriptions: [DataSet] = []
        for (number, meterset) in beams + [(9, 5)] {
          var item = DataSet()
          try item.set(.referencedBeamNumber, integer: number)
          try item.set(.beamMeterset, decimals: [meterset])
          items.append(item)
          var beam = DataSet()
          try beam.set(.beamNumber, integer: number)
          try beam.set(.treatmentDeliveryType, number == 9 ? "SETUP" : "TREATMENT")
          descriptions.append(beam)
        }
        group.set(.referencedBeamSequence, items: items)
        set.set(.fractionGroupSequence, items: [group])
        set.set(.beamSequence, items: descriptions)
      })
  }

  /// A record of one session: fraction, beam, delivered meterset, delivery type.
  static func record(
    _ date: String, _ beams: [(fraction: Int, beam: Int, delivered: Double, type: String)]
  ) throws -> TreatmentRecord {
    try TreatmentRecord(
      of: file { set in
        try set.set(.sopClassUID, SOPClass.rtBeamsTreatmentRecord)
        try set.set(.treatmentDate, date)
        try set.set(.referencedFractionGroupNumber, integer: 1)
        var plan = DataSet()
        try plan.set(.referencedSOPInstanceUID, "1.2.3.100")
        set.set(.referencedRTPlanSequence, items: [plan])
        set.set(
          .treatmentSessionBeamSequence,
          items: try beams.map { session in
            var item = DataSet()
            try item.set(.referencedBeamNumber, integer: session.beam)
            try item.set(.currentFractionNumber, integer: session.fraction)
            try item.set(.treatmentDeliveryType, session.type)
            try item.set(.deliveredPrimaryMeterset, decimals: [session.delivered])
            return item
          })
      })
  }

  /// A dose grid's header: 2 x 3 pixels, 4 frames.
  static func dose(
    offsets: [Double]?, z: Double = 6, orientation: [Double] = [1, 0, 0, 0, 1, 0],
    frames: Int = 4
  ) throws -> RTDose {
    try RTDose(
      of: file { set in
        try set.set(.sopClassUID, SOPClass.rtDose)
        try set.set(.rows, integer: 2)
        try set.set(.columns, integer: 3)
        try set.set(.numberOfFrames, integer: frames)
        try set.set(.bitsAllocated, integer: 16)
        try set.set(.pixelSpacing, decimals: [2, 2.5])
        try set.set(.imagePositionPatient, decimals: [4, 5, z])
        try set.set(.imageOrientationPatient, decimals: orientation)
        if let offsets { try set.set(.gridFrameOffsetVector, decimals: offsets) }
      })
  }
}

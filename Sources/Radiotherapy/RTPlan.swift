package import DICOM

/// An RT Plan or RT Ion Plan.
///
/// PS3.3 A.20 and A.49.
package struct RTPlan: Sendable {
  package let identity: ObjectIdentity
  package let label: String
  package let name: String?
  package let description: String?
  package let date: CalendarDate?
  package let time: String?
  package let intent: String?
  /// `APPROVED`, `UNAPPROVED`, `REJECTED`, or nothing.
  package let approval: String?
  package let reviewer: String?
  package let physicians: [String]
  package let institution: String?
  /// Where the patient is treated, in the plan's own words.
  package let sites: [String]
  /// The same as codes, each with its side.
  package let siteCodes: [RecordedCode]
  /// The machines of the beams that treat, each once.
  package let machines: [TreatmentMachine]
  /// Respiratory Motion Compensation Technique (0018,9170) of the patient's setups, each once.
  package let motionManagement: [String]
  /// Timezone Offset From UTC (0008,0201).
  package let timezone: String?
  /// Where the patient is to be found: PS3.3 C.2.3 and C.2.2.
  package let patientAddress: String?
  package let patientTelephones: [String]
  package let isIon: Bool
  package let targets: [Target]
  /// All that the plan follows the dose to, the targets among them.
  package let doseReferences: Result<[DoseReference], AttributeError>
  package let fractionGroups: [FractionGroup]
  package let beams: [Beam]
  /// How each beam is delivered, by its number.
  package let deliveries: Result<[Int: BeamDelivery], AttributeError>
  package let referencedStructureSets: [ObjectReference]
  package let referencedDoses: [ObjectReference]
  /// Brachytherapy is named, not handled.
  package let hasBrachytherapy: Bool

  /// A dose that is prescribed to a target.
  ///
  /// PS3.3 C.8.8.10.
  package struct Target: Hashable, Sendable {
    package let number: Int?
    /// What the plan calls it: description, or the name of the region of interest.
    package let name: String?
    /// Region of Interest in the structure set that is meant.
    package let roiNumber: Int?
    /// Gy, over all fractions; `nil` where the plan names a target and no dose.
    package let doseGy: Double?
  }

  /// PS3.3 C.8.8.13.
  package struct FractionGroup: Hashable, Sendable {
    package let number: Int
    package let fractionsPlanned: Int?
    package let beams: [PlannedBeam]
  }

  package struct PlannedBeam: Hashable, Sendable {
    package let number: Int
    /// Gy at the beam's dose specification point, each fraction.
    package let doseGy: Double?
    /// Monitor units (or what the plan counts in), each fraction.
    package let meterset: Double?
  }

  package struct Beam: Hashable, Sendable {
    package let number: Int
    package let name: String?
    package let deliveryType: String?
    package let radiationType: String?
    package let machine: String?
    /// What the beam's metersets are counted in: `MU`, `NP`, `MINUTE`.
    package let dosimeterUnit: String?

    /// Whether the beam treats: setup and portal beams do not.
    package var isTreatment: Bool { BeamPurpose.isTreatment(deliveryType) }
  }

  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    isIon = identity.sopClassUID == SOPClass.rtIonPlan
    do {
      label = dataSet.string(.rtPlanLabel) ?? ""
      name = dataSet.string(.rtPlanName)
      description = dataSet.string(.rtPlanDescription)
      date = try dataSet.date(.rtPlanDate)
      time = dataSet.string(.rtPlanTime)
      intent = dataSet.whole(.planIntent)?.uppercased()
      approval = dataSet.whole(.approvalStatus)?.uppercased()
      reviewer = dataSet.string(.reviewerName)
      physicians = dataSet.strings(.physiciansOfRecord)
      institution = dataSet.string(.institutionName)
      sites = dataSet.strings(.treatmentSites) + dataSet.strings(.treatmentSite)
      siteCodes = RecordedCode.all(
        in: dataSet, .treatmentSiteCodeSequence, modifiers: .treatmentSiteModifierCodeSequence)
      motionManagement = Set(
        dataSet.items(.patientSetupSequence).flatMap { $0.items(.motionSynchronizationSequence) }
          .compactMap { $0.string(.respiratoryMotionCompensationTechnique)?.uppercased() }
      ).sorted()
      timezone = dataSet.string(.timezoneOffsetFromUTC)
      patientAddress = dataSet.string(.patientAddress)
      patientTelephones = dataSet.strings(.patientTelephoneNumbers)
      var targets: [Target] = []
      for item in dataSet.items(.doseReferenceSequence)
      where item.whole(.doseReferenceType)?.uppercased() == "TARGET" {
        targets.append(
          Target(
            number: try item.integer(.doseReferenceNumber),
            name: item.string(.doseReferenceDescription),
            roiNumber: try item.integer(.referencedROINumber),
            doseGy: try item.number(.targetPrescriptionDose)))
      }
      self.targets = targets
      var groups: [FractionGroup] = []
      var isBrachy = !dataSet.items(.applicationSetupSequence).isEmpty
      for item in dataSet.items(.fractionGroupSequence) {
        var beams: [PlannedBeam] = []
        for beam in item.items(.referencedBeamSequence) {
          beams.append(
            PlannedBeam(
              number: try beam.requiredInteger(.referencedBeamNumber),
              doseGy: try beam.number(.beamDose), meterset: try beam.number(.beamMeterset)))
        }
        if (try item.integer(.numberOfBrachyApplicationSetups) ?? 0) > 0 { isBrachy = true }
        groups.append(
          FractionGroup(
            number: try item.integer(.fractionGroupNumber) ?? groups.count + 1,
            fractionsPlanned: try item.integer(.numberOfFractionsPlanned), beams: beams))
      }
      fractionGroups = groups
      hasBrachytherapy = isBrachy
      var found: [Beam] = []
      var machines: [TreatmentMachine] = []
      for item in dataSet.items(.beamSequence) + dataSet.items(.ionBeamSequence) {
        found.append(
          Beam(
            number: try item.requiredInteger(.beamNumber), name: item.string(.beamName),
            deliveryType: item.string(.treatmentDeliveryType)?.uppercased(),
            radiationType: item.string(.radiationType)?.uppercased(),
            machine: item.string(.treatmentMachineName),
            dosimeterUnit: item.string(.primaryDosimeterUnit)?.uppercased()))
        if let machine = TreatmentMachine(of: item), !machines.contains(machine),
          found.last?.isTreatment == true
        {
          machines.append(machine)
        }
      }
      beams = found
      self.machines = machines
    } catch { throw .attribute(path: file.path, error) }
    referencedStructureSets = ObjectReference.all(in: dataSet, .referencedStructureSetSequence)
    referencedDoses = ObjectReference.all(in: dataSet, .referencedDoseSequence)
    // Maps can do without these: what is wrong with them is the summary's business.
    doseReferences = Result { () throws(AttributeError) in
      var references: [DoseReference] = []
      for item in dataSet.items(.doseReferenceSequence) {
        references.append(try DoseReference(of: item))
      }
      return references
    }
    deliveries = Result { () throws(AttributeError) in
      var deliveries: [Int: BeamDelivery] = [:]
      for item in dataSet.items(.beamSequence) + dataSet.items(.ionBeamSequence) {
        deliveries[try item.requiredInteger(.beamNumber)] = try BeamDelivery(of: item)
      }
      return deliveries
    }
  }

  /// The number of fractions that all groups plan together; `nil` where one of them does not say.
  package var fractionsPlanned: Int? {
    guard !fractionGroups.isEmpty else { return nil }
    var sum = 0
    for group in fractionGroups {
      guard let planned = group.fractionsPlanned, planned > 0 else { return nil }
      sum += planned
    }
    return sum
  }

  /// What a beam's meterset is counted in, for people.
  package func metersetUnit(ofBeam number: Int) -> String {
    beams.first { $0.number == number }?.dosimeterUnit ?? "MU"
  }

  /// The beams of a fraction group that treat.
  package func treatmentBeams(of group: FractionGroup) -> [PlannedBeam] {
    group.beams.filter { planned in
      beams.first { $0.number == planned.number }?.isTreatment ?? true
    }
  }
}

/// What a beam is for: Treatment Delivery Type (300A,00CE).
///
/// PS3.3 C.8.8.14.
enum BeamPurpose {
  /// Whether a beam of this type gives dose to the target: a treatment, or the rest of one.
  static func isTreatment(_ deliveryType: String?) -> Bool {
    switch deliveryType?.uppercased() {
    case nil, "", "TREATMENT", "CONTINUATION": true
    default: false
    }
  }
}

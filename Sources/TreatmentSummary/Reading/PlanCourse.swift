import DICOM
import Radiotherapy

/// A plan of a course with all that shows what of it was delivered.
struct PlanCourse {
  let plan: RTPlan
  let records: [TreatmentRecord]
  let sessions: [RecordedSession]
  let delivered: DeliveredCourse?
  let summary: SummaryEvidence?
  let structureSet: StructureSet?
  let references: [DoseReference]
  /// What was said to be delivered, where no record says it.
  let said: SummaryDetails.Delivered?
  /// Whether the doses that the records calculate are passed over, as was said.
  private let countsMetersets: Bool
  let fractionsPlanned: Int
  /// What of the plan's own doses is meant to be given: 1 but where the details say less.
  let meant: Double
  /// Whole fractions.
  let fractionsDelivered: Int
  /// What was delivered of the planned dose: 1 of all fractions.
  let share: Double

  var uid: String { plan.identity.sopInstanceUID }
  /// What the plan is called.
  var name: String { plan.label.isEmpty ? plan.identity.fileName : plan.label }
  /// Whether anything was given.
  var isBegun: Bool { share > 0 }
  var isComplete: Bool { fractionsDelivered == fractionsPlanned }

  var begin: TreatmentMoment? {
    let moments = sessions.compactMap(\.begin)
    let listed = summary?.record.groups.flatMap(\.fractions).compactMap(\.date).min()
    let day = summary?.record.firstDate ?? listed ?? said?.first
    return moments.min() ?? day.map { TreatmentMoment(date: $0, time: nil) }
  }
  var end: TreatmentMoment? {
    let moments = sessions.compactMap(\.end)
    return moments.max()
      ?? (summary?.last ?? said?.last).map { TreatmentMoment(date: $0, time: nil) }
  }

  /// Sessions by their UIDs, else by their days.
  var sessionNames: Set<String> {
    let uids = sessions.compactMap(\.uid)
    if !uids.isEmpty, uids.count == sessions.count { return Set(uids) }
    let days = Set(sessions.compactMap { $0.begin?.date.iso })
    if !days.isEmpty { return days }
    let listed = summary?.record.groups.flatMap(\.fractions).compactMap { $0.date?.iso } ?? []
    return Set(listed)
  }

  /// - Parameter details: what was said of the plan.
  init(
    _ plan: RTPlan, of inventory: Inventory, _ details: SummaryDetails.Plan? = nil
  ) throws(SummaryError) {
    self.plan = plan
    let uid = plan.identity.sopInstanceUID
    let name = plan.label.isEmpty ? plan.identity.fileName : plan.label
    func isOwn(_ references: [ObjectReference]) -> Bool {
      references.contains { $0.sopInstanceUID == uid }
    }
    let records = inventory.records.filter { isOwn($0.referencedPlans) }
    func moment(_ record: TreatmentRecord) -> String {
      (record.date?.iso ?? "") + (record.time ?? "") + record.identity.sopInstanceUID
    }
    self.records = records.sorted { moment($0) < moment($1) }
    var sessions: [RecordedSession] = []
    for record in self.records {
      let isGiven = record.beams.contains { $0.isTreatment && ($0.deliveredMeterset ?? 0) > 0 }
      do {
        let session = try record.session.get()
        // Setup images and sessions in which nothing was given are no sessions of treatment.
        if isGiven { sessions.append(session) }
      } catch { throw .attribute(file: record.identity.fileName, error) }
    }
    self.sessions = sessions
    do { references = try plan.doseReferences.get() } catch {
      throw .attribute(file: plan.identity.fileName, error)
    }
    let counted = records.isEmpty ? nil : DeliveredCourse(plan: plan, records: records)
    delivered = counted
    summary = SummaryEvidence(
      plan: plan, summaries: inventory.summaries.filter { isOwn($0.referencedPlans) },
      counted: counted)
    let sets = plan.referencedStructureSets.map(\.sopInstanceUID)
    structureSet = inventory.structureSets.first { sets.contains($0.identity.sopInstanceUID) }
    if let unclear = counted?.unclear.first { throw .unclear(record: unclear) }
    if let beam = counted?.unknownBeams.first {
      throw .contradiction(plan: name, "the records have a beam \(beam), which the plan has not")
    }
    if let first = summary?.contradictions.first {
      throw .contradiction(plan: name, first.description)
    }
    guard let whole = plan.fractionsPlanned, whole > 0 else { throw .noFractions(plan: name) }
    let planned = details?.fractions ?? whole
    guard planned <= whole else {
      throw .contradiction(
        plan: name, "plans.\(name).fractions is \(planned), it was made for \(whole)")
    }
    fractionsPlanned = planned
    meant = Double(planned) / Double(whole)
    said = details?.delivered
    countsMetersets = details?.countsMetersets ?? false
    if said != nil, counted != nil || summary != nil {
      throw .contradiction(
        plan: name,
        "plans.\(name).delivered is for a plan without records, and there are some; leave it out")
    }
    if let counted {
      fractionsDelivered = counted.wholeFractions
      share = counted.equivalentFractions / Double(planned)
    } else {
      fractionsDelivered = summary?.delivered ?? said?.fractions ?? 0
      share = Double(fractionsDelivered) / Double(planned)
    }
    guard fractionsDelivered <= planned, share <= 1 + DeliveredCourse.metersetTolerance else {
      throw .tooMany(plan: name, delivered: fractionsDelivered, planned: planned)
    }
    if isBegun, begin == nil || end == nil {
      throw .contradiction(
        plan: name,
        "nothing says on which days it was treated; export the treatment summary record again, with First and Most Recent Treatment Date"
      )
    }
  }

  /// The dose that a dose reference got, and how it is known.
  struct DeliveredDose {
    enum Source {
      case recorded, metersets
      /// Only some records calculate it: a sum of those would leave out what the others gave.
      case partlyRecorded(Int)
    }

    let dose: CentiGray
    let source: Source
  }

  /// The dose that a dose reference got: as recorded of every session, else by the metersets.
  ///
  /// - Throws: where what the records calculate of a target is not its share of the plan: records
  ///   that count from the first fraction on would be added up to a multiple of what was given.
  func deliveredDose(
    of reference: DoseReference, called name: String, planned: CentiGray
  ) throws(SummaryError) -> DeliveredDose {
    func dose(_ gray: Double) throws(SummaryError) -> CentiGray {
      guard let dose = CentiGray(gray: gray) else { throw .dose("\(gray) Gy to \(name)") }
      return dose
    }
    var source = DeliveredDose.Source.metersets
    if let number = reference.number, !countsMetersets {
      let recorded = sessions.map { $0.doses.filter { $0.reference == number } }
      let count = recorded.filter { !$0.isEmpty }.count
      let sum = recorded.flatMap(\.self).map(\.gray).reduce(0, +)
      let expected = planned.gray * share
      // Records of single beams need not all have met a target.
      let isWhole =
        count == sessions.count
        || (reference.isTarget
          && abs(sum - expected) <= DeliveredCourse.metersetTolerance * expected)
      if count > 0, isWhole {
        if reference.isTarget, abs(sum - expected) > SummaryEvidence.doseTolerance * expected {
          throw .contradiction(
            plan: self.name,
            "the doses that its records calculate for \(name) add up to \(Self.text(sum)) Gy, by fractions and metersets it got \(Self.text(expected)); if they are not the doses of each session, write plans.\(self.name).dosesFrom: metersets"
          )
        }
        return DeliveredDose(dose: try dose(sum), source: .recorded)
      }
      if count > 0 { source = .partlyRecorded(count) }
      if records.isEmpty,
        let said = summary?.record.doses.first(where: { $0.reference == number && !$0.isMeasured })
      {
        return DeliveredDose(dose: try dose(said.gray), source: .recorded)
      }
    }
    return DeliveredDose(
      dose: isComplete ? planned : try dose(planned.gray * share), source: source)
  }

  private static func text(_ gray: Double) -> String {
    CentiGray(gray: gray).map { "\($0.gray)" } ?? "\(gray)"
  }
}

import DICOM
import Radiotherapy

/// Which plans make the course, and whose it is.
enum CoursePlans {
  private static let testIntents = ["VERIFICATION", "MACHINE_QA", "RESEARCH", "SERVICE"]

  /// In the order in which they were begun.
  static func plans(
    of inventory: Inventory, _ wanted: [String], _ details: SummaryDetails
  ) throws(SummaryError) -> [PlanCourse] {
    for file in inventory.broken {
      switch file.kind {
      case nil, .plan, .record, .structureSet: throw .broken(file.error)
      default: continue
      }
    }
    let chosen: [RTPlan]
    if wanted.isEmpty {
      chosen = inventory.plans.filter { plan in
        plan.approval != "REJECTED" && !testIntents.contains(plan.intent ?? "")
      }
      if let plan = inventory.plans.first, chosen.isEmpty {
        throw .noTreatment(plan: plan.label, intent: plan.intent ?? plan.approval ?? "")
      }
      if let count = Optional(inventory.brachyRecords.count), count > 0 {
        throw .brachytherapy(
          "\(count) RT Brachy Treatment Record\(count == 1 ? "" : "s") among the files")
      }
    } else {
      var plans: [RTPlan] = []
      for uid in wanted {
        guard let plan = inventory.plans.first(where: { $0.identity.sopInstanceUID == uid }) else {
          throw .planNotFound(
            uid, among: inventory.plans.map { "\($0.label) (\($0.identity.sopInstanceUID))" })
        }
        plans.append(plan)
      }
      chosen = plans
    }
    guard !chosen.isEmpty else { throw .noPlan }
    for plan in chosen {
      if plan.hasBrachytherapy { throw .brachytherapy("plan \(plan.label)") }
      if let intent = plan.intent, testIntents.contains(intent) {
        throw .noTreatment(plan: plan.label, intent: intent)
      }
    }
    try refuseStrangers(inventory, chosen, isChosen: !wanted.isEmpty)
    var courses: [PlanCourse] = []
    for plan in chosen {
      courses.append(try PlanCourse(plan, of: inventory, details.said(of: plan)))
    }
    return courses.enumerated().sorted { a, b in
      switch (a.element.begin, b.element.begin) {
      case (let first?, let second?) where first != second: first < second
      case (_?, nil): true
      case (nil, _?): false
      default:
        (a.element.plan.date ?? .earliest, a.element.name, a.offset)
          < (b.element.plan.date ?? .earliest, b.element.name, b.offset)
      }
    }.map(\.element)
  }

  /// Records of plans that are not here mean that a part of the course is missing.
  private static func refuseStrangers(
    _ inventory: Inventory, _ plans: [RTPlan], isChosen: Bool
  ) throws(SummaryError) {
    guard !isChosen else { return }
    let known = Set(inventory.plans.map(\.identity.sopInstanceUID))
    for (references, identity) in inventory.records.map({ ($0.referencedPlans, $0.identity) })
      + inventory.summaries.map({ ($0.referencedPlans, $0.identity) })
    where !references.contains(where: { known.contains($0.sopInstanceUID) }) {
      throw .strangers(file: identity.fileName)
    }
    // What was rejected and treated all the same is a part of the course.
    for plan in inventory.plans where plan.approval == "REJECTED" {
      let uid = plan.identity.sopInstanceUID
      let isTreated = inventory.records.contains { record in
        record.referencedPlans.contains { $0.sopInstanceUID == uid }
          && record.beams.contains { $0.isTreatment && ($0.deliveredMeterset ?? 0) > 0 }
      }
      if isTreated {
        throw .contradiction(
          plan: plan.label,
          "it is REJECTED, and there are records of its treatment; name it with --plan if it was treated"
        )
      }
    }
  }

  /// Which plan stands in for which: UIDs.
  static func replaced(
    among plans: [PlanCourse], _ details: SummaryDetails
  ) throws(SummaryError) -> [String: String] {
    var replaced: [String: String] = [:]
    for (name, said) in details.plans.sorted(by: { $0.key < $1.key }) {
      let plan = try plan(name, among: plans)
      guard let other = said.replaces else { continue }
      let old = try self.plan(other, among: plans)
      guard old.uid != plan.uid, !replaced.values.contains(old.uid) else {
        throw .phases("plans.\(name).replaces: '\(other)' cannot be replaced by it")
      }
      replaced[plan.uid] = old.uid
    }
    return replaced
  }

  /// The plan with a label or SOP Instance UID.
  static func plan(_ name: String, among plans: [PlanCourse]) throws(SummaryError) -> PlanCourse {
    let found = plans.filter { $0.uid == name || $0.plan.label == name }
    guard let plan = found.first else { throw .planNotFound(name, among: plans.map(\.name)) }
    guard found.count == 1 else { throw .ambiguousPlan(name) }
    return plan
  }

  static func patient(
    of plans: [PlanCourse], _ details: SummaryDetails
  ) throws(SummaryError) -> TreatmentSummary.Patient {
    let all = plans.flatMap { plan in
      [plan.plan.identity.patient] + plan.records.map(\.identity.patient)
        + (plan.summary.map { [$0.record.identity.patient] } ?? [])
        + (plan.structureSet.map { [$0.identity.patient] } ?? [])
    }
    let ids = Set(all.compactMap(\.id)).sorted()
    guard ids.count <= 1 else { throw .patients(ids) }
    guard let id = ids.first else { throw .patientLacks("ID") }
    // Each against each: what the first one does not say the others may say differently.
    let people = Array(Set(all))
    for (place, one) in people.enumerated() {
      for other in people[(place + 1)...] where !other.differences(from: one).isEmpty {
        throw .patients([id, id])
      }
    }
    var patient = TreatmentSummary.Patient(
      reference: SummaryName("patient", details.systems.patient, id).fullURL)
    patient.system = details.systems.patient
    patient.id = id
    let parts = PersonName(all.lazy.compactMap(\.name).first ?? "")
    patient.family = parts.family
    patient.given = parts.given
    patient.prefix = parts.prefix
    patient.suffix = parts.suffix
    patient.issuer = all.lazy.compactMap(\.issuer).first
    patient.address = plans.lazy.compactMap(\.plan.patientAddress).first
    patient.telephones = plans.lazy.map(\.plan.patientTelephones).first { !$0.isEmpty } ?? []
    guard patient.family != nil || !patient.given.isEmpty else { throw .patientLacks("name") }
    patient.gender =
      switch all.lazy.compactMap(\.sex).first?.uppercased() {
      case "M": "male"
      case "F": "female"
      case "O": "other"
      default: "unknown"
      }
    patient.birthDate =
      all.lazy.compactMap(\.birthDate).first.flatMap(CalendarDate.init(dicom:))?.iso
    return patient
  }
}

import DICOM
package import Radiotherapy

/// Makes the summary of a course from what was found in its files and what was said beside them.
package struct CourseSummaryMaking {
  package let summary: TreatmentSummary
  /// What was assumed or worked out, for the person who is to answer for it.
  package let notes: [String]

  /// - Parameter wanted: SOP Instance UIDs of the course's plans; all treatments where none is named.
  package init(
    of inventory: Inventory, details: SummaryDetails, plans wanted: [String] = []
  ) throws(SummaryError) {
    let plans = try CoursePlans.plans(of: inventory, wanted)
    let replaced = try CoursePlans.replaced(among: plans, details)
    let patient = try CoursePlans.patient(of: plans, details)
    try SummaryStatus.check(
      details.status, against: plans.filter { !replaced.values.contains($0.uid) })
    let volumes = try VolumeFinding(plans: plans, details: details)
    var making = PartMaking(
      details: details, patientID: patient.id ?? "", plans: plans, replaced: replaced,
      volumes: volumes)
    let phases = try making.makePhases()
    let parts = try making.makePlans(phases)
    let made = try making.makePhaseParts(phases, parts)
    let course = making.makeCourse(made, parts)
    summary = TreatmentSummary(
      patient: patient, volumes: volumes.volumes, course: course, phases: made, plans: parts)
    var notes = volumes.notes + making.notes
    if !wanted.isEmpty, !inventory.brachyRecords.isEmpty {
      notes.append(
        "\(inventory.brachyRecords.count) brachytherapy records are left out: not supported")
    }
    let open = plans.filter { !$0.isComplete && !replaced.values.contains($0.uid) }
    if details.status == .inProgress, open.isEmpty {
      notes.append("all planned fractions were delivered; is course.status 'completed'?")
    }
    for plan in plans where plan.plan.approval != "APPROVED" {
      notes.append("plan \(plan.name) is not marked as approved")
    }
    self.notes = notes
  }
}

/// Which plans make the course, and whose it is.
enum CoursePlans {
  private static let testIntents = ["VERIFICATION", "MACHINE_QA", "RESEARCH", "SERVICE"]

  /// In the order in which they were begun.
  static func plans(
    of inventory: Inventory, _ wanted: [String]
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
          throw .planNotFound(uid)
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
    for plan in chosen { courses.append(try PlanCourse(plan, of: inventory)) }
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
    guard let plan = found.first else { throw .planNotFound(name) }
    guard found.count == 1 else { throw .ambiguousPlan(name) }
    return plan
  }

  static func patient(
    of plans: [PlanCourse], _ details: SummaryDetails
  ) throws(SummaryError) -> TreatmentSummary.Patient {
    let all = plans.flatMap { plan in
      [plan.plan.identity.patient] + plan.records.map(\.identity.patient)
        + (plan.summary.map { [$0.record.identity.patient] } ?? [])
    }
    let ids = Set(all.compactMap(\.id)).sorted()
    guard ids.count <= 1 else { throw .patients(ids) }
    guard let id = ids.first else { throw .patientLacks("ID") }
    guard all.allSatisfy({ $0.differences(from: all[0]).isEmpty }) else {
      throw .patients([id, id])
    }
    let identity = plans[0].plan.identity.patient
    var patient = TreatmentSummary.Patient(
      reference: SummaryName("patient", details.systems.patient, id).fullURL)
    patient.system = details.systems.patient
    patient.id = id
    let parts = PersonName(identity.name ?? "")
    patient.family = parts.family
    patient.given = parts.given
    guard patient.family != nil || !patient.given.isEmpty else { throw .patientLacks("name") }
    patient.gender =
      switch identity.sex?.uppercased() {
      case "M": "male"
      case "F": "female"
      case "O": "other"
      default: "unknown"
      }
    patient.birthDate = identity.birthDate.flatMap(CalendarDate.init(dicom:))?.iso
    return patient
  }
}

/// A person's name by its components.
///
/// PS3.5 6.2.1.
struct PersonName {
  let family: String?
  let given: [String]
  let prefix: String?

  init(_ text: String) {
    let group = text.split(separator: "=", omittingEmptySubsequences: false).first ?? ""
    let parts = group.split(separator: "^", omittingEmptySubsequences: false).map {
      String($0).trimmedBlanks
    }
    func part(_ index: Int) -> String? {
      index < parts.count && !parts[index].isEmpty ? parts[index] : nil
    }
    family = part(0)
    given = [part(1), part(2)].compactMap(\.self)
    prefix = part(3)
  }

  /// As people say it: `Dr. Erika Example`.
  var spoken: String? {
    let words = [prefix].compactMap(\.self) + given + [family].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}

extension String {
  /// Without blanks at both ends.
  fileprivate var trimmedBlanks: String {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? endIndex
    return start < end ? String(self[start..<end]) : ""
  }
}

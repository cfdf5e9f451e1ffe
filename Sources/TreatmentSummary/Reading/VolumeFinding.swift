import DICOM
import Radiotherapy

/// The volumes that the plans of a course follow the dose to, each once.
struct VolumeFinding {
  /// A volume as one plan has it.
  struct Target {
    let volume: Int
    let reference: DoseReference
    let planned: CentiGray
    let isPrimary: Bool?
  }

  private(set) var volumes: [TreatmentSummary.Volume] = []
  /// For each plan.
  private(set) var targets: [[Target]] = []
  private(set) var notes: [String] = []
  /// By what a volume is found again: an official UID, or a region of a structure set.
  private var places: [String: Int] = [:]

  init(plans: [PlanCourse], details: SummaryDetails) throws(SummaryError) {
    var known: Set<String> = []
    var holders: [String: [String]] = [:]
    for plan in plans {
      var own: [Target] = []
      let ofPlan = details.said(of: plan.plan)?.doses ?? [:]
      var unknown = Set(ofPlan.keys)
      for reference in plan.references {
        let region = plan.structureSet?.regions.first { $0.number == reference.roiNumber }
        let name = Self.name(of: reference, region)
        known.insert(name)
        unknown.remove(name)
        let said = details.volumes[name]
        let meant = ofPlan[name] ?? said?.plannedGy
        guard reference.isTarget || said != nil || meant != nil else { continue }
        guard let gray = meant ?? (reference.isTarget ? reference.prescriptionGy : nil)
        else { continue }
        if ofPlan[name] == nil, said?.plannedGy != nil, holders[name]?.last != plan.name {
          holders[name, default: []].append(plan.name)
        }
        // A plan's doses are those of all its fractions; what was said is what is meant.
        let share = meant == nil ? plan.meant : 1
        guard let planned = CentiGray(gray: gray * share), planned.hundredths > 0 else { continue }
        let index = try index(of: reference, region, name: name, said, in: plan)
        // A plan may follow one region by several references: its dose counts once.
        if let other = own.first(where: { $0.volume == index }) {
          guard other.planned == planned else {
            throw .volume(
              name,
              "plan \(plan.name) has two doses for it, \(other.planned.gray) and \(planned.gray) Gy; write the one that counts as plannedGy"
            )
          }
          continue
        }
        own.append(
          Target(
            volume: index, reference: reference, planned: planned, isPrimary: said?.isPrimary))
      }
      if let name = unknown.min() {
        throw .volume(name, "plans.\(plan.name).plannedGy names it, and the plan does not have it")
      }
      guard !own.isEmpty else { throw .noVolume(plan: plan.name) }
      let primary = own.filter { $0.reference.isTarget }
      targets.append(
        own.map { target in
          Target(
            volume: target.volume, reference: target.reference, planned: target.planned,
            isPrimary: target.isPrimary
              ?? (primary.count == 1 && target.reference.isTarget ? true : nil))
        })
    }
    // One dose for several plans would be counted once for each of them.
    for (name, plans) in holders.sorted(by: { $0.key < $1.key }) where plans.count > 1 {
      throw .volume(
        name,
        "plannedGy does not say which of \(plans.joined(separator: ", ")) it is the dose of; write plans.\(plans[0]).plannedGy and so on instead"
      )
    }
    for name in details.volumes.keys.sorted() where !known.contains(name) {
      throw .volume(
        name, "no plan has it; there is \(known.sorted().joined(separator: ", "))")
    }
    for (name, same) in Swift.Dictionary(grouping: volumes, by: { $0.name }).sorted(by: {
      $0.key < $1.key
    })
    where same.count > 1 {
      notes.append(
        "\(same.count) volumes are called \(name) and are told apart; if they are one, give it a uid under volumes.\(name)"
      )
    }
  }

  private static func name(of reference: DoseReference, _ region: StructureSet.Region?) -> String {
    if let text = reference.description, !text.isEmpty { return text }
    if let text = region?.name, !text.isEmpty { return text }
    return "dose reference \(reference.number ?? 0)"
  }

  /// The volume that a reference means: a known one, or a new one.
  private mutating func index(
    of reference: DoseReference, _ region: StructureSet.Region?, name: String,
    _ said: SummaryDetails.Volume?, in plan: PlanCourse
  ) throws(SummaryError) -> Int {
    var keys: [String] = []
    if let uid = said?.uid {
      keys = ["uid|\(uid)"]
    } else {
      if let uid = reference.conceptualVolumeUID { keys.append("uid|\(uid)") }
      if let set = plan.structureSet?.identity.sopInstanceUID, let number = reference.roiNumber {
        keys.append("region|\(set)|\(number)")
      }
      if let uid = reference.uid { keys.append("uid|\(uid)") }
    }
    if let place = keys.lazy.compactMap({ [places] in places[$0] }).first {
      for key in keys { places[key] = place }
      return place
    }
    let own = said?.uid ?? reference.conceptualVolumeUID ?? reference.uid
    let name = name
    let derived: SummaryName
    if let set = plan.structureSet?.identity.sopInstanceUID, let number = reference.roiNumber {
      derived = SummaryName("volume", set, "\(number)")
    } else {
      derived = SummaryName("volume", plan.uid, "\(reference.number ?? 0)")
    }
    let uid = own ?? derived.uid
    guard DICOMUID.isValid(uid) else {
      throw .volume(name, "'\(uid)' is no DICOM UID; give it one in the details")
    }
    var volume = TreatmentSummary.Volume(
      reference: (own.map { SummaryName("volume", $0) } ?? derived).fullURL, uid: uid, name: name)
    volume.morphology =
      (said?.morphology ?? Self.morphology(of: reference, region, name: name)).map(Concept.init)
    let found = BodySites.location(among: region?.codes ?? [])
    volume.location = said?.location ?? found?.location
    volume.qualifiers = said?.qualifiers ?? []
    if volume.qualifiers.isEmpty, said?.location == nil {
      volume.qualifiers = found?.qualifiers ?? []
    }
    if volume.location == nil, let code = BodySites.unknown(among: region?.codes ?? []) {
      notes.append(
        "volume \(name): '\(code.meaning.isEmpty ? code.value : code.meaning)' (\(code.scheme) \(code.value)) is none of the parts of the body known here and is left out; write volumes.\(name).location (code and display, SNOMED CT) in the details"
      )
    }
    volume.description = said?.description ?? region?.description
    volumes.append(volume)
    for key in keys { places[key] = volumes.count - 1 }
    if keys.isEmpty { places["uid|\(uid)"] = volumes.count - 1 }
    return volumes.count - 1
  }

  private static func morphology(
    of reference: DoseReference, _ region: StructureSet.Region?, name: String
  ) -> Coding? {
    for word in ["IGTV", "ITV"] where name.uppercased().hasPrefix(word) {
      return Terminology.morphologies[word]
    }
    for code in region?.codes ?? [] {
      let snomed = BodySites.snomed(code)
      if let coding = Terminology.morphologies.values.first(where: { $0.code == snomed }) {
        return coding
      }
    }
    switch region?.interpretedType {
    case "PTV", "CTV", "GTV":
      return region?.interpretedType.flatMap { Terminology.morphologies[$0] }
    case "ORGAN", "AVOIDANCE": return Terminology.morphologies["OAR"]
    case .some: return nil
    case nil:
      if !reference.isTarget { return Terminology.morphologies["OAR"] }
      return name.uppercased().hasPrefix("PTV") ? Terminology.morphologies["PTV"] : nil
    }
  }
}

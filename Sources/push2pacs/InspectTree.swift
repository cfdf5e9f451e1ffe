import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// What folders hold, as a tree: who, which studies, and how the objects of a course hang together.
struct InspectTree {
  let inventory: Inventory
  /// Frames of reference by letter, in the order of the objects.
  private let frames: [String: String]

  init(inventory: Inventory) {
    self.inventory = inventory
    var frames: [String: String] = [:]
    let all =
      inventory.scans.map(\.frameOfReferenceUID)
      + inventory.doses.map(\.identity.frameOfReferenceUID)
      + inventory.registrations.flatMap { [$0.registeredFrame] + $0.items.map(\.sourceFrame) }
      + inventory.structureSets.flatMap { $0.regions.map(\.frameOfReferenceUID) }
    for uid in all {
      guard let uid, frames[uid] == nil else { continue }
      frames[uid] = Self.letter(frames.count)
    }
    self.frames = frames
  }

  func lines(width: Int) -> [String] {
    let patients = people
    guard !patients.isEmpty else { return ["No DICOM object that can be read."] }
    return patients.flatMap { id in
      TextTree("Patient \(id.isEmpty ? "(no ID)" : id)", studies(of: id))
        .lines(width: width)
    }
  }

  /// A, B, ...
  ///
  /// Z, then numbers.
  private static func letter(_ index: Int) -> String {
    index < 26
      ? String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))) : "\(index + 1)"
  }

  private func frame(_ uid: String?) -> String {
    uid.flatMap { frames[$0] }.map { "frame \($0)" } ?? "no frame of reference"
  }

  private var identities: [ObjectIdentity] {
    inventory.scans.map { $0.slices[0].identity } + inventory.plans.map(\.identity)
      + inventory.doses.map(\.identity) + inventory.structureSets.map(\.identity)
      + inventory.records.map(\.identity) + inventory.summaries.map(\.identity)
      + inventory.brachyRecords.map(\.identity) + inventory.registrations.map(\.identity)
      + inventory.otherObjects
  }

  private var people: [String] {
    var seen: Set<String> = []
    return identities.map { $0.patient.id ?? "" }.filter { seen.insert($0).inserted }
  }

  private func studies(of patient: String) -> [TextTree] {
    var seen: Set<String> = []
    let own = identities.filter { ($0.patient.id ?? "") == patient }
    return own.filter { seen.insert($0.studyInstanceUID).inserted }.map { first in
      let date = first.studyDate.map { "Study of \($0.iso)" } ?? "Study without a date"
      return TextTree(
        date + (first.studyDescription.map { ", \($0)" } ?? ""),
        entries(of: first.studyInstanceUID, patient))
    }
  }

  private func entries(of study: String, _ patient: String) -> [TextTree] {
    let isHere = { (identity: ObjectIdentity) in
      identity.studyInstanceUID == study && (identity.patient.id ?? "") == patient
    }
    var entries = inventory.scans.filter { isHere($0.slices[0].identity) }.map(scan)
    entries += inventory.structureSets.filter { isHere($0.identity) }.map(structures)
    entries += inventory.plans.filter { isHere($0.identity) }.map(plan)
    let known = Set(inventory.plans.map(\.identity.sopInstanceUID))
    let isOrphan = { (references: [ObjectReference]) in
      !references.contains { known.contains($0.sopInstanceUID) }
    }
    for each in inventory.doses where isHere(each.identity) && isOrphan(each.referencedPlans) {
      entries.append(
        TextTree(
          dose(each),
          [
            TextTree(
              each.referencedPlans.isEmpty ? "names no plan" : "the plan that it names is not here")
          ]))
    }
    let records = inventory.records.filter { isHere($0.identity) && isOrphan($0.referencedPlans) }
    if !records.isEmpty {
      entries.append(
        TextTree(
          "RTRECORD \(InspectText.counted(records.count, "treatment record"))",
          [TextTree("the plan of these is not here")]))
    }
    for each in inventory.summaries
    where isHere(each.identity) && isOrphan(each.referencedPlans) {
      entries.append(TextTree(summary(each), [TextTree("its plan is not here")]))
    }
    for each in inventory.brachyRecords
    where isHere(each.identity) && isOrphan(each.referencedPlans) {
      entries.append(TextTree("RTRECORD brachytherapy: not supported"))
    }
    entries += inventory.registrations.filter { isHere($0.identity) }.map(registration)
    entries += elsewhere(study, isHere)
    return entries + others(inventory.otherObjects.filter(isHere))
  }

  /// Objects of this study that are shown below a plan of another one.
  private func elsewhere(
    _ study: String, _ isHere: (ObjectIdentity) -> Bool
  ) -> [TextTree] {
    var entries: [TextTree] = []
    for plan in inventory.plans where plan.identity.studyInstanceUID != study {
      let uid = plan.identity.sopInstanceUID
      let names = { (references: [ObjectReference]) in
        references.contains { $0.sopInstanceUID == uid }
      }
      let doses = inventory.doses.filter { isHere($0.identity) && names($0.referencedPlans) }.count
      let records =
        inventory.records.filter { isHere($0.identity) && names($0.referencedPlans) }.count
        + inventory.summaries.filter { isHere($0.identity) && names($0.referencedPlans) }.count
        + inventory.brachyRecords.filter { isHere($0.identity) && names($0.referencedPlans) }.count
      if doses > 0 { entries.append(TextTree("RTDOSE \(doses), shown with plan \(plan.label)")) }
      if records > 0 {
        entries.append(TextTree("RTRECORD \(records), shown with plan \(plan.label)"))
      }
    }
    return entries
  }

  private func scan(_ scan: ScanSeries) -> TextTree {
    let plane = scan.slices[0].plane
    let apart = scan.spacing.map { ", \(DoseText.gray($0)) mm apart" } ?? ""
    var details = [scan.description.map { "\"\($0)\"" } ?? "no description"]
    if let part = scan.part { details[0] += ", \(part)" }
    if let number = scan.number { details[0] += ", series \(number)" }
    if let position = scan.patientPosition { details[0] += ", \(position)" }
    if scan.isTilted { details.append("tilted: slices are shifted one against the next") }
    for gap in scan.gaps {
      details.append("gap of \(DoseText.gray(gap.distance)) mm behind slice \(gap.after + 1)")
    }
    if !scan.duplicates.isEmpty {
      details.append(
        "\(InspectText.counted(scan.duplicates.count, "slice")) at the place of another")
    }
    if !scan.leftOut.isEmpty {
      details.append(
        "\(InspectText.counted(scan.leftOut.count, "image")) of another orientation, size or frame left out"
      )
    }
    return TextTree(
      "\(scan.modality) \(InspectText.counted(scan.slices.count, "image")) of \(plane.columns) x \(plane.rows)\(apart), \(scan.date?.iso ?? "no date"), \(frame(scan.frameOfReferenceUID))",
      details.map { TextTree($0) })
  }

  private func structures(_ set: StructureSet) -> TextTree {
    let own = Set(set.regions.compactMap(\.frameOfReferenceUID))
    let frame = own.count == 1 ? ", \(frame(own.first))" : ""
    return TextTree(
      "RTSTRUCT \(set.label ?? "no label"), \(InspectText.counted(set.regions.count, "region"))\(frame)",
      set.regions.isEmpty
        ? []
        : [TextTree(set.regions.map { $0.name.isEmpty ? "?" : $0.name }.joined(separator: ", "))]
    )
  }

  private func plan(_ plan: RTPlan) -> TextTree {
    let uid = plan.identity.sopInstanceUID
    let names = { (references: [ObjectReference]) in
      references.contains { $0.sopInstanceUID == uid }
    }
    let fractions = plan.fractionsPlanned.map { "\($0) fx" } ?? "fractions unknown"
    let approval = plan.approval?.lowercased() ?? "no approval"
    let date = plan.date.map { ", \($0.iso)" } ?? ""
    var details = plan.targets.map { target in
      let dose = target.doseGy.map { "\(DoseText.gray($0)) Gy" } ?? "no dose"
      return TextTree("target \(target.name ?? "\(target.number ?? 0)"): \(dose)")
    }
    if plan.targets.isEmpty { details.append(TextTree("prescribes no dose to a target")) }
    let treating = plan.beams.filter(\.isTreatment)
    let radiation = Set(treating.compactMap { $0.radiationType?.lowercased() }).sorted()
    details.append(
      TextTree(
        InspectText.counted(treating.count, "beam")
          + (radiation.isEmpty ? "" : ", \(radiation.joined(separator: ", "))")))
    if plan.hasBrachytherapy { details.append(TextTree("brachytherapy: not supported")) }
    for reference in plan.referencedStructureSets {
      let set = inventory.structureSets.first {
        $0.identity.sopInstanceUID == reference.sopInstanceUID
      }
      details.append(
        TextTree(
          set.map { "RTSTRUCT \($0.label ?? "no label")" }
            ?? "the structure set that it names is not here"))
    }
    details += inventory.doses.filter { names($0.referencedPlans) }.map { TextTree(dose($0)) }
    let records = inventory.records.filter { names($0.referencedPlans) }
    if !records.isEmpty {
      let delivered = DeliveredCourse(plan: plan, records: records)
      let last = delivered.last.map { ", last \($0.iso)" } ?? ""
      details.append(
        TextTree(
          "RTRECORD \(InspectText.counted(records.count, "record")), \(InspectText.counted(delivered.wholeFractions, "whole fraction"))\(last)"
        ))
    }
    details += inventory.summaries.filter { names($0.referencedPlans) }.map {
      TextTree(summary($0))
    }
    details += inventory.brachyRecords.filter { names($0.referencedPlans) }.map { _ in
      TextTree("RTRECORD brachytherapy: not supported")
    }
    return TextTree(
      "\(plan.isIon ? "RTPLAN (ion)" : "RTPLAN") \(plan.label.isEmpty ? "no label" : plan.label), \(fractions), \(approval)\(date)",
      details)
  }

  private func dose(_ dose: RTDose) -> String {
    let grid =
      (try? dose.geometry.get()).map {
        "\($0.plane.columns) x \($0.plane.rows) x \($0.offsets.count)"
      } ?? "no legal grid"
    return
      "RTDOSE \(dose.summation ?? "no summation type"), \(dose.units ?? "no units"), \(dose.type?.lowercased() ?? "no type"), \(grid), \(frame(dose.identity.frameOfReferenceUID))"
  }

  private func summary(_ summary: SummaryRecord) -> String {
    let planned = summary.planned.map { " of \($0)" } ?? ""
    let delivered = summary.delivered.map { ", \($0)\(planned) fx" } ?? ""
    let last = summary.last.map { ", last \($0.iso)" } ?? ""
    return "RTRECORD treatment summary: \(summary.statusText ?? "no status")\(delivered)\(last)"
  }

  private func registration(_ registration: SpatialRegistration) -> TextTree {
    let own = registration.registeredFrame
    var ways: [String] = []
    for item in registration.items where item.sourceFrame != own {
      ways.append("\(frame(item.sourceFrame)) to \(frame(own))")
    }
    var details: [String] = []
    if let label = registration.label { details.append(label) }
    if let creator = registration.creator, !creator.isEmpty {
      details.append("made by a named person")
    }
    return TextTree(
      "\(registration.isDeformable ? "REG (deformable)" : "REG") \(ways.isEmpty ? "joins no two frames" : ways.joined(separator: ", "))",
      details.isEmpty ? [] : [TextTree(details.joined(separator: ", "))])
  }

  /// Objects that no map is made from, by series.
  private func others(_ objects: [ObjectIdentity]) -> [TextTree] {
    var order: [String] = []
    var series: [String: [ObjectIdentity]] = [:]
    for object in objects {
      let key = object.seriesInstanceUID + " " + object.sopClassUID
      if series[key] == nil { order.append(key) }
      series[key, default: []].append(object)
    }
    return order.compactMap { key in
      guard let all = series[key], let first = all.first else { return nil }
      let remark =
        SOPClass.isSecondGeneration(first.sopClassUID)
        ? "second-generation RT: not supported" : "not used for a map"
      return TextTree(
        "\(first.modality.isEmpty ? "?" : first.modality) \(all.count) x \(InspectNotes.name(of: first.sopClassUID)): \(remark)",
        first.seriesDescription.map { [TextTree($0)] } ?? [])
    }
  }
}

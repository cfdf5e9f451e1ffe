import DICOM
import DoseMap
import Geometry
import Quality
import Radiotherapy

/// What folders hold, as a tree of at most 80 columns: who, which studies, and how the objects of
/// a course hang together.
struct InspectReport {
  let inventory: Inventory

  var lines: [String] {
    var lines: [String] = []
    let patients = inventory.patients
    for patient in patients {
      lines.append("Patient \(patient.id ?? "(no ID)")")
      let studies = studies(of: patient)
      for (index, study) in studies.enumerated() {
        let isLast = index == studies.count - 1
        lines.append((isLast ? "`- " : "|- ") + studyTitle(study))
        let indent = isLast ? "   " : "|  "
        let entries = entries(of: study)
        for (index, entry) in entries.enumerated() {
          let isLast = index == entries.count - 1
          lines.append(indent + (isLast ? "`- " : "|- ") + entry.title)
          for detail in entry.details {
            lines.append(indent + (isLast ? "      " : "|     ") + detail)
          }
        }
      }
    }
    if patients.isEmpty { lines.append("No object of a course.") }
    return lines.map { Self.shortened($0, to: 80) } + notes.flatMap { Self.wrapped($0, to: 80) }
  }

  private struct Entry {
    var title: String
    var details: [String] = []
  }

  private func studies(of patient: PatientIdentity) -> [String] {
    var seen: Set<String> = []
    return identities(of: patient).filter { seen.insert($0.study).inserted }.map(\.study)
  }

  private func identities(of patient: PatientIdentity) -> [(study: String, id: String?)] {
    let all =
      inventory.scans.map { ($0.studyInstanceUID, $0.patient.id) }
      + inventory.structureSets.map { ($0.identity.studyInstanceUID, $0.identity.patient.id) }
      + inventory.plans.map { ($0.identity.studyInstanceUID, $0.identity.patient.id) }
      + inventory.doses.map { ($0.identity.studyInstanceUID, $0.identity.patient.id) }
      + inventory.records.map { ($0.identity.studyInstanceUID, $0.identity.patient.id) }
      + inventory.registrations.map { ($0.identity.studyInstanceUID, $0.identity.patient.id) }
    return all.filter { $0.1 == patient.id }.map { (study: $0.0, id: $0.1) }
  }

  private func studyTitle(_ uid: String) -> String {
    guard let scan = inventory.scans.first(where: { $0.studyInstanceUID == uid }) else {
      return "Study \(uid)"
    }
    let date = scan.studyDate?.iso ?? "no date"
    return "Study of \(date)" + (scan.studyDescription.map { ", \($0)" } ?? "")
  }

  private func entries(of study: String) -> [Entry] {
    var entries: [Entry] = []
    for scan in inventory.scans where scan.studyInstanceUID == study {
      let spacing = scan.spacing.map { ", \(DoseText.gray($0)) mm apart" } ?? ""
      var entry = Entry(
        title:
          "\(scan.modality)  \(Self.counted(scan.slices.count, "image"))\(spacing), \(scan.date?.iso ?? "no date")"
      )
      entry.details.append(scan.description ?? "no description")
      entry.details.append("series \(scan.seriesInstanceUID)")
      if !scan.gaps.isEmpty { entry.details.append("gaps: \(scan.gaps.count)") }
      if !scan.leftOut.isEmpty {
        entry.details.append("\(scan.leftOut.count) images of another orientation left out")
      }
      entries.append(entry)
    }
    for set in inventory.structureSets where set.identity.studyInstanceUID == study {
      entries.append(
        Entry(
          title:
            "RTSTRUCT  \(set.label ?? "no label"), \(Self.counted(set.regions.count, "region"))",
          details: [set.regions.map(\.name).joined(separator: ", ")]))
    }
    for plan in inventory.plans where plan.identity.studyInstanceUID == study {
      entries.append(planEntry(plan))
    }
    for dose in inventory.doses where dose.identity.studyInstanceUID == study {
      let isOfKnownPlan = inventory.plans.contains { plan in
        dose.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
      }
      if !isOfKnownPlan {
        entries.append(Entry(title: doseTitle(dose), details: ["its plan is not here"]))
      }
    }
    let strays = inventory.records.filter { record in
      record.identity.studyInstanceUID == study
        && !inventory.plans.contains { plan in
          record.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
        }
    }
    if !strays.isEmpty {
      entries.append(
        Entry(
          title: "RTRECORD  \(Self.counted(strays.count, "treatment record"))",
          details: ["their plan is not here"])
      )
    }
    for registration in inventory.registrations
    where registration.identity.studyInstanceUID == study {
      entries.append(
        Entry(
          title:
            "\(registration.isDeformable ? "REG (deformable)" : "REG")  \(registration.items.count) frames of reference",
          details: ["instance \(registration.identity.sopInstanceUID)"]))
    }
    return entries
  }

  private func planEntry(_ plan: RTPlan) -> Entry {
    let kind = plan.isIon ? "RTPLAN (ion)" : "RTPLAN"
    let fractions = plan.fractionsPlanned.map { "\($0) fx" } ?? "fractions unknown"
    var entry = Entry(
      title: "\(kind)  \(plan.label), \(fractions), \(plan.approval?.lowercased() ?? "no approval")"
    )
    for target in plan.targets {
      let dose = target.doseGy.map { "\(DoseText.gray($0)) Gy" } ?? "no dose"
      entry.details.append("target \(target.name ?? "\(target.number ?? 0)"): \(dose)")
    }
    for dose in inventory.doses
    where dose.referencedPlans.contains(where: {
      $0.sopInstanceUID == plan.identity.sopInstanceUID
    }) {
      entry.details.append(doseTitle(dose))
    }
    let records = inventory.records.filter { record in
      record.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
    }
    if !records.isEmpty {
      let delivered = DeliveredCourse(plan: plan, records: records)
      let last = delivered.last.map { ", last \($0.iso)" } ?? ""
      entry.details.append(
        "RTRECORD  \(records.count), \(Self.counted(delivered.wholeFractions, "whole fraction"))\(last)"
      )
    }
    return entry
  }

  private func doseTitle(_ dose: RTDose) -> String {
    let grid =
      (try? dose.geometry.get()).map {
        "\($0.plane.columns) x \($0.plane.rows) x \($0.offsets.count)"
      } ?? "no legal grid"
    return "RTDOSE  \(dose.summation ?? "no summation type"), \(dose.units ?? "no units"), \(grid)"
  }

  private var notes: [String] {
    var notes: [String] = []
    for (uid, count) in inventory.others.sorted(by: { $0.key < $1.key }) {
      notes.append("Other: \(count) x \(Dictionary.name(ofUID: uid) ?? uid)")
    }
    if inventory.skipped > 0 {
      notes.append("Skipped, no DICOM: \(Self.counted(inventory.skipped, "file"))")
    }
    if !inventory.repeated.isEmpty {
      notes.append(
        "Repeated: \(inventory.repeated.count) files of instances that were there already")
    }
    for (path, what) in inventory.forgiven {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      notes.append("Forgiven in \(name): \(what[0].description)")
    }
    for error in inventory.unreadable { notes.append("Cannot be used: \(error)") }
    return notes
  }

  /// A note on as many lines as it needs: why a file cannot be used is not to be cut off.
  static func wrapped(_ note: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in note.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = "  " + word
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    return lines + [line]
  }

  /// `1 file`, `2 files`.
  static func counted(_ count: Int, _ one: String) -> String {
    "\(count) \(one)\(count == 1 ? "" : "s")"
  }

  static func shortened(_ line: String, to width: Int) -> String {
    line.count <= width ? line : String(line.prefix(width - 3)) + "..."
  }
}

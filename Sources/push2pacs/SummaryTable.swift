import Console
import JSON
import Radiotherapy
import TreatmentSummary

/// A treatment summary for a person: course, phases, plans and volumes, planned against delivered.
struct SummaryTable {
  private let summary: TreatmentSummary

  init(_ summary: TreatmentSummary) { self.summary = summary }

  func show(on terminal: Terminal) {
    for line in head { terminal.print(line.printable) }
    terminal.print("")
    terminal.print(table)
    if !summary.volumes.isEmpty {
      terminal.print("")
      terminal.print(volumes)
    }
  }

  /// The same as lines of text.
  func lines(width: Int) -> [String] {
    head.map(\.printable) + [""] + table.lines(width: width) + [""] + volumes.lines(width: width)
  }

  private var head: [String] {
    let course = summary.course
    let patient = summary.patient
    var lines: [String] = []
    func add(_ title: String, _ words: [String?]) {
      let text = words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
      if !text.isEmpty {
        let padding = String(repeating: " ", count: max(1, 11 - title.count))
        lines.append(title + padding + text)
      }
    }
    add(
      "Patient",
      [
        patient.id, (patient.given + [patient.family].compactMap(\.self)).joined(separator: " "),
        patient.gender, patient.birthDate,
      ])
    let treated = course.treated
    add(
      "Course",
      [
        treated?.name ?? course.planned?.name, treated?.status ?? course.planned?.status,
        treated?.statusReason?.words,
        treated?.start.map { start in
          treated?.end.map { "\(start) to \($0)" } ?? "since \(start)"
        },
        treated?.sessions.map { "\($0) session\($0 == 1 ? "" : "s")" },
      ])
    add("Intent", [course.intent?.words])
    add("Diagnosis", course.diagnoses.map(\.words))
    add(
      "Site",
      course.sites.map { site in
        site.location.words + (site.laterality.map { " (\($0.words))" } ?? "")
      })
    add("Radiation", course.radiations.map(Self.words))
    add("By", [course.performer, course.location])
    return lines
  }

  private static func words(_ radiation: TreatmentSummary.Radiation) -> String {
    ([radiation.modality.words] + radiation.techniques.map(\.words)
      + radiation.energies.map { "\($0.value.formatted) \($0.unit)" }).joined(separator: ", ")
  }

  private var rows: [(kind: String, part: TreatmentSummary.Part)] {
    [("course", summary.course)] + summary.phases.map { ("phase", $0) }
      + summary.plans.map { ("plan", $0) }
  }

  private var table: Table {
    var table = Table([
      .init("Part"), .init("Name"), .init("Status"), .init("Fractions", .right), .init("Volume"),
      .init("Prescribed", .right), .init("Planned", .right), .init("Delivered", .right),
    ])
    for (kind, part) in rows {
      let name = part.treated?.name ?? part.planned?.name ?? part.prescribed?.name ?? ""
      let status = part.treated?.status ?? part.planned?.status ?? ""
      let volumes = Self.volumes(of: part)
      for (place, volume) in (volumes.isEmpty ? [nil] : volumes.map { Optional($0) }).enumerated() {
        let fractions =
          volume.flatMap { Self.fractions(of: part, volume: $0) } ?? Self.fractions(of: part)
        table.add([
          "\(place == 0 ? kind : "")", "\(place == 0 ? name : "")",
          "\(place == 0 ? status : "")", "\(fractions)",
          "\(volume.map { summary.volumes[$0].name } ?? "")",
          "\(Self.gray(part.prescribed?.doses, volume))",
          "\(Self.gray(part.planned?.doses, volume))",
          "\(Self.gray(part.treated?.doses, volume))",
        ])
      }
    }
    return table
  }

  private static func volumes(of part: TreatmentSummary.Part) -> [Int] {
    let all =
      (part.treated?.doses ?? []) + (part.planned?.doses ?? []) + (part.prescribed?.doses ?? [])
    var seen: Set<Int> = []
    return all.map(\.volume).filter { seen.insert($0).inserted }
  }

  /// `3 of 5`.
  private static func fractions(of part: TreatmentSummary.Part) -> String {
    let planned = part.planned?.fractions
    guard let delivered = part.treated?.fractions else {
      return planned.map { "0 of \($0)" } ?? ""
    }
    return planned.map { "\(delivered) of \($0)" } ?? "\(delivered)"
  }

  private static func fractions(of part: TreatmentSummary.Part, volume: Int) -> String? {
    let planned = part.planned?.doses.first { $0.volume == volume }?.fractions
    guard let delivered = part.treated?.doses.first(where: { $0.volume == volume })?.fractions
    else { return planned.map { "0 of \($0)" } }
    return planned.map { "\(delivered) of \($0)" } ?? "\(delivered)"
  }

  private static func gray(_ doses: [TreatmentSummary.Dose]?, _ volume: Int?) -> String {
    guard let volume, let dose = doses?.first(where: { $0.volume == volume })?.total else {
      return "-"
    }
    return "\(dose.gray.formatted) Gy"
  }

  private var volumes: Table {
    var table = Table([
      .init("Volume"), .init("Type"), .init("Where"), .init("", flexible: .wrap),
    ])
    for volume in summary.volumes {
      table.add([
        "\(volume.name)", "\(volume.morphology?.words ?? "")",
        "\(([volume.location].compactMap(\.self) + volume.qualifiers).map(\.words).joined(separator: ", "))",
        "\(volume.description ?? "")",
      ])
    }
    return table
  }

  /// The same for programs: doses in cGy, as the resources have them.
  var document: JSON {
    var patient: JSON = .object([:])
    patient["system"] = summary.patient.system.map(JSON.string)
    patient["id"] = summary.patient.id.map(JSON.string)
    patient["reference"] = .string(summary.patient.reference)
    let phases = summary.phases.map { part($0) }
    return [
      "patient": patient, "course": part(summary.course), "phases": .array(phases),
      "plans": .array(
        summary.plans.map { plan in
          var json = part(plan)
          json["phase"] = plan.phase.map { .integer($0) }
          json["rtPlan"] = plan.plan.map { .string($0.uid) }
          return json
        }),
      "volumes": .array(
        summary.volumes.map { volume in
          var json: JSON = ["name": .string(volume.name), "uid": .string(volume.uid)]
          json["type"] = volume.morphology.map { .string($0.words) }
          json["location"] = volume.location.map { .string($0.words) }
          return json
        }),
    ]
  }

  private func part(_ part: TreatmentSummary.Part) -> JSON {
    var json: JSON = [
      "name": .string(part.treated?.name ?? part.planned?.name ?? part.prescribed?.name ?? "")
    ]
    json["status"] = (part.treated?.status ?? part.planned?.status).map(JSON.string)
    json["uid"] = part.treated.map { .string($0.uid) }
    json["start"] = part.treated?.start.map(JSON.string)
    json["end"] = part.treated?.end.map(JSON.string)
    json["sessions"] = part.treated?.sessions.map { .integer($0) }
    json["fractionsPrescribed"] = part.prescribed?.fractions.map { .integer($0) }
    json["fractionsPlanned"] = part.planned?.fractions.map { .integer($0) }
    json["fractionsDelivered"] = part.treated?.fractions.map { .integer($0) }
    json["doses"] = .array(
      Self.volumes(of: part).map { volume in
        func dose(_ doses: [TreatmentSummary.Dose]?) -> TreatmentSummary.Dose? {
          doses?.first { $0.volume == volume }
        }
        var json: JSON = ["volume": .string(summary.volumes[volume].name)]
        json["prescribedCentigray"] = dose(part.prescribed?.doses)?.total?.number
        json["plannedCentigray"] = dose(part.planned?.doses)?.total?.number
        json["deliveredCentigray"] = dose(part.treated?.doses)?.total?.number
        json["fractionsPlanned"] = dose(part.planned?.doses)?.fractions.map { .integer($0) }
        json["fractionsDelivered"] = dose(part.treated?.doses)?.fractions.map { .integer($0) }
        return json
      })
    return json
  }
}

extension Double {
  /// With at most four decimals, none where it is whole.
  fileprivate var formatted: String {
    guard abs(self) < 1e9 else { return "\(self)" }
    let rounded = (self * 10_000).rounded() / 10_000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

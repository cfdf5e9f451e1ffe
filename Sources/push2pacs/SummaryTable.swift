import Console
import TreatmentSummary

/// A treatment summary for a person: course, phases, plans and volumes, planned against delivered.
struct SummaryTable {
  let summary: TreatmentSummary

  init(_ summary: TreatmentSummary) { self.summary = summary }

  func show(on terminal: Terminal) {
    for line in lines(width: terminal.outputWidth) { terminal.print(line) }
  }

  /// Below this width figures would be cut: they stand below one another then.
  private static let narrow = 76

  /// - Parameter width: columns to fit into; `nil` for as many as it takes.
  func lines(width: Int?) -> [String] {
    let isNarrow = width.map { $0 < Self.narrow } ?? false
    let lines = head.flatMap { Self.hanging($0.title, $0.text, width, isNarrow: isNarrow) } + [""]
    guard isNarrow, let width else { return lines + table.lines(width: width) + volumes(width) }
    return lines + stacked(width) + volumes(width)
  }

  /// A title with its text beside it, or below it where there is little room.
  private static func hanging(
    _ title: String, _ text: String, _ width: Int?, isNarrow: Bool
  ) -> [String] {
    let indent = isNarrow ? 2 : 11
    let blanks = String(repeating: " ", count: indent)
    let pieces =
      width.map { text.printable.wrapped(width: max(20, $0 - indent)) } ?? [text.printable]
    if isNarrow { return [title.printable] + pieces.map { blanks + $0 } }
    return pieces.enumerated().map { place, piece in
      let start =
        place == 0
        ? title + String(repeating: " ", count: max(1, indent - title.count)) : blanks
      return start + piece
    }
  }

  private var head: [(title: String, text: String)] {
    let course = summary.course
    let patient = summary.patient
    var lines: [(title: String, text: String)] = []
    func add(_ title: String, _ words: [String?]) {
      let text = words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
      if !text.isEmpty { lines.append((title, text)) }
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
        treated?.statusReason.map(Self.words),
        treated?.start.map { start in
          treated?.end.map { "\(start) to \($0)" } ?? "since \(start)"
        },
        treated?.sessions.map { "\($0) session\($0 == 1 ? "" : "s")" },
      ])
    add("Intent", [course.intent.map(Self.words)])
    add("Diagnosis", course.diagnoses.map(Self.words))
    add(
      "Site",
      course.sites.map { site in
        let narrowed = (site.qualifiers + [site.laterality].compactMap(\.self)).map(Self.words)
        return Self.words(site.location)
          + (narrowed.isEmpty ? "" : " (\(narrowed.joined(separator: ", ")))")
      })
    let detailed = summary.plans.flatMap(\.radiations)
    for radiation in course.radiations {
      add("Radiation", [Self.words(radiation, among: detailed)])
    }
    add("Guidance", Self.words(course.guidance))
    add("Machine", course.devices.map(\.words))
    add("By", [course.performer, course.location])
    return lines
  }

  /// What a person reads of a concept: its words without SNOMED CT's `(procedure)` behind them.
  private static func words(_ concept: Concept) -> String {
    let words = concept.words
    let tags = [
      "procedure", "observable entity", "body structure", "qualifier value", "regime/therapy",
      "situation", "finding", "event", "substance",
    ]
    for tag in tags where words.hasSuffix(" (\(tag))") {
      return String(words.dropLast(tag.count + 3))
    }
    return words
  }

  /// A course's radiation, with the lowest and highest energy of its plans.
  private static func words(
    _ radiation: TreatmentSummary.Radiation, among plans: [TreatmentSummary.Radiation]
  ) -> String {
    let own = plans.filter { $0.modality == radiation.modality }
    let energies = own.flatMap(\.energies)
    var words = [Self.words(radiation.modality)] + radiation.techniques.map(Self.words)
    if let lowest = energies.min(by: { $0.value < $1.value }),
      let highest = energies.max(by: { $0.value < $1.value })
    {
      words.append(
        lowest.value == highest.value
          ? "\(lowest.value.formatted) \(lowest.unit)"
          : "\(lowest.value.formatted) to \(highest.value.formatted) \(highest.unit)")
    }
    var isotopes: [String] = []
    for isotope in own.flatMap(\.isotopes).map(Self.words) where !isotopes.contains(isotope) {
      isotopes.append(isotope)
    }
    return (words + isotopes).joined(separator: ", ")
  }

  private static func words(_ guidance: TreatmentSummary.Guidance) -> [String] {
    (guidance.motion + guidance.freeBreathing).map(Self.words)
      + guidance.imaging.map { imaging in
        ([imaging.modality] + [imaging.energy].compactMap(\.self)).map(Self.words).joined(
          separator: " ")
      }
      + guidance.verification.map { "\(Self.words($0.procedure)) during the beam" }
  }

  private var rows: [(kind: String, part: TreatmentSummary.Part)] {
    [("course", summary.course)] + summary.phases.map { ("phase", $0) }
      + summary.plans.map { ("plan", $0) }
  }

  private static func name(_ kind: String, _ part: TreatmentSummary.Part) -> String {
    "\(kind) \(part.treated?.name ?? part.planned?.name ?? part.prescribed?.name ?? "")"
  }

  private static func status(_ part: TreatmentSummary.Part) -> String {
    part.treated?.status ?? part.planned?.status ?? ""
  }

  private var table: Table {
    var table = Table([
      .init("Part", flexible: .wrap), .init("Status"), .init("Fractions", .right),
      .init("Volume", flexible: .wrap), .init("Prescribed", .right), .init("Planned", .right),
      .init("Delivered", .right),
    ])
    for (kind, part) in rows {
      let volumes = Self.volumes(of: part)
      for (place, volume) in (volumes.isEmpty ? [nil] : volumes.map { Optional($0) }).enumerated() {
        let fractions =
          volume.flatMap { Self.fractions(of: part, volume: $0) } ?? Self.fractions(of: part)
        table.add([
          "\(place == 0 ? Self.name(kind, part) : "")", "\(place == 0 ? Self.status(part) : "")",
          "\(fractions)", "\(volume.map { summary.volumes[$0].name } ?? "")",
          "\(Self.gray(part.prescribed?.doses, volume))",
          "\(Self.gray(part.planned?.doses, volume))",
          "\(Self.gray(part.treated?.doses, volume))",
        ])
      }
    }
    return table
  }

  /// The table's figures below one another.
  private func stacked(_ width: Int) -> [String] {
    var lines: [String] = []
    func add(_ text: String, indent: Int) {
      let blanks = String(repeating: " ", count: indent)
      lines += text.printable.wrapped(width: max(12, width - indent)).map { blanks + $0 }
    }
    for (kind, part) in rows {
      add("\(Self.name(kind, part)): \(Self.status(part))", indent: 0)
      for volume in Self.volumes(of: part) {
        let fractions = Self.fractions(of: part, volume: volume) ?? Self.fractions(of: part)
        add("\(summary.volumes[volume].name), \(fractions) fractions", indent: 2)
        for (word, doses) in [
          ("prescribed", part.prescribed?.doses), ("planned", part.planned?.doses),
          ("delivered", part.treated?.doses),
        ] {
          add("\(word) \(Self.gray(doses, volume))", indent: 4)
        }
      }
    }
    return lines
  }

  /// What each volume is, and where.
  private func volumes(_ width: Int?) -> [String] {
    guard !summary.volumes.isEmpty else { return [] }
    return [""]
      + summary.volumes.flatMap { volume in
        let words =
          ([volume.morphology, volume.location].compactMap(\.self) + volume.qualifiers).map(
            Self.words) + [volume.description].compactMap(\.self)
        let text = "\(volume.name)\(words.isEmpty ? "" : ": ")\(words.joined(separator: ", "))"
        return width.map { text.printable.wrapped(width: max(20, $0)) } ?? [text.printable]
      }
  }

  static func volumes(of part: TreatmentSummary.Part) -> [Int] {
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
}

extension Double {
  /// With at most four decimals, none where it is whole.
  fileprivate var formatted: String {
    guard abs(self) < 1e9 else { return "\(self)" }
    let rounded = (self * 10_000).rounded() / 10_000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

package import DICOM

/// What was delivered of a plan, counted from its treatment records.
///
/// A fraction counts when every beam that treats was given with its planned meterset, in one
/// session or in several. PS3.3 C.8.8.21.
package struct DeliveredCourse: Sendable {
  /// How far the delivered meterset may be from the planned one.
  package static let metersetTolerance = 0.02

  package struct Fraction: Hashable, Sendable {
    package let group: Int
    package let number: Int
    package let dates: [CalendarDate]
    /// Beams whose meterset is not within the tolerance: number, planned, delivered.
    package let deviations: [Deviation]
    /// How much of the fraction was given: 1 of a whole one, else by the beams' planned doses.
    package let share: Double

    package var isWhole: Bool { deviations.isEmpty }
  }

  package struct Deviation: Hashable, Sendable {
    package let beam: Int
    package let planned: Double?
    package let delivered: Double
  }

  /// Fractions in which anything was delivered, in order.
  package let fractions: [Fraction]
  /// Records of treatment beams that say nothing of their fraction or meterset.
  package let unclear: [String]
  /// Treatment beams in the records that the plan does not have.
  package let unknownBeams: [Int]

  package var wholeFractions: Int { fractions.filter(\.isWhole).count }
  /// Whole fractions, and of the others the shares that were given.
  package var equivalentFractions: Double { fractions.map(\.share).reduce(0, +) }
  package var first: CalendarDate? { fractions.flatMap(\.dates).min() }
  package var last: CalendarDate? { fractions.flatMap(\.dates).max() }

  /// Counts the records of one plan.
  package init(plan: RTPlan, records: [TreatmentRecord]) {
    struct Key: Hashable, Comparable {
      let group: Int
      let number: Int
      static func < (a: Key, b: Key) -> Bool { (a.group, a.number) < (b.group, b.number) }
    }
    var metersets: [Key: [Int: Double]] = [:]
    // What each session was to give: a beam's first one says the whole of it, later ones the rest.
    var specified: [Key: [Int: Double]] = [:]
    var brokenOff: [Key: [Int: Bool]] = [:]
    var dates: [Key: Set<CalendarDate>] = [:]
    var unclear: [String] = []
    var unknown: Set<Int> = []
    for record in records {
      let group = record.fractionGroup ?? plan.fractionGroups.first?.number ?? 1
      for beam in record.beams where beam.isTreatment {
        guard let fraction = beam.fraction, let number = beam.number,
          let delivered = beam.deliveredMeterset, let date = record.date
        else {
          unclear.append(record.identity.fileName)
          continue
        }
        // A session in which nothing was given is none.
        guard delivered > 0 else { continue }
        let key = Key(group: group, number: fraction)
        metersets[key, default: [:]][number, default: 0] += delivered
        if let meterset = beam.specifiedMeterset {
          specified[key, default: [:]][number] = max(meterset, specified[key]?[number] ?? 0)
        }
        if let ending = beam.termination {
          brokenOff[key, default: [:]][number] =
            ending != "NORMAL" && (brokenOff[key]?[number] ?? true)
        }
        dates[key, default: []].insert(date)
        if !plan.fractionGroups.contains(where: { $0.beams.contains { $0.number == number } }) {
          unknown.insert(number)
        }
      }
    }
    fractions = metersets.keys.sorted().map { key in
      let delivered = metersets[key] ?? [:]
      let group = plan.fractionGroups.first { $0.number == key.group }
      var deviations: [Deviation] = []
      for beam in group.map(plan.treatmentBeams(of:)) ?? [] {
        let given = delivered[beam.number] ?? 0
        guard let planned = beam.meterset ?? specified[key]?[beam.number] else {
          // Nothing to compare with: the beam must at least have been given to its end.
          if given == 0 || brokenOff[key]?[beam.number] == true {
            deviations.append(Deviation(beam: beam.number, planned: nil, delivered: given))
          }
          continue
        }
        if abs(given - planned) > Self.metersetTolerance * planned {
          deviations.append(Deviation(beam: beam.number, planned: planned, delivered: given))
        }
      }
      if group == nil {
        deviations.append(Deviation(beam: 0, planned: nil, delivered: 0))
      }
      return Fraction(
        group: key.group, number: key.number, dates: (dates[key] ?? []).sorted(),
        deviations: deviations,
        share: deviations.isEmpty
          ? 1 : Self.share(of: group.map(plan.treatmentBeams(of:)) ?? [], given: delivered))
    }
    self.unclear = unclear
    unknownBeams = unknown.sorted()
  }

  /// The share of a fraction's planned dose that was given, beam for beam.
  ///
  /// Beams count by the doses that the plan says of them, where it says all of them; else by their
  /// metersets.
  private static func share(of beams: [RTPlan.PlannedBeam], given: [Int: Double]) -> Double {
    let hasDoses = beams.allSatisfy { ($0.doseGy ?? 0) > 0 && ($0.meterset ?? 0) > 0 }
    var all = 0.0
    var done = 0.0
    for beam in beams {
      guard let planned = beam.meterset, planned > 0 else { continue }
      let weight = hasDoses ? beam.doseGy ?? 0 : planned
      all += weight
      done += weight * (given[beam.number] ?? 0) / planned
    }
    return all > 0 && done.isFinite ? max(0, done / all) : 0
  }
}

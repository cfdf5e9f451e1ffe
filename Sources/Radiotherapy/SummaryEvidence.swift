package import DICOM

/// What the treatment summary records of a plan prove, and where they contradict plan, records or
/// one another.
///
/// The summary of the latest treatment day speaks; an older one, made on the way, must only agree.
package struct SummaryEvidence: Sendable {
  /// The summary of the latest treatment day.
  package let record: SummaryRecord
  package let count: Int
  /// Fractions delivered of the plan.
  package let delivered: Int?
  package let last: CalendarDate?
  package let contradictions: [Contradiction]
  /// Whether treatment records go on after the last day that the summary knows of.
  package let isSuperseded: Bool

  package var hasEnded: Bool { record.status?.hasEnded ?? false }

  /// How many fractions until when, where the summary alone proves that the treatment has ended.
  package var completion: (fractions: Int, date: CalendarDate)? {
    guard hasEnded, contradictions.isEmpty, let delivered, delivered > 0, let last else {
      return nil
    }
    return (delivered, last)
  }

  package enum Contradiction: Hashable, Sendable {
    /// Two summaries of one day say different things, or a later one says less.
    case summaries
    case severalPlans(Int)
    case planned(summary: Int, plan: Int)
    case listed(Int, said: Int)
    case fractions(summary: Int, records: Int)
    case firstDate(summary: CalendarDate, records: CalendarDate)
    case lastDate(summary: CalendarDate, records: CalendarDate)
    /// The latest listed fraction is not of the day that is said to be the most recent.
    case listedDate(CalendarDate, said: CalendarDate)
    case partial(fraction: Int, termination: String)
    case stoppedAfterAll
    case dose(reference: String, gray: Double, expected: Double)

    /// Whether it is about days rather than fractions.
    package var isOfDates: Bool {
      switch self {
      case .firstDate, .lastDate, .listedDate: true
      default: false
      }
    }
  }

  /// How far the cumulative dose of a target may be from its share of the prescription.
  package static let doseTolerance = 0.1

  /// - Parameters:
  ///   - summaries: the summary records that name the plan.
  ///   - counted: what the plan's beams records show; `nil` where there are none.
  package init?(plan: RTPlan, summaries: [SummaryRecord], counted: DeliveredCourse?) {
    let sorted = summaries.sorted { Self.isBefore($0, $1) }
    guard let newest = sorted.last else { return nil }
    record = newest
    count = summaries.count
    delivered = newest.delivered
    last = newest.last
    var found: [Contradiction] = []
    for (earlier, later) in zip(sorted, sorted.dropFirst()) where !Self.follows(later, earlier) {
      found.append(.summaries)
      break
    }
    let plans = Set(newest.referencedPlans.map(\.sopInstanceUID))
    if plans.count > 1 { found.append(.severalPlans(plans.count)) }
    if let said = newest.planned, let planned = plan.fractionsPlanned, said != planned {
      found.append(.planned(summary: said, plan: planned))
    }
    found += Self.within(newest)
    let goesOn =
      counted?.last.map { end in newest.last.map { $0 < end } ?? false } ?? false
    isSuperseded = goesOn && !(newest.status?.hasEnded ?? false)
    if let counted {
      found += Self.against(counted, newest, isSuperseded: isSuperseded)
    } else {
      found += Self.partial(newest)
    }
    if let fractions = newest.delivered, let planned = plan.fractionsPlanned {
      if newest.status == .stopped, fractions >= planned { found.append(.stoppedAfterAll) }
      found += Self.doses(newest, plan, share: Double(fractions) / Double(planned))
    }
    contradictions = found
  }

  private static func isBefore(_ a: SummaryRecord, _ b: SummaryRecord) -> Bool {
    if let first = a.last, let second = b.last, first != second { return first < second }
    if a.last == nil || b.last == nil, a.last != b.last { return a.last == nil }
    let (first, second) = (a.delivered ?? -1, b.delivered ?? -1)
    if first != second { return first < second }
    return a.identity.sopInstanceUID < b.identity.sopInstanceUID
  }

  /// Whether a summary can come after another one: no fewer fractions, and nothing after the end.
  private static func follows(_ later: SummaryRecord, _ earlier: SummaryRecord) -> Bool {
    if let before = earlier.delivered, let after = later.delivered, after < before { return false }
    if earlier.last == later.last {
      return earlier.delivered == later.delivered && earlier.status == later.status
    }
    return !(earlier.status?.hasEnded ?? false)
  }

  private static func within(_ summary: SummaryRecord) -> [Contradiction] {
    var found: [Contradiction] = []
    for group in summary.groups {
      let listed = Set(group.fractions.map(\.number)).count
      // A list may leave fractions out, but it cannot have more than there were.
      if let said = group.fractionsDelivered, listed > said {
        found.append(.listed(listed, said: said))
      }
    }
    let latest = summary.groups.flatMap(\.fractions).compactMap(\.date).max()
    if let latest, let said = summary.mostRecentDate, latest > said {
      found.append(.listedDate(latest, said: said))
    }
    return found
  }

  /// Fractions that broke off and were not continued: only records say what of them was given.
  private static func partial(_ summary: SummaryRecord) -> [Contradiction] {
    for group in summary.groups where group.type != "BRACHY" {
      for number in Set(group.fractions.map(\.number)).sorted() {
        let sessions = group.fractions.filter { $0.number == number }
        let endings = sessions.compactMap(\.termination)
        if let ending = endings.first(where: { $0 != "NORMAL" }), !endings.contains("NORMAL") {
          return [.partial(fraction: number, termination: ending)]
        }
      }
    }
    return []
  }

  private static func against(
    _ counted: DeliveredCourse, _ summary: SummaryRecord, isSuperseded: Bool
  ) -> [Contradiction] {
    var found: [Contradiction] = []
    let whole = counted.fractions.filter { fraction in
      guard fraction.isWhole else { return false }
      guard isSuperseded, let day = fraction.dates.max(), let last = summary.last else {
        return true
      }
      return day <= last
    }.count
    if let said = summary.delivered, said != whole {
      found.append(.fractions(summary: said, records: whole))
    }
    if let first = summary.firstDate, let counted = counted.first, first != counted {
      found.append(.firstDate(summary: first, records: counted))
    }
    if !isSuperseded, let last = summary.last, let counted = counted.last, last != counted {
      found.append(.lastDate(summary: last, records: counted))
    }
    return found
  }

  /// Targets whose cumulative dose is far from their share of the prescription.
  private static func doses(
    _ summary: SummaryRecord, _ plan: RTPlan, share: Double
  ) -> [Contradiction] {
    summary.doses.compactMap { dose in
      guard !dose.isMeasured, let number = dose.reference,
        let target = plan.targets.first(where: { $0.number == number }),
        let prescribed = target.doseGy, prescribed > 0
      else { return nil }
      let expected = prescribed * share
      guard abs(dose.gray - expected) > doseTolerance * expected else { return nil }
      return .dose(
        reference: target.name ?? dose.description ?? "dose reference \(number)", gray: dose.gray,
        expected: expected)
    }
  }
}

extension SummaryEvidence.Contradiction: CustomStringConvertible {
  package var description: String {
    switch self {
    case .summaries: "the treatment summaries contradict one another"
    case .severalPlans(let count):
      "the treatment summary sums up \(count) plans together; what of it is this plan's it does not say"
    case .planned(let summary, let plan):
      "the treatment summary says \(summary) fractions planned, the plan \(plan)"
    case .listed(let listed, let said):
      "the treatment summary lists \(listed) fractions and says \(said) delivered"
    case .fractions(let summary, let records):
      "the treatment summary says \(summary) fractions delivered, the records show \(records) whole ones"
    case .firstDate(let summary, let records):
      "the treatment summary begins \(summary.iso), the records \(records.iso)"
    case .lastDate(let summary, let records):
      "the treatment summary ends \(summary.iso), the records \(records.iso)"
    case .listedDate(let latest, let said):
      "the treatment summary lists a fraction of \(latest.iso) and says \(said.iso) was the last day"
    case .partial(let fraction, let termination):
      "fraction \(fraction) was ended by \(termination); only treatment records say what of it was given"
    case .stoppedAfterAll:
      "the treatment summary says STOPPED, yet all planned fractions were delivered"
    case .dose(let reference, let gray, let expected):
      "the treatment summary says \(CourseLabel.dose(gray)) Gy to \(reference), \(CourseLabel.dose(expected)) Gy expected from prescription and fractions"
    }
  }
}

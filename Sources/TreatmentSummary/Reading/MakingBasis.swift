import Radiotherapy

/// What course, phases and plans of a summary are all made from.
struct MakingBasis {
  let details: SummaryDetails
  let patientID: String
  let plans: [PlanCourse]
  /// Which plan stands in for which: UIDs, the new one's first.
  let replaced: [String: String]
  let volumes: VolumeFinding

  /// What all derived names of the course have in common.
  var courseKey: String { "\(details.systems.patient)|\(patientID)|\(details.courseID)" }

  func isReplaced(_ index: Int) -> Bool { replaced.values.contains(plans[index].uid) }

  /// What was said of a plan beside its file.
  func said(_ plan: PlanCourse) -> SummaryDetails.Plan? { details.said(of: plan.plan) }

  /// Where a plan stands.
  func status(_ index: Int) -> SummaryStatus {
    SummaryStatus(of: plans[index], isReplaced: isReplaced(index), in: details.status)
  }

  /// Why a plan was revised: what its successor says of the change holds of both.
  func revisionReason(_ plan: PlanCourse) -> Concept? {
    if let own = said(plan)?.reason { return own }
    guard let successor = plans.first(where: { replaced[$0.uid] == plan.uid }) else { return nil }
    return said(successor)?.reason
  }

  /// A part with what holds for every part of the course.
  func part() -> TreatmentSummary.Part {
    var part = TreatmentSummary.Part()
    part.diagnoses = details.diagnoses
    part.conditions = details.conditions
    part.sites = sites
    part.performer =
      details.performer
      ?? plans.lazy.flatMap(\.sessions).compactMap(\.institution).first
      ?? plans.lazy.compactMap(\.plan.institution).first
    part.location = details.location
    return part
  }

  /// As said; else the plans' codes; else their words.
  private var sites: [TreatmentSummary.Site] {
    if !details.sites.isEmpty { return details.sites }
    var coded: [TreatmentSummary.Site] = []
    for site in plans.flatMap(\.plan.siteCodes).compactMap(BodySites.site)
    where !coded.contains(site) {
      coded.append(site)
    }
    if !coded.isEmpty { return coded }
    return Set(plans.flatMap(\.plan.sites)).sorted().map {
      TreatmentSummary.Site(location: Concept([], text: $0), laterality: nil)
    }
  }

  /// What of the sites of treatment has no code that the profiles are known to want, and which key of
  /// the details mends it.
  var siteNotes: [String] {
    let key =
      "write bodySite (code and display, SNOMED CT) in the details"
    guard !sites.isEmpty else {
      return ["nothing says which part of the body was treated; \(key)"]
    }
    return sites.enumerated().compactMap { index, site in
      let place = details.sites.isEmpty ? "site of treatment" : "bodySite[\(index)]"
      let words = site.location.words
      guard let code = site.location.codes().first else {
        return "\(place) '\(words)' is told in words, without a SNOMED CT code; \(key)"
      }
      guard !BodySites.isKnown(site.location) else { return nil }
      return
        "\(place) \(code)\(words == code ? "" : " '\(words)'") is none of the parts of the body known here; make sure that the profiles' value set has it\(details.sites.isEmpty ? ", or \(key)" : "")"
    }
  }

  func requester(_ plan: PlanCourse) -> String? {
    if let said = details.prescription?.requester { return said }
    let name =
      plan.plan.approval == "APPROVED"
      ? plan.plan.reviewer ?? plan.plan.physicians.first : plan.plan.physicians.first
    return name.flatMap { PersonName($0).spoken }
  }

  func authoredOn(_ plan: PlanCourse) -> String? {
    plan.plan.date.map {
      FHIRTime.text(
        TreatmentMoment(date: $0, time: plan.plan.time), own: plan.plan.timezone,
        zone: details.zone)
    }
  }

  /// With the offset of the record that says the moment: a course may go on past a change of clocks.
  private func text(_ moment: TreatmentMoment, of plan: PlanCourse) -> String {
    let session = plan.sessions.first { $0.begin == moment || $0.end == moment }
    return FHIRTime.text(moment, own: session?.timezone, zone: details.zone)
  }

  /// Puts in when some plans were begun, and when they ended if nothing more is to come of them.
  func setPeriod(of treated: inout TreatmentSummary.Delivery, _ indices: [Int]) {
    let begins = indices.compactMap { index in plans[index].begin.map { ($0, plans[index]) } }
    if let first = begins.min(by: { $0.0 < $1.0 }) { treated.start = text(first.0, of: first.1) }
    guard treated.status != "in-progress", treated.status != "on-hold" else { return }
    let ends = indices.compactMap { index in plans[index].end.map { ($0, plans[index]) } }
    if let last = ends.max(by: { $0.0 < $1.0 }) { treated.end = text(last.0, of: last.1) }
  }
}

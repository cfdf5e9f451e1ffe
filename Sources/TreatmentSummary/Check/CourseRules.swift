import JSON

/// Rules 42 to 46: course, phases and plans agree with one another.
enum CourseRules {
  /// - Parameter isAnswer: whether a server has sent it, which need not send all that it has.
  static func findings(in index: ResourceIndex, isAnswer: Bool) -> [Finding] {
    let courses = BundleReading.courses(in: index)
    var findings: [Finding] = []
    if courses.count != 1 {
      findings.append(
        Finding(42, .warning, "Bundle", "\(courses.count) Course Summaries, one expected"))
    }
    var partsOf: [String: [ResourceIndex.Resource]] = [:]
    for part in index.all {
      let wholes = (part.json["partOf"]?.arrayValue ?? []).compactMap {
        index[$0["reference"]?.stringValue]?.fullURL
      }
      for whole in Set(wholes) { partsOf[whole, default: []].append(part) }
    }
    for course in courses {
      let checked = CheckedResource(course, in: index)
      let parts = partsOf[course.fullURL] ?? []
      findings += completion(checked, parts, isAnswer: isAnswer)
      findings += period(checked, parts)
      findings += doses(checked, parts, isAnswer: isAnswer)
      findings += fractionsByVolume(checked)
    }
    for resource in index.all {
      findings += fractions(CheckedResource(resource, in: index))
    }
    return findings
  }

  private static func status(_ json: JSON) -> String { json["status"]?.stringValue ?? "" }

  private static func completion(
    _ course: CheckedResource, _ parts: [ResourceIndex.Resource], isAnswer: Bool
  ) -> [Finding] {
    guard status(course.json) == "completed", !(isAnswer && parts.isEmpty) else { return [] }
    if let open = parts.first(where: { ["in-progress", "on-hold"].contains(status($0.json)) }) {
      return [
        course.found(
          43,
          "completed, while '\(BundleReading.name(of: open.json))' is \(status(open.json))")
      ]
    }
    return parts.contains { status($0.json) == "completed" }
      ? [] : [course.found(43, "completed, and none of its parts is")]
  }

  private static func period(
    _ course: CheckedResource, _ parts: [ResourceIndex.Resource]
  ) -> [Finding] {
    let period = course.json["performedPeriod"]
    return parts.compactMap { part -> Finding? in
      let own = part.json["performedPeriod"]
      let isEarly = pair(own?["start"], period?["start"]).map(FHIRTime.isBefore) ?? false
      let isLate = pair(period?["end"], own?["end"]).map(FHIRTime.isBefore) ?? false
      guard isEarly || isLate else { return nil }
      return course.found(
        44, "'\(BundleReading.name(of: part.json))' lies outside the course's period")
    }
  }

  private static func pair(_ a: JSON?, _ b: JSON?) -> (String, String)? {
    guard let a = a?.stringValue, let b = b?.stringValue else { return nil }
    return (a, b)
  }

  private static func delivered(_ json: JSON, _ index: ResourceIndex) -> [String: CentiGray] {
    var doses: [String: CentiGray] = [:]
    for dose in BundleReading.extensions(json, Canonical.doseDelivered) {
      let reference = BundleReading.extensions(dose, "volume").first?["valueReference"]?[
        "reference"]?.stringValue
      guard let reference, let amount = DoseRules.amount(dose, "totalDoseDelivered") else {
        continue
      }
      let name = index[reference]?.fullURL ?? reference
      doses[name] = doses[name].map { $0 + amount } ?? amount
    }
    return doses
  }

  private static func doses(
    _ course: CheckedResource, _ parts: [ResourceIndex.Resource], isAnswer: Bool
  ) -> [Finding] {
    let phases = parts.filter { BundleReading.profile(of: $0.json) == .treatedPhase }
    guard !phases.isEmpty else { return [] }
    var sums: [String: CentiGray] = [:]
    for phase in phases {
      for (volume, dose) in delivered(phase.json, course.index) {
        sums[volume] = sums[volume].map { $0 + dose } ?? dose
      }
    }
    // Others need not tell doses of phases at all.
    guard !(isAnswer && sums.isEmpty) else { return [] }
    let told = delivered(course.json, course.index)
    let none = CentiGray(hundredths: 0)
    return Set(told.keys).union(sums.keys).sorted().compactMap { volume -> Finding? in
      let (dose, sum) = (told[volume] ?? none, sums[volume] ?? none)
      guard !sum.isNear(dose) else { return nil }
      let name = course.index[volume].map { BundleReading.name(of: $0.json) } ?? volume
      return course.found(
        45, "\(name): \(dose.centigray) cGy, while its phases add up to \(sum.centigray)")
    }
  }

  private static func planned(_ treated: CheckedResource) -> ResourceIndex.Resource? {
    (treated.json["basedOn"]?.arrayValue ?? []).lazy
      .compactMap { treated.index[$0["reference"]?.stringValue] }
      .first { BundleReading.profile(of: $0.json)?.kind == .plan }
  }

  /// Delivered fractions of each volume of a course against those of its Planned Course.
  private static func fractionsByVolume(_ course: CheckedResource) -> [Finding] {
    guard let planned = Self.planned(course) else { return [] }
    func counts(_ json: JSON, _ url: String, _ part: String, _ kind: String) -> [String: Int] {
      var counts: [String: Int] = [:]
      for dose in BundleReading.extensions(json, url) {
        guard
          let volume = BundleReading.extensions(dose, "volume").first?["valueReference"]?[
            "reference"]?.stringValue,
          let count = BundleReading.extensions(dose, part).first?[kind]?.integerValue
        else { continue }
        counts[course.index[volume]?.fullURL ?? volume] = count
      }
      return counts
    }
    let wanted = counts(planned.json, Canonical.dosePlanned, "fractions", "valuePositiveInt")
    return counts(
      course.json, Canonical.doseDelivered, "fractionsDelivered", "valueUnsignedInt"
    ).sorted { $0.key < $1.key }.compactMap { volume, count -> Finding? in
      guard let most = wanted[volume], count > most else { return nil }
      let name = course.index[volume].map { BundleReading.name(of: $0.json) } ?? volume
      return course.found(46, "\(name): \(count) fractions delivered, \(most) planned")
    }
  }

  /// Delivered fractions of a phase or plan against what was planned.
  private static func fractions(_ treated: CheckedResource) -> [Finding] {
    guard let profile = treated.profile, profile.kind == .delivery, profile != .courseSummary,
      let count = BundleReading.extensions(treated.json, Canonical.fractionsDelivered).first?[
        "valueUnsignedInt"]?.integerValue
    else { return [] }
    guard let planned = Self.planned(treated),
      let wanted = BundleReading.extensions(planned.json, Canonical.fractionsPlanned).first?[
        "valuePositiveInt"]?.integerValue
    else { return [] }
    if count > wanted {
      return [treated.found(46, "\(count) fractions delivered, \(wanted) planned")]
    }
    if count < wanted, status(treated.json) == "completed" {
      return [treated.found(46, "completed with \(count) of \(wanted) fractions")]
    }
    return []
  }
}

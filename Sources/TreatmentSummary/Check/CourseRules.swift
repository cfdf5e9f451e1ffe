import JSON

/// Rules 42 to 46: course, phases and plans agree with one another.
enum CourseRules {
  static func findings(in index: ResourceIndex) -> [Finding] {
    let courses = BundleReading.courses(in: index)
    var findings: [Finding] = []
    if courses.count != 1 {
      findings.append(
        Finding(42, .warning, "Bundle", "\(courses.count) Course Summaries, one expected"))
    }
    for course in courses {
      let checked = CheckedResource(course, in: index)
      let parts = index.all.filter { part in
        (part.json["partOf"]?.arrayValue ?? []).contains {
          index[$0["reference"]?.stringValue]?.fullURL == course.fullURL
        }
      }
      findings += completion(checked, parts)
      findings += period(checked, parts)
      findings += doses(checked, parts)
    }
    for resource in index.all {
      findings += fractions(CheckedResource(resource, in: index))
    }
    return findings
  }

  private static func status(_ json: JSON) -> String { json["status"]?.stringValue ?? "" }

  private static func completion(
    _ course: CheckedResource, _ parts: [ResourceIndex.Resource]
  ) -> [Finding] {
    guard status(course.json) == "completed", !parts.isEmpty else { return [] }
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
    _ course: CheckedResource, _ parts: [ResourceIndex.Resource]
  ) -> [Finding] {
    let phases = parts.filter { BundleReading.profile(of: $0.json) == .treatedPhase }
    guard !phases.isEmpty else { return [] }
    var sums: [String: CentiGray] = [:]
    for phase in phases {
      for (volume, dose) in delivered(phase.json, course.index) {
        sums[volume] = sums[volume].map { $0 + dose } ?? dose
      }
    }
    return delivered(course.json, course.index).sorted { $0.key < $1.key }.compactMap {
      volume, dose -> Finding? in
      guard let sum = sums[volume], !sum.isNear(dose) else { return nil }
      let name = course.index[volume].map { BundleReading.name(of: $0.json) } ?? volume
      return course.found(
        45, "\(name): \(dose.centigray) cGy, while its phases add up to \(sum.centigray)")
    }
  }

  /// Delivered fractions of a phase or plan against what was planned.
  private static func fractions(_ treated: CheckedResource) -> [Finding] {
    guard let profile = treated.profile, profile.kind == .delivery, profile != .courseSummary,
      let count = BundleReading.extensions(treated.json, Canonical.fractionsDelivered).first?[
        "valueUnsignedInt"]?.integerValue
    else { return [] }
    let planned = (treated.json["basedOn"]?.arrayValue ?? []).lazy
      .compactMap { treated.index[$0["reference"]?.stringValue] }
      .first { BundleReading.profile(of: $0.json)?.kind == .plan }
    guard let planned,
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

package import JSON

/// A summary from the resources of a Bundle or server: what is there, as it is there.
package struct BundleReading {
  let index: ResourceIndex
  var volumes: [TreatmentSummary.Volume] = []
  var volumePlaces: [String: Int] = [:]

  /// Every Course Summary.
  package static func courses(in index: ResourceIndex) -> [ResourceIndex.Resource] {
    index.all.filter { profile(of: $0.json) == .courseSummary }
  }

  /// The profile of a resource: what it claims, else what type, code and intent make it.
  package static func profile(of json: JSON) -> Profile? {
    let type = json["resourceType"]?.stringValue ?? ""
    let claims = (json["meta"]?["profile"]?.arrayValue ?? []).compactMap(\.stringValue)
    for claim in claims {
      let plain = claim.split(separator: "|").first.map(String.init) ?? claim
      if let profile = Profile.allCases.first(where: { $0.url == plain }),
        profile.resourceType == type
      {
        return profile
      }
    }
    guard type != "BodyStructure" else { return .volume }
    let codes = Concept(json["code"])?.codes() ?? []
    return Profile.of(type: type, code: codes, intent: json["intent"]?.stringValue)
  }

  /// Every course that is planned, and of which nothing is told yet.
  package static func plannedCourses(in index: ResourceIndex) -> [ResourceIndex.Resource] {
    let told = Set(
      courses(in: index).flatMap { course in
        (course.json["basedOn"]?.arrayValue ?? []).compactMap {
          index[$0["reference"]?.stringValue]?.fullURL
        }
      })
    return index.all.filter {
      profile(of: $0.json) == .plannedCourse && !told.contains($0.fullURL)
    }
  }

  /// Reads the one Course Summary, or the one with a name; where there is none, a course that is
  /// planned.
  package static func summary(
    in index: ResourceIndex, course wanted: String? = nil
  ) throws(BundleReadingError) -> TreatmentSummary {
    func isWanted(_ course: ResourceIndex.Resource) -> Bool {
      wanted == nil || name(of: course.json) == wanted || uid(of: course.json) == wanted
    }
    var courses = courses(in: index).filter(isWanted)
    if courses.isEmpty { courses = plannedCourses(in: index).filter(isWanted) }
    guard let course = courses.first else {
      let all = self.courses(in: index) + plannedCourses(in: index)
      if let wanted, !all.isEmpty { throw .noSuchCourse(wanted, all.map { name(of: $0.json) }) }
      throw .noCourseSummary
    }
    guard courses.count == 1 else {
      throw .severalCourses(courses.map { name(of: $0.json) })
    }
    var reading = BundleReading(index: index)
    return reading.read(course)
  }

  private init(index: ResourceIndex) { self.index = index }

  private mutating func read(_ resource: ResourceIndex.Resource) -> TreatmentSummary {
    let isTold = Self.profile(of: resource.json) == .courseSummary
    var course = isTold ? part(resource) : orders(from: resource, prescribed: nil)
    let index = index
    let all = index.all
    func belongs(_ json: JSON) -> Bool {
      (json["partOf"]?.arrayValue ?? []).contains {
        index[$0["reference"]?.stringValue]?.fullURL == resource.fullURL
      }
    }
    var phases: [TreatmentSummary.Part] = []
    var phaseNames: [String] = []
    for treated in all
    where Self.profile(of: treated.json) == .treatedPhase && belongs(treated.json) {
      phases.append(part(treated))
      phaseNames.append(treated.fullURL)
    }
    // What was planned and not begun has no delivery.
    var told = Set(phases.compactMap { $0.planned?.reference })
    for planned in all
    where Self.profile(of: planned.json) == .plannedPhase && !told.contains(planned.fullURL) {
      guard isBased(planned.json, on: course.planned?.reference) else { continue }
      phases.append(orders(from: planned, prescribed: nil))
      phaseNames.append(planned.fullURL)
    }
    var plans: [TreatmentSummary.Part] = []
    for treated in all
    where Self.profile(of: treated.json) == .treatedPlan && belongs(treated.json) {
      var plan = part(treated)
      plan.phase =
        (treated.json["partOf"]?.arrayValue ?? []).compactMap { reference in
          index[reference["reference"]?.stringValue].flatMap {
            phaseNames.firstIndex(of: $0.fullURL)
          }
        }.first
      plans.append(plan)
    }
    told = Set(plans.compactMap { $0.planned?.reference })
    for planned in all
    where Self.profile(of: planned.json) == .treatmentPlan && !told.contains(planned.fullURL) {
      guard isBased(planned.json, on: course.planned?.reference) else { continue }
      var plan = orders(from: planned, prescribed: nil)
      plan.phase = phases.firstIndex { phase in
        isBased(planned.json, on: phase.planned?.reference)
      }
      plans.append(plan)
    }
    let subject = resource.json["subject"]?["reference"]?.stringValue
    var patient = TreatmentSummary.Patient(reference: subject ?? "")
    if let json = index[subject]?.json {
      let identifier = json["identifier"]?[0]
      patient.system = identifier?["system"]?.stringValue
      patient.id = identifier?["value"]?.stringValue
      let name = json["name"]?[0]
      patient.family = name?["family"]?.stringValue
      patient.given = (name?["given"]?.arrayValue ?? []).compactMap(\.stringValue)
      patient.prefix = name?["prefix"]?[0]?.stringValue
      patient.suffix = name?["suffix"]?[0]?.stringValue
      patient.issuer = identifier?["assigner"]?["display"]?.stringValue
      patient.telephones = (json["telecom"]?.arrayValue ?? []).compactMap {
        $0["system"]?.stringValue == "phone" ? $0["value"]?.stringValue : nil
      }
      patient.address = json["address"]?[0]?["text"]?.stringValue
      patient.gender = json["gender"]?.stringValue
      patient.birthDate = json["birthDate"]?.stringValue
    }
    course.phase = nil
    return TreatmentSummary(
      patient: patient, volumes: volumes, course: course, phases: phases, plans: plans)
  }

  private func isBased(_ json: JSON, on reference: String?) -> Bool {
    guard let reference else { return false }
    return (json["basedOn"]?.arrayValue ?? []).contains {
      index[$0["reference"]?.stringValue]?.fullURL == reference
    }
  }

  /// Every reference that stands in a resource.
  package static func references(in json: JSON) -> [String] {
    var found: [String] = []
    json.walk { key, value in
      if key == "reference", let text = value.stringValue { found.append(text) }
    }
    return found
  }

  /// The extensions with an address, of a resource or of an extension.
  package static func extensions(_ json: JSON, _ url: String) -> [JSON] {
    (json["extension"]?.arrayValue ?? []).filter { $0["url"]?.stringValue == url }
  }

  /// The name that people see: the usual identifier.
  package static func name(of json: JSON) -> String {
    let identifiers = json["identifier"]?.arrayValue ?? []
    let usual = identifiers.first { $0["use"]?.stringValue == "usual" } ?? identifiers.first
    return usual?["value"]?.stringValue ?? ""
  }

  /// The official DICOM UID, bare.
  package static func uid(of json: JSON) -> String? {
    (json["identifier"]?.arrayValue ?? []).lazy
      .filter { $0["use"]?.stringValue == "official" }
      .compactMap { $0["value"]?.stringValue }
      .first.map { $0.hasPrefix("urn:oid:") ? String($0.dropFirst(8)) : $0 }
  }
}

package import JSON

/// Resources of a Bundle, or of several, by what refers to them.
package struct ResourceIndex: Sendable {
  /// In the order in which they came.
  package private(set) var all: [Resource] = []
  private var places: [String: Int] = [:]

  package struct Resource: Sendable {
    package let fullURL: String
    package let json: JSON

    package var type: String { json["resourceType"]?.stringValue ?? "" }
    package var id: String? { json["id"]?.stringValue }
  }

  package init() {}

  /// The resources of a Bundle; a single resource is a Bundle of one.
  package init(_ document: JSON) {
    guard document["resourceType"]?.stringValue == "Bundle" else {
      add(document, fullURL: nil)
      return
    }
    add(bundle: document)
  }

  package mutating func add(bundle: JSON) {
    for entry in bundle["entry"]?.arrayValue ?? [] {
      guard let resource = entry["resource"] else { continue }
      add(resource, fullURL: entry["fullUrl"]?.stringValue)
    }
  }

  /// Adds a resource unless it is there already.
  package mutating func add(_ json: JSON, fullURL: String?) {
    guard let type = json["resourceType"]?.stringValue else { return }
    let local = json["id"]?.stringValue.map { "\(type)/\($0)" }
    let name = fullURL ?? local ?? "#\(all.count)"
    let names = [name, local].compactMap { $0 }
    guard !names.contains(where: { places[$0] != nil }) else { return }
    all.append(Resource(fullURL: name, json: json))
    for name in names { places[name] = all.count - 1 }
  }

  /// The resource that a reference means: a fullUrl, `Type/id`, or the end of an address.
  package subscript(reference: String?) -> Resource? {
    guard let reference else { return nil }
    if let place = places[reference] { return all[place] }
    let parts = reference.split(separator: "/")
    if parts.count > 3, parts[parts.count - 2] == "_history" {
      return self[parts.dropLast(2).suffix(2).joined(separator: "/")]
    }
    guard parts.count >= 2 else { return nil }
    return places[parts.suffix(2).joined(separator: "/")].map { all[$0] }
  }
}

/// Why resources are no treatment summary.
package enum BundleReadingError: Error, Equatable {
  case notFHIR
  case noCourseSummary
  case severalCourses([String])
}

extension BundleReadingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFHIR: "this is no FHIR Bundle or resource"
    case .noCourseSummary: "no Course Summary of CodeX Radiation Therapy is in it"
    case .severalCourses(let names):
      "\(names.count) Course Summaries are in it: \(names.joined(separator: ", ")); choose one with --course NAME"
    }
  }
}

/// A summary from the resources of a Bundle or server: what is there, as it is there.
package struct BundleReading {
  private let index: ResourceIndex
  private var volumes: [TreatmentSummary.Volume] = []
  private var volumePlaces: [String: Int] = [:]

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

  /// Reads the one Course Summary, or the one with a name.
  package static func summary(
    in index: ResourceIndex, course wanted: String? = nil
  ) throws(BundleReadingError) -> TreatmentSummary {
    let courses = courses(in: index).filter { course in
      wanted == nil || name(of: course.json) == wanted || uid(of: course.json) == wanted
    }
    guard let course = courses.first else { throw .noCourseSummary }
    guard courses.count == 1 else {
      throw .severalCourses(courses.map { name(of: $0.json) })
    }
    var reading = BundleReading(index: index)
    return reading.read(course)
  }

  private init(index: ResourceIndex) { self.index = index }

  private mutating func read(_ resource: ResourceIndex.Resource) -> TreatmentSummary {
    var course = part(resource)
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

  /// A delivery with what it is based on.
  private mutating func part(_ resource: ResourceIndex.Resource) -> TreatmentSummary.Part {
    let index = index
    let grounds = (resource.json["basedOn"]?.arrayValue ?? []).compactMap {
      index[$0["reference"]?.stringValue]
    }
    let planned = grounds.first { Self.profile(of: $0.json)?.kind == .plan }
    let prescribed = grounds.first { Self.profile(of: $0.json)?.kind == .prescription }
    var part = planned.map { orders(from: $0, prescribed: prescribed) } ?? TreatmentSummary.Part()
    if planned == nil, let prescribed { part.prescribed = order(prescribed) }
    let json = resource.json
    describe(&part, json)
    var treated = TreatmentSummary.Delivery(
      reference: resource.fullURL, uid: Self.uid(of: json) ?? "", name: Self.name(of: json),
      status: json["status"]?.stringValue ?? "")
    treated.statusReason = Concept(json["statusReason"])
    treated.start = json["performedPeriod"]?["start"]?.stringValue
    treated.end = json["performedPeriod"]?["end"]?.stringValue
    treated.fractions =
      Self.extensions(json, Canonical.fractionsDelivered).first?["valueUnsignedInt"]?.integerValue
    treated.sessions =
      Self.extensions(json, Canonical.sessions).first?["valueUnsignedInt"]?.integerValue
    treated.doses = doses(json, Canonical.doseDelivered)
    treated.records = Self.extensions(json, Canonical.dicomReference).compactMap(Self.instance)
    part.treated = treated
    return part
  }

  private mutating func orders(
    from planned: ResourceIndex.Resource, prescribed: ResourceIndex.Resource?
  ) -> TreatmentSummary.Part {
    var part = TreatmentSummary.Part()
    describe(&part, planned.json)
    part.planned = order(planned)
    part.plan =
      Self.extensions(planned.json, Canonical.dicomReference).compactMap(Self.instance).first
    let level = Self.profile(of: planned.json)?.level
    let prescription =
      prescribed
      ?? (planned.json["basedOn"]?.arrayValue ?? []).lazy
      .compactMap { [index] in index[$0["reference"]?.stringValue] }
      .first {
        let profile = Self.profile(of: $0.json)
        return profile?.kind == .prescription && profile?.level == level
      }
    if let prescription { part.prescribed = order(prescription) }
    return part
  }

  private mutating func order(_ resource: ResourceIndex.Resource) -> TreatmentSummary.Order {
    let json = resource.json
    var order = TreatmentSummary.Order(
      reference: resource.fullURL, uid: Self.uid(of: json) ?? "", name: Self.name(of: json),
      status: json["status"]?.stringValue ?? "")
    order.authoredOn = json["authoredOn"]?.stringValue
    order.requester = json["requester"]?["display"]?.stringValue
    for url in [Canonical.fractionsPrescribed, Canonical.fractionsPlanned] {
      if let count = Self.extensions(json, url).first?["valuePositiveInt"]?.integerValue {
        order.fractions = count
      }
    }
    order.doses = doses(json, Canonical.dosePrescribed) + doses(json, Canonical.dosePlanned)
    order.replaces = json["replaces"]?[0]?["reference"]?.stringValue
    return order
  }

  private func describe(_ part: inout TreatmentSummary.Part, _ json: JSON) {
    part.intent = Concept(Self.extensions(json, Canonical.intent).first?["valueCodeableConcept"])
    part.isReirradiation =
      Self.extensions(json, Canonical.reirradiation).first?["valueBoolean"]?.boolValue
    part.radiations = Self.extensions(json, Canonical.modalityAndTechnique).compactMap { nested in
      guard
        let modality = Concept(
          Self.extensions(nested, Canonical.modality).first?["valueCodeableConcept"])
      else { return nil }
      return TreatmentSummary.Radiation(
        modality: modality,
        techniques: Self.extensions(nested, Canonical.technique).compactMap {
          Concept($0["valueCodeableConcept"])
        },
        energies: Self.extensions(nested, Canonical.energy).compactMap { energy in
          guard let value = energy["valueQuantity"]?["value"]?.doubleValue else { return nil }
          return TreatmentSummary.Energy(
            value, energy["valueQuantity"]?["code"]?.stringValue ?? "")
        })
    }
    part.diagnoses = (json["reasonCode"]?.arrayValue ?? []).compactMap { Concept($0) }
    part.sites = (json["bodySite"]?.arrayValue ?? []).compactMap { site in
      Concept(site).map { location in
        TreatmentSummary.Site(
          location: location,
          laterality: Concept(
            Self.extensions(site, Canonical.laterality).first?["valueCodeableConcept"]))
      }
    }
    part.performer = json["performer"]?[0]?["actor"]?["display"]?.stringValue
    part.location = json["location"]?["display"]?.stringValue
    part.revisionReason = Concept(
      Self.extensions(json, Canonical.revision).first?["valueCodeableConcept"])
  }

  private mutating func doses(_ json: JSON, _ url: String) -> [TreatmentSummary.Dose] {
    var doses: [TreatmentSummary.Dose] = []
    for nested in Self.extensions(json, url) {
      let reference = Self.extensions(nested, "volume").first?["valueReference"]
      var dose = TreatmentSummary.Dose(volume: volume(reference))
      for url in ["totalDose", "totalDoseDelivered"] {
        if let found = Self.dose(nested, url) { dose.total = found }
      }
      dose.perFraction = Self.dose(nested, "fractionDose")
      dose.fractions =
        Self.extensions(nested, "fractions").first?["valuePositiveInt"]?.integerValue
        ?? Self.extensions(nested, "fractionsDelivered").first?["valueUnsignedInt"]?.integerValue
      dose.isUniform = Self.extensions(nested, Canonical.uniform).first?["valueBoolean"]?.boolValue
      dose.isPrimary =
        Self.extensions(nested, Canonical.primaryDose).first?["valueBoolean"]?.boolValue
      dose.isPoint = Self.extensions(nested, Canonical.pointDose).first?["valueBoolean"]?.boolValue
      doses.append(dose)
    }
    return doses
  }

  /// Centigray, and nothing else: another unit is no dose that could be compared.
  private static func dose(_ nested: JSON, _ url: String) -> CentiGray? {
    guard let quantity = extensions(nested, url).first?["valueQuantity"],
      quantity["code"]?.stringValue == "cGy", let value = quantity["value"]?.doubleValue
    else { return nil }
    return CentiGray(centigray: value)
  }

  private mutating func volume(_ reference: JSON?) -> Int {
    let text = reference?["reference"]?.stringValue ?? ""
    let resource = index[text]
    let key = resource?.fullURL ?? text
    if let place = volumePlaces[key] { return place }
    let json = resource?.json ?? .null
    var volume = TreatmentSummary.Volume(
      reference: key, uid: Self.uid(of: json) ?? "",
      name: resource == nil
        ? reference?["display"]?.stringValue ?? text : Self.name(of: json))
    volume.morphology = Concept(json["morphology"])
    volume.location = Concept(json["location"])
    volume.qualifiers = (json["locationQualifier"]?.arrayValue ?? []).compactMap { Concept($0) }
    volume.description = json["description"]?.stringValue
    volumes.append(volume)
    volumePlaces[key] = volumes.count - 1
    return volumes.count - 1
  }

  private static func instance(_ nested: JSON) -> TreatmentSummary.DICOMInstance? {
    guard let uid = extensions(nested, "instanceUid").first?["valueId"]?.stringValue else {
      return nil
    }
    let sopClass = extensions(nested, "sopClass").first?["valueCoding"]?["code"]?.stringValue
    return .init(
      uid: uid,
      sopClass: sopClass.map { $0.hasPrefix("urn:oid:") ? String($0.dropFirst(8)) : $0 })
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

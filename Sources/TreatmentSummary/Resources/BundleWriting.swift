package import JSON

/// A summary as a transaction Bundle: conditional updates, so that a second run finds the same
/// resources.
package struct BundleWriting {
  private let summary: TreatmentSummary
  private let systems: SummaryDetails.Systems

  package init(_ summary: TreatmentSummary, systems: SummaryDetails.Systems) {
    self.summary = summary
    self.systems = systems
  }

  /// - Parameter links: what the Course Summary refers to beside the course's own resources.
  package func bundle(with links: DoseMapLinks? = nil) -> JSON {
    let course = summary.course
    var entries: [JSON] = [patient] + summary.volumes.map(volume)
    if let order = course.prescribed {
      entries.append(entry(order, .coursePrescription, course, basedOn: []))
    }
    for phase in summary.phases {
      guard let order = phase.prescribed else { continue }
      entries.append(entry(order, .phasePrescription, phase, basedOn: [course.prescribed]))
    }
    for plan in summary.plans {
      guard let order = plan.prescribed else { continue }
      entries.append(
        entry(
          order, .planPrescription, plan, basedOn: [course.prescribed, phase(of: plan)?.prescribed]
        ))
    }
    if let order = course.planned {
      entries.append(entry(order, .plannedCourse, course, basedOn: [course.prescribed]))
    }
    for phase in summary.phases {
      guard let order = phase.planned else { continue }
      entries.append(
        entry(order, .plannedPhase, phase, basedOn: [course.planned, phase.prescribed]))
    }
    for plan in summary.plans {
      guard let order = plan.planned else { continue }
      entries.append(
        entry(
          order, .treatmentPlan, plan,
          basedOn: [plan.prescribed, phase(of: plan)?.planned, course.planned]))
    }
    if let treated = course.treated {
      entries.append(
        entry(
          treated, .courseSummary, course, basedOn: [course.planned, course.prescribed], partOf: [],
          report: links?.report))
    }
    for phase in summary.phases {
      guard let treated = phase.treated else { continue }
      entries.append(
        entry(
          treated, .treatedPhase, phase, basedOn: [phase.planned, phase.prescribed],
          partOf: [course.treated]))
    }
    for plan in summary.plans {
      guard let treated = plan.treated else { continue }
      entries.append(
        entry(
          treated, .treatedPlan, plan, basedOn: [plan.planned, plan.prescribed],
          partOf: [course.treated, phase(of: plan)?.treated]))
    }
    if let links { entries += links.entries(of: summary) }
    return ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)]
  }

  private func phase(of plan: TreatmentSummary.Part) -> TreatmentSummary.Part? {
    plan.phase.flatMap { summary.phases.indices.contains($0) ? summary.phases[$0] : nil }
  }

  /// The patient is made where nobody is there, and never changed.
  private var patient: JSON {
    let patient = summary.patient
    let system = patient.system ?? systems.patient
    let id = patient.id ?? ""
    var name: JSON = ["use": "official"]
    if let family = patient.family { name["family"] = .string(family) }
    if !patient.given.isEmpty { name["given"] = JSON(patient.given) }
    var resource: JSON = [
      "resourceType": "Patient", "meta": ["profile": [.string(Canonical.cancerPatient)]],
      "identifier": [
        [
          "use": "usual",
          "type": ["coding": [["system": .string(CodeSystem.identifierType), "code": "MR"]]],
          "system": .string(system), "value": .string(id),
        ]
      ],
      "name": [name], "gender": .string(patient.gender ?? "unknown"),
    ]
    if let date = patient.birthDate { resource["birthDate"] = .string(date) }
    return [
      "fullUrl": .string(patient.reference), "resource": resource,
      "request": [
        "method": "POST", "url": "Patient",
        "ifNoneExist": .string(FHIRQuery.identifier(system: system, value: id)),
      ],
    ]
  }

  private func volume(_ volume: TreatmentSummary.Volume) -> JSON {
    var resource: JSON = [
      "resourceType": "BodyStructure", "meta": ["profile": JSON(Profile.volume.claims)],
      "identifier": identifiers(system: systems.volume, name: volume.name, uid: volume.uid),
    ]
    if let morphology = volume.morphology { resource["morphology"] = morphology.json }
    if let location = volume.location { resource["location"] = location.json }
    if !volume.qualifiers.isEmpty {
      resource["locationQualifier"] = .array(volume.qualifiers.map(\.json))
    }
    if let text = volume.description { resource["description"] = .string(text) }
    resource["patient"] = reference(summary.patient.reference)
    return Self.update(volume.reference, resource, uid: volume.uid)
  }

  private func entry(
    _ order: TreatmentSummary.Order, _ profile: Profile, _ part: TreatmentSummary.Part,
    basedOn: [TreatmentSummary.Order?]
  ) -> JSON {
    let system =
      switch (profile.kind, profile.level) {
      case (.prescription, _): systems.prescription
      case (_, .course): systems.course
      case (_, .phase): systems.phase
      default: systems.plan
      }
    var resource = head(profile, part, doses: order.doses, fractions: order.fractions)
    resource["identifier"] = identifiers(system: system, name: order.name, uid: order.uid)
    let grounds = basedOn.compactMap { $0 }.map { reference($0.reference) }
    if !grounds.isEmpty { resource["basedOn"] = .array(grounds) }
    if let old = order.replaces { resource["replaces"] = [reference(old)] }
    resource["status"] = .string(order.status)
    resource["intent"] = profile.intent.map(JSON.string)
    resource["category"] = [Concept(Terminology.category).json]
    resource["code"] = profile.code.map { Concept($0).json }
    resource["subject"] = reference(summary.patient.reference)
    resource["authoredOn"] = order.authoredOn.map(JSON.string)
    resource["requester"] = order.requester.map { ["display": .string($0)] }
    addReasons(part, to: &resource)
    return Self.update(order.reference, resource, uid: order.uid)
  }

  private func entry(
    _ treated: TreatmentSummary.Delivery, _ profile: Profile, _ part: TreatmentSummary.Part,
    basedOn: [TreatmentSummary.Order?], partOf: [TreatmentSummary.Delivery?], report: JSON? = nil
  ) -> JSON {
    let system =
      switch profile.level {
      case .course: systems.course
      case .phase: systems.phase
      default: systems.plan
      }
    var resource = head(
      profile, part, doses: treated.doses, fractions: treated.fractions,
      sessions: treated.sessions, records: treated.records)
    resource["identifier"] = identifiers(system: system, name: treated.name, uid: treated.uid)
    let grounds = basedOn.compactMap { $0 }.map { reference($0.reference) }
    if !grounds.isEmpty { resource["basedOn"] = .array(grounds) }
    let wholes = partOf.compactMap { $0 }.map { reference($0.reference) }
    if !wholes.isEmpty { resource["partOf"] = .array(wholes) }
    resource["status"] = .string(treated.status)
    resource["statusReason"] = treated.statusReason?.json
    resource["category"] = Concept(Terminology.category).json
    resource["code"] = profile.code.map { Concept($0).json }
    resource["subject"] = reference(summary.patient.reference)
    if let start = treated.start {
      var period: JSON = ["start": .string(start)]
      period["end"] = treated.end.map(JSON.string)
      resource["performedPeriod"] = period
    }
    resource["performer"] = part.performer.map { [["actor": ["display": .string($0)]]] }
    resource["location"] = part.location.map { ["display": .string($0)] }
    addReasons(part, to: &resource)
    if let report { resource["report"] = [report] }
    return Self.update(treated.reference, resource, uid: treated.uid)
  }

  /// What begins an order or a delivery: type, profile and extensions.
  private func head(
    _ profile: Profile, _ part: TreatmentSummary.Part, doses: [TreatmentSummary.Dose],
    fractions: Int?, sessions: Int? = nil, records: [TreatmentSummary.DICOMInstance] = []
  ) -> JSON {
    var extensions: [JSON] = []
    let isCourse = profile.level == .course
    if isCourse, let intent = part.intent {
      extensions.append(
        ["url": .string(Canonical.intent), "valueCodeableConcept": intent.json])
    }
    extensions += part.radiations.map { radiation($0, withEnergies: profile.kind != .prescription) }
    if let url = profile.fractionsExtension, let fractions {
      let key = profile.kind == .delivery ? "valueUnsignedInt" : "valuePositiveInt"
      var counted: JSON = ["url": .string(url)]
      counted[key] = .integer(fractions)
      extensions.append(counted)
    }
    if let sessions {
      extensions.append(
        ["url": .string(Canonical.sessions), "valueUnsignedInt": .integer(sessions)])
    }
    extensions += doses.map { dose($0, profile) }
    if profile == .treatmentPlan, let plan = part.plan { extensions.append(instance(plan)) }
    if profile == .treatedPlan { extensions += records.map(instance) }
    if isCourse, let again = part.isReirradiation {
      extensions.append(["url": .string(Canonical.reirradiation), "valueBoolean": .bool(again)])
    }
    if !isCourse, let reason = part.revisionReason {
      extensions.append(
        ["url": .string(Canonical.revision), "valueCodeableConcept": reason.json])
    }
    var resource: JSON = [
      "resourceType": .string(profile.resourceType), "meta": ["profile": JSON(profile.claims)],
    ]
    if !extensions.isEmpty { resource["extension"] = .array(extensions) }
    return resource
  }

  private func addReasons(_ part: TreatmentSummary.Part, to resource: inout JSON) {
    if !part.diagnoses.isEmpty { resource["reasonCode"] = .array(part.diagnoses.map(\.json)) }
    guard !part.sites.isEmpty else { return }
    resource["bodySite"] = .array(
      part.sites.map { site in
        var concept = site.location.json
        if let side = site.laterality {
          concept["extension"] = [
            ["url": .string(Canonical.laterality), "valueCodeableConcept": side.json]
          ]
        }
        return concept
      })
  }

  private func radiation(
    _ radiation: TreatmentSummary.Radiation, withEnergies: Bool
  ) -> JSON {
    var parts: [JSON] = [
      ["url": .string(Canonical.modality), "valueCodeableConcept": radiation.modality.json]
    ]
    parts += radiation.techniques.map {
      ["url": .string(Canonical.technique), "valueCodeableConcept": $0.json]
    }
    if withEnergies {
      parts += radiation.energies.map { energy in
        [
          "url": .string(Canonical.energy),
          "valueQuantity": [
            "value": Int(exactly: energy.value).map(JSON.integer) ?? .number(energy.value),
            "unit": .string(energy.unit), "system": .string(CodeSystem.ucum),
            "code": .string(energy.unit),
          ],
        ]
      }
    }
    return ["url": .string(Canonical.modalityAndTechnique), "extension": .array(parts)]
  }

  private func dose(_ dose: TreatmentSummary.Dose, _ profile: Profile) -> JSON {
    let isDelivery = profile.kind == .delivery
    let volume = summary.volumes[dose.volume]
    var parts: [JSON] = [
      [
        "url": "volume",
        "valueReference": [
          "reference": .string(volume.reference), "display": .string(volume.name),
        ],
      ]
    ]
    if profile.level != .course, !isDelivery, let each = dose.perFraction {
      parts.append(["url": "fractionDose", "valueQuantity": Self.quantity(each)])
    }
    if let total = dose.total {
      parts.append([
        "url": isDelivery ? "totalDoseDelivered" : "totalDose",
        "valueQuantity": Self.quantity(total),
      ])
    }
    if profile.level == .course, let fractions = dose.fractions {
      parts.append(
        isDelivery
          ? ["url": "fractionsDelivered", "valueUnsignedInt": .integer(fractions)]
          : ["url": "fractions", "valuePositiveInt": .integer(fractions)])
    }
    if profile == .courseSummary {
      parts.append(
        ["url": .string(Canonical.uniform), "valueBoolean": .bool(dose.isUniform ?? false)])
    }
    if profile.kind != .prescription {
      if let isPrimary = dose.isPrimary {
        parts.append(["url": .string(Canonical.primaryDose), "valueBoolean": .bool(isPrimary)])
      }
      if let isPoint = dose.isPoint {
        parts.append(["url": .string(Canonical.pointDose), "valueBoolean": .bool(isPoint)])
      }
    }
    return ["url": .string(profile.doseExtension ?? ""), "extension": .array(parts)]
  }

  private func instance(_ instance: TreatmentSummary.DICOMInstance) -> JSON {
    var parts: [JSON] = [["url": "instanceUid", "valueId": .string(instance.uid)]]
    if let sopClass = instance.sopClass {
      parts.append([
        "url": "sopClass",
        "valueCoding": [
          "system": .string(CodeSystem.uri), "code": .string("urn:oid:\(sopClass)"),
        ],
      ])
    }
    return ["url": .string(Canonical.dicomReference), "extension": .array(parts)]
  }

  private func identifiers(system: String, name: String, uid: String) -> JSON {
    [
      ["use": "usual", "system": .string(system), "value": .string(name)],
      [
        "use": "official", "system": .string(CodeSystem.dicomUID),
        "value": .string("urn:oid:\(uid)"),
      ],
    ]
  }

  private func reference(_ text: String) -> JSON { ["reference": .string(text)] }

  static func quantity(_ dose: CentiGray) -> JSON {
    [
      "value": dose.number, "unit": "cGy", "system": .string(CodeSystem.ucum), "code": "cGy",
    ]
  }

  /// An entry that updates the resource with an official UID, or makes it.
  static func update(_ fullURL: String, _ resource: JSON, uid: String) -> JSON {
    let type = resource["resourceType"]?.stringValue ?? ""
    return [
      "fullUrl": .string(fullURL), "resource": resource,
      "request": [
        "method": "PUT",
        "url": .string(
          "\(type)?"
            + FHIRQuery.identifier(system: CodeSystem.dicomUID, value: "urn:oid:\(uid)")),
      ],
    ]
  }
}

package import JSON

/// A summary as a transaction Bundle: conditional updates, so that a second run finds the same
/// resources.
package struct BundleWriting {
  let summary: TreatmentSummary
  let systems: SummaryDetails.Systems

  package init(_ summary: TreatmentSummary, systems: SummaryDetails.Systems) {
    self.summary = summary
    self.systems = systems
  }

  /// - Parameter links: what the Course Summary refers to beside the course's own resources.
  package func bundle(with links: DoseMapLinks? = nil) -> JSON {
    let course = summary.course
    var entries: [JSON] = [patient] + devices + summary.volumes.map(volume)
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
          treated, .courseSummary, course, basedOn: [course.planned, course.prescribed],
          partOf: []))
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
    let bundle: JSON = [
      "resourceType": "Bundle", "type": "transaction", "entry": .array(entries),
    ]
    return links?.added(to: bundle, of: summary) ?? bundle
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
    name["prefix"] = patient.prefix.map { [.string($0)] }
    name["suffix"] = patient.suffix.map { [.string($0)] }
    var identifier: JSON = [
      "use": "usual",
      "type": ["coding": [["system": .string(CodeSystem.identifierType), "code": "MR"]]],
      "system": .string(system), "value": .string(id),
    ]
    identifier["assigner"] = patient.issuer.map { ["display": .string($0)] }
    var resource: JSON = [
      "resourceType": "Patient", "meta": ["profile": [.string(Canonical.cancerPatient)]],
      "identifier": [identifier], "name": [name],
    ]
    if !patient.telephones.isEmpty {
      resource["telecom"] = .array(
        patient.telephones.map { ["system": "phone", "value": .string($0)] })
    }
    resource["gender"] = .string(patient.gender ?? "unknown")
    resource["birthDate"] = patient.birthDate.map(JSON.string)
    resource["address"] = patient.address.map { [["text": .string($0)]] }
    return [
      "fullUrl": .string(patient.reference), "resource": resource,
      "request": [
        "method": "POST", "url": "Patient",
        "ifNoneExist": .string(FHIRQuery.identifier(system: system, value: id)),
      ],
    ]
  }

  /// The machines that have a resource, which is made where there is none, and never changed.
  private var devices: [JSON] {
    guard let system = systems.device else { return [] }
    let all = ([summary.course] + summary.phases + summary.plans).map(\.devices)
    return DeviceReading.merged(all).compactMap { device in
      guard let reference = device.reference, let manufacturer = device.manufacturer,
        let model = device.model
      else { return nil }
      let value = device.serial ?? device.name
      var resource: JSON = [
        "resourceType": "Device", "meta": ["profile": [.string(Canonical.treatmentDevice)]],
        "identifier": [["use": "usual", "system": .string(system), "value": .string(value)]],
        "manufacturer": .string(manufacturer),
      ]
      resource["serialNumber"] = device.serial.map(JSON.string)
      resource["deviceName"] = [
        ["name": .string(model), "type": "manufacturer-name"],
        ["name": .string(device.name), "type": "user-friendly-name"],
      ]
      return [
        "fullUrl": .string(reference), "resource": resource,
        "request": [
          "method": "POST", "url": "Device",
          "ifNoneExist": .string(FHIRQuery.identifier(system: system, value: value)),
        ],
      ]
    }
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

  func identifiers(system: String, name: String, uid: String) -> JSON {
    [
      ["use": "usual", "system": .string(system), "value": .string(name)],
      [
        "use": "official", "system": .string(CodeSystem.dicomUID),
        "value": .string("urn:oid:\(uid)"),
      ],
    ]
  }

  func reference(_ text: String) -> JSON { ["reference": .string(text)] }

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

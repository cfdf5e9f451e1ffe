import JSON

/// What orders and deliveries say in extensions: radiation, doses, fractions, guidance.
extension BundleWriting {
  /// What begins an order or a delivery: type, profile and extensions.
  func head(
    _ profile: Profile, _ part: TreatmentSummary.Part, doses: [TreatmentSummary.Dose],
    fractions: Int?, sessions: Int? = nil, records: [TreatmentSummary.DICOMInstance] = []
  ) -> JSON {
    var extensions: [JSON] = []
    let isCourse = profile.level == .course
    if isCourse, let intent = part.intent {
      extensions.append(Self.concept(Canonical.intent, intent))
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
      extensions.append(Self.concept(Canonical.revision, reason))
    }
    // What was done so that the beam met its target nobody has prescribed.
    if profile.kind != .prescription { extensions += guidance(part.guidance) }
    var resource: JSON = [
      "resourceType": .string(profile.resourceType), "meta": ["profile": JSON(profile.claims)],
    ]
    if !extensions.isEmpty { resource["extension"] = .array(extensions) }
    return resource
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
            "value": Self.number(energy.value),
            "unit": .string(energy.unit), "system": .string(CodeSystem.ucum),
            "code": .string(energy.unit),
          ],
        ]
      }
    }
    if withEnergies { parts += radiation.isotopes.map { Self.concept(Canonical.energy, $0) } }
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
    parts += dose.metrics.map { metric in
      [
        "url": .string(Canonical.metric),
        "valueQuantity": ["value": Self.number(metric.value), "unit": .string(metric.unit)],
      ]
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

  private func guidance(_ guidance: TreatmentSummary.Guidance) -> [JSON] {
    var extensions = guidance.motion.map { Self.concept(Canonical.motion, $0) }
    extensions += guidance.freeBreathing.map { Self.concept(Canonical.freeBreathing, $0) }
    extensions += guidance.imaging.map { imaging in
      let parts =
        [Self.concept("modality", imaging.modality)]
        + (imaging.energy.map { [Self.concept("energy", $0)] } ?? [])
      return ["url": .string(Canonical.imageGuidance), "extension": .array(parts)]
    }
    extensions += guidance.verification.map { check in
      let parts =
        [Self.concept("procedure", check.procedure)]
        + (check.qualifier.map { [Self.concept("qualifier", $0)] } ?? [])
      return ["url": .string(Canonical.intrafraction), "extension": .array(parts)]
    }
    return extensions
  }

  static func concept(_ url: String, _ concept: Concept) -> JSON {
    ["url": .string(url), "valueCodeableConcept": concept.json]
  }

  /// Whole where it is.
  private static func number(_ value: Double) -> JSON {
    Int(exactly: value).map(JSON.integer) ?? .number(value)
  }
}

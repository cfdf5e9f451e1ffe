import DICOM
import JSON
import Radiotherapy

extension JSONReader {
  /// A text with something in it.
  func text() throws(JSONShapeError) -> String {
    let text = try string()
    guard text.contains(where: { !$0.isWhitespace }), text.first?.isWhitespace == false,
      text.last?.isWhitespace == false
    else {
      throw .unexpected(
        path: path, expected: "a text without blanks around it", found: value.serialized())
    }
    return text
  }

  /// An identifier system: an absolute URI.
  func uri() throws(JSONShapeError) -> String {
    let text = try text()
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
      !text.contains(where: { $0.isWhitespace || $0 == "|" }), text[colon...].count > 1
    else {
      throw .unexpected(
        path: path, expected: "a URI such as https://hospital.example/ids/course",
        found: value.serialized())
    }
    return text
  }

  func word(of table: [String: Coding]) throws(JSONShapeError) -> Coding {
    let word = try string(oneOf: table.keys.sorted())
    guard let coding = table[word] else { throw .missing(path: path) }
    return coding
  }

  func techniques() throws(JSONShapeError) -> [Coding] {
    if value.stringValue != nil { return [try word(of: Terminology.techniques)] }
    var codings: [Coding] = []
    for item in try array() { codings.append(try item.word(of: Terminology.techniques)) }
    return codings
  }

  /// A word of a table, or `{system, code, display, text}`.
  func concept(_ table: [String: Coding]) throws(JSONShapeError) -> Concept {
    if value.stringValue != nil, !table.isEmpty { return Concept(try word(of: table)) }
    try allowOnly(["system", "code", "display", "text"])
    return try codedConcept()
  }

  func codedConcept() throws(JSONShapeError) -> Concept {
    let text = try optional("text")?.text()
    guard let code = try optional("code")?.text() else {
      guard let text else { throw .missing(path: path + ".code") }
      return Concept([], text: text)
    }
    let coding = Coding(
      code, try optional("display")?.text(),
      system: try optional("system")?.uri() ?? CodeSystem.snomed)
    return Concept([coding], text: text)
  }

  func day() throws(JSONShapeError) -> String {
    let text = try string()
    guard FHIRTime.isDateTime(text) else {
      throw .unexpected(
        path: path, expected: "a date as YYYY-MM-DD, or with time and offset",
        found: value.serialized())
    }
    return text
  }

  func prescription() throws(JSONShapeError) -> SummaryDetails.Prescription {
    try allowOnly(["authoredOn", "requester", "fractions", "dosesGy"])
    var prescription = SummaryDetails.Prescription()
    prescription.authoredOn = try optional("authoredOn")?.day()
    prescription.requester = try optional("requester")?.text()
    prescription.fractions = try optional("fractions")?.integer(in: 1...999)
    for (name, dose) in try optional("dosesGy")?.named() ?? [] {
      prescription.doses[name] = try dose.double(in: 0.01...1000)
    }
    return prescription
  }

  func phase() throws(JSONShapeError) -> SummaryDetails.Phase {
    try allowOnly(["id", "name", "plans", "sum", "prescription", "scheduled"])
    let id = try required("id").text()
    var plans: [String] = []
    for item in try required("plans").array() { plans.append(try item.text()) }
    guard !plans.isEmpty else { throw .missing(path: path + ".plans[0]") }
    let sum = try optional("sum")?.string(oneOf: ["sequential", "concurrent"])
    if plans.count > 1, sum == nil { throw .missing(path: path + ".sum") }
    return SummaryDetails.Phase(
      id: id, name: try optional("name")?.text() ?? id, plans: plans,
      isConcurrent: sum == "concurrent",
      prescription: try optional("prescription")?.prescription(),
      scheduled: try optional("scheduled")?.period())
  }

  func volume() throws(JSONShapeError) -> SummaryDetails.Volume {
    try allowOnly([
      "uid", "morphology", "location", "qualifiers", "description", "plannedGy", "primary",
      "metrics",
    ])
    var volume = SummaryDetails.Volume()
    if let item = try optional("uid") {
      let uid = try item.string()
      guard DICOMUID.isValid(uid) else {
        throw .unexpected(path: item.path, expected: "a DICOM UID", found: item.value.serialized())
      }
      volume.uid = uid
    }
    volume.morphology = try optional("morphology")?.word(of: Terminology.morphologies)
    volume.location = try optional("location")?.concept([:])
    for item in try optional("qualifiers")?.array() ?? [] {
      volume.qualifiers.append(try item.concept(Terminology.qualifiers))
    }
    volume.description = try optional("description")?.text()
    volume.plannedGy = try optional("plannedGy")?.double(in: 0.01...1000)
    volume.isPrimary = try optional("primary")?.bool()
    for (unit, item) in try optional("metrics")?.named() ?? [] {
      guard unit.hasPrefix("BED") || unit.hasPrefix("EQD2") else {
        throw .unexpected(
          path: item.path, expected: "a metric such as BED or EQD2Gy(a/b = 10)", found: unit)
      }
      volume.metrics.append(TreatmentSummary.Metric(unit, try item.double(in: 0.01...1000)))
    }
    return volume
  }

  func period() throws(JSONShapeError) -> TreatmentSummary.Period {
    try allowOnly(["start", "end"])
    let start = try required("start").day()
    let end = try optional("end")
    let until = try end?.day()
    if let end, let until, FHIRTime.isBefore(until, start) {
      throw .unexpected(path: end.path, expected: "a day after \(start)", found: until)
    }
    return TreatmentSummary.Period(start: start, end: until)
  }

  /// A reference to a resource that the server has: `Condition/4711`.
  func reference(to type: String) throws(JSONShapeError) -> String {
    let text = try text()
    guard text.hasPrefix(type + "/"), text.utf8.count > type.utf8.count + 1,
      !text.contains(where: \.isWhitespace)
    else {
      throw .unexpected(
        path: path, expected: "a reference such as \(type)/4711", found: value.serialized())
    }
    return text
  }

  func site() throws(JSONShapeError) -> TreatmentSummary.Site {
    try allowOnly(["system", "code", "display", "text", "laterality", "qualifiers"])
    let side = try optional("laterality")?.string(oneOf: Terminology.lateralities)
    var qualifiers: [Concept] = []
    for item in try optional("qualifiers")?.array() ?? [] {
      qualifiers.append(try item.concept(Terminology.qualifiers))
    }
    return TreatmentSummary.Site(
      location: try codedConcept(),
      laterality: side.flatMap { Terminology.qualifiers[$0] }.map(Concept.init),
      qualifiers: qualifiers)
  }

  func plan() throws(JSONShapeError) -> SummaryDetails.Plan {
    try allowOnly([
      "modality", "technique", "replaces", "reason", "fractions", "delivered", "isotope",
      "guidance", "plannedGy", "dosesFrom",
    ])
    var plan = SummaryDetails.Plan()
    plan.modality = try optional("modality")?.word(of: Terminology.modalities)
    plan.techniques = try optional("technique")?.techniques() ?? []
    plan.replaces = try optional("replaces")?.text()
    plan.reason = try optional("reason")?.concept(Terminology.revisions)
    plan.fractions = try optional("fractions")?.integer(in: 1...999)
    plan.delivered = try optional("delivered")?.delivered()
    for (name, dose) in try optional("plannedGy")?.named() ?? [] {
      plan.doses[name] = try dose.double(in: 0.01...1000)
    }
    plan.countsMetersets =
      try optional("dosesFrom")?.string(oneOf: ["records", "metersets"]) == "metersets"
    plan.isotope = try optional("isotope")?.word(of: Terminology.isotopes)
    plan.guidance = try optional("guidance")?.guidance()
    return plan
  }

  private func delivered() throws(JSONShapeError) -> SummaryDetails.Delivered {
    try allowOnly(["fractions", "first", "last"])
    func date(_ key: String) throws(JSONShapeError) -> CalendarDate {
      let item = try required(key)
      guard let date = CalendarDate(iso: try item.string()) else {
        throw .unexpected(
          path: item.path, expected: "a date as YYYY-MM-DD", found: item.value.serialized())
      }
      return date
    }
    let delivered = SummaryDetails.Delivered(
      fractions: try required("fractions").integer(in: 1...999), first: try date("first"),
      last: try date("last"))
    guard delivered.first <= delivered.last else {
      throw .unexpected(
        path: path + ".last", expected: "a day not before \(delivered.first.iso)",
        found: delivered.last.iso)
    }
    return delivered
  }

  /// `{motion, techniques, imaging, verification}`.
  func guidance() throws(JSONShapeError) -> TreatmentSummary.Guidance {
    try allowOnly(["motion", "techniques", "imaging", "verification"])
    var guidance = TreatmentSummary.Guidance()
    if let motion = try optional("motion") {
      guidance.motion = [Concept(try motion.word(of: Terminology.motions))]
    }
    if let techniques = try optional("techniques") {
      for item in try techniques.array() {
        guidance.freeBreathing.append(
          Concept(try item.word(of: Terminology.freeBreathingTechniques)))
      }
      guard value["motion"]?.stringValue == "free-breathing" else {
        throw .unexpected(
          path: techniques.path, expected: "techniques with motion 'free-breathing' only",
          found: value["motion"]?.serialized() ?? "no motion")
      }
    }
    for item in try optional("imaging")?.array() ?? [] {
      guidance.imaging.append(try item.imaging())
    }
    for item in try optional("verification")?.array() ?? [] {
      guidance.verification.append(try item.verification())
    }
    return guidance
  }

  /// A word, or `{modality, energy}`.
  private func imaging() throws(JSONShapeError) -> TreatmentSummary.Guidance.Imaging {
    if value.stringValue != nil {
      return .init(modality: Concept(try word(of: Terminology.imaging)))
    }
    try allowOnly(["modality", "energy"])
    let modality = try required("modality").word(of: Terminology.imaging)
    guard let energy = try optional("energy") else { return .init(modality: Concept(modality)) }
    guard Terminology.imagingWithEnergy.contains(modality.code) else {
      throw .unexpected(
        path: energy.path, expected: "an energy with X-ray, fluoroscopy or CT only",
        found: energy.value.serialized())
    }
    let unit = try energy.string(oneOf: ["kV", "MV"])
    return .init(
      modality: Concept(modality), energy: Concept(Coding(unit, unit, system: CodeSystem.ucum)))
  }

  /// A word, or `{procedure, qualifier}`.
  private func verification() throws(JSONShapeError) -> TreatmentSummary.Guidance.Verification {
    if value.stringValue != nil {
      return .init(procedure: Concept(try word(of: Terminology.verifications)))
    }
    try allowOnly(["procedure", "qualifier"])
    let procedure = try required("procedure").word(of: Terminology.verifications)
    guard let qualifier = try optional("qualifier") else {
      return .init(procedure: Concept(procedure))
    }
    guard procedure.code == Terminology.plainXRay else {
      throw .unexpected(
        path: qualifier.path, expected: "a qualifier with X-ray only",
        found: qualifier.value.serialized())
    }
    return .init(
      procedure: Concept(procedure), qualifier: Concept(try qualifier.word(of: Terminology.counts)))
  }
}

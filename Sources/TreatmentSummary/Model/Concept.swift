package import JSON

/// A code of a code system with its words: FHIR Coding.
package struct Coding: Hashable, Sendable {
  package let system: String
  package let code: String
  package let display: String?

  package init(_ code: String, _ display: String? = nil, system: String = CodeSystem.snomed) {
    self.system = system
    self.code = code
    self.display = display
  }

  package var json: JSON {
    var object: JSON = ["system": .string(system), "code": .string(code)]
    if let display { object["display"] = .string(display) }
    return object
  }
}

/// A meaning: codes for it, or words: FHIR CodeableConcept.
package struct Concept: Hashable, Sendable {
  package var codings: [Coding]
  package var text: String?

  package init(_ codings: [Coding], text: String? = nil) {
    self.codings = codings
    self.text = text
  }

  package init(_ coding: Coding) { self.init([coding]) }

  package var json: JSON {
    var object: JSON = .object([:])
    if !codings.isEmpty { object["coding"] = .array(codings.map(\.json)) }
    if let text { object["text"] = .string(text) }
    return object
  }

  /// What a person reads: the words, else the code.
  package var words: String {
    text ?? codings.lazy.compactMap(\.display).first ?? codings.first?.code ?? ""
  }

  /// The codes of a system.
  package func codes(of system: String = CodeSystem.snomed) -> [String] {
    codings.filter { $0.system == system }.map(\.code)
  }

  /// Reads what a server sent; `nil` where there is neither code nor text.
  package init?(_ json: JSON?) {
    guard let json else { return nil }
    codings = (json["coding"]?.arrayValue ?? []).compactMap { coding in
      guard let code = coding["code"]?.stringValue else { return nil }
      return Coding(
        code, coding["display"]?.stringValue, system: coding["system"]?.stringValue ?? "")
    }
    text = json["text"]?.stringValue
    if codings.isEmpty, text == nil { return nil }
  }
}

/// The code systems that treatment summaries use.
package enum CodeSystem {
  package static let snomed = "http://snomed.info/sct"
  package static let ucum = "http://unitsofmeasure.org"
  package static let icd10CM = "http://hl7.org/fhir/sid/icd-10-cm"
  package static let dicomUID = "urn:dicom:uid"
  package static let uri = "urn:ietf:rfc:3986"
  package static let dicom = "http://dicom.nema.org/resources/ontology/DCM"
  package static let nullFlavor = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
  package static let identifierType = "http://terminology.hl7.org/CodeSystem/v2-0203"
  package static let loinc = "http://loinc.org"
}

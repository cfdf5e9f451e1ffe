package import JSON

/// The rules that a treatment summary must keep: 46, of the profiles and of this house.
///
/// CodeX RT STU2 and mCODE STU4; the profiles' own definitions cannot be had as files, so the rules
/// are these.
package enum SummaryCheck {
  /// How many rules there are.
  package static let ruleCount = 46

  /// What the rules have to say against a Bundle, errors first.
  package static func findings(in document: JSON) -> [Finding] {
    guard document["resourceType"]?.stringValue == "Bundle" else {
      return [Finding(1, "document", "a Bundle expected")]
    }
    let index = ResourceIndex(document)
    var findings = BundleRules.findings(in: document)
    let isAnswer = BundleRules.isAnswer(document)
    for resource in index.all {
      let subject = CheckedResource(resource, in: index, isOfOthers: isAnswer)
      findings += ResourceRules.findings(in: subject)
      findings += ExtensionRules.findings(in: subject)
      findings += RadiationRules.findings(in: subject)
      findings += DoseRules.findings(in: subject)
    }
    findings += CourseRules.findings(in: index, isAnswer: isAnswer)
    return findings.filter { $0.severity == .error } + findings.filter { $0.severity == .warning }
  }

  /// In what the doses, fractions and statuses of what a server has contradict one another.
  package static func contradictions(in index: ResourceIndex) -> [Finding] {
    var findings: [Finding] = []
    for resource in index.all {
      let subject = CheckedResource(resource, in: index, isOfOthers: true)
      findings += DoseRules.findings(in: subject).filter { $0.rule == 28 }
    }
    findings += CourseRules.findings(in: index, isAnswer: true)
    return findings.filter { $0.severity == .error }
  }
}

/// A resource with its profile, as the rules see it.
struct CheckedResource {
  let json: JSON
  let profile: Profile?
  let place: String
  let index: ResourceIndex
  /// Whether a server has sent it.
  let isOfOthers: Bool

  init(
    _ resource: ResourceIndex.Resource, in index: ResourceIndex, isOfOthers: Bool = false
  ) {
    self.isOfOthers = isOfOthers
    json = resource.json
    profile = BundleReading.profile(of: resource.json)
    let name = BundleReading.name(of: resource.json)
    place = (profile?.title ?? resource.type) + (name.isEmpty ? "" : " '\(name)'")
    self.index = index
  }

  func found(_ rule: Int, _ severity: Finding.Severity, _ text: String) -> Finding {
    Finding(rule, severity, place, text)
  }

  func found(_ rule: Int, _ text: String) -> Finding { Finding(rule, .error, place, text) }

  /// The profile of what a reference means; `nil` where it is not here.
  func profile(of reference: JSON?) -> Profile? {
    index[reference?["reference"]?.stringValue].flatMap { BundleReading.profile(of: $0.json) }
  }

  /// Whether a reference is one, and may be to a patient.
  func isPatient(_ reference: JSON?) -> Bool {
    guard reference?.objectValue != nil else { return false }
    return type(of: reference).map { $0 == "Patient" } ?? true
  }

  /// The type of what a reference means, as far as it can be told.
  func type(of reference: JSON?) -> String? {
    guard let text = reference?["reference"]?.stringValue else {
      return reference?["type"]?.stringValue
    }
    if let resource = index[text] { return resource.type }
    let parts = text.split(separator: "/")
    guard !text.hasPrefix("urn:"), parts.count >= 2 else { return nil }
    return String(parts[parts.count - 2])
  }
}

extension JSON {
  /// The value as a list: an array's elements, or the one value.
  var list: [JSON] { arrayValue ?? [self] }

  /// Every value inside, with the key that it stands under.
  func walk(key: String = "", _ visit: (String, JSON) -> Void) {
    visit(key, self)
    switch self {
    case .array(let values): for value in values { value.walk(key: key, visit) }
    case .object(let object): for entry in object { entry.value.walk(key: entry.key, visit) }
    default: return
    }
  }
}

package import DICOM

/// Who an object says it is about.
///
/// PS3.3 C.7.1.1.
package struct PatientIdentity: Hashable, Sendable {
  package let id: String?
  package let issuer: String?
  /// The name as text, groups and components as DICOM separates them.
  package let name: String?
  package let birthDate: String?
  package let sex: String?

  package init(of dataSet: DataSet) {
    id = dataSet.string(.patientID)
    issuer = dataSet.string(.issuerOfPatientID)
    name = dataSet.string(.patientName)
    birthDate = dataSet.string(.patientBirthDate)
    sex = dataSet.string(.patientSex)
  }

  /// In what two objects disagree.
  ///
  /// What one of them does not say is no disagreement.
  package enum Difference: String, Sendable, CaseIterable {
    case id = "patient ID"
    case issuer = "issuer of the patient ID"
    case birthDate = "birth date"
    case name = "name"
    case spelling = "spelling of the name"
    case sex = "sex"

    /// Whether a second person may say that it is the same patient all the same.
    package var mayBeSamePatient: Bool { self == .spelling || self == .sex }
  }

  package func differences(from other: PatientIdentity) -> [Difference] {
    func differ(_ a: String?, _ b: String?) -> Bool {
      guard let a, let b else { return false }
      return a != b
    }
    var found: [Difference] = []
    if differ(id, other.id) { found.append(.id) }
    if differ(issuer, other.issuer) { found.append(.issuer) }
    if differ(birthDate, other.birthDate) { found.append(.birthDate) }
    if differ(sex, other.sex) { found.append(.sex) }
    if let name, let otherName = other.name, Self.trimmed(name) != Self.trimmed(otherName) {
      found.append(Self.letters(name) == Self.letters(otherName) ? .spelling : .name)
    }
    return found
  }

  /// Without what PS3.5 6.2.1 lets a writer leave out at the end.
  private static func trimmed(_ name: String) -> String {
    var name = name.trimmed
    while let last = name.last, "^= ".contains(last) { name.removeLast() }
    return name
  }

  /// What stays of a name when case, spaces and separators do not count.
  private static func letters(_ name: String) -> String {
    String(
      name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic }
        .map(Character.init))
  }
}

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
    id = dataSet.whole(.patientID)
    issuer = dataSet.whole(.issuerOfPatientID)
    name = dataSet.whole(.patientName)
    birthDate = dataSet.whole(.patientBirthDate)
    sex = dataSet.whole(.patientSex)
  }

  /// In what two objects disagree.
  ///
  /// What one of them does not say is no disagreement.
  package init(id: String?, name: String?, birthDate: String?, sex: String?) {
    self.id = id
    issuer = nil
    self.name = name
    self.birthDate = birthDate
    self.sex = sex
  }

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
      found.append(Self.areSpellings(name, otherName) ? .spelling : .name)
    }
    return found
  }

  /// Without what PS3.5 6.2.1 lets a writer leave out at the end.
  private static func trimmed(_ name: String) -> String {
    var name = name.trimmed
    while let last = name.last, "^= ".contains(last) { name.removeLast() }
    return name
  }

  /// Whether two names are one name spelled in two ways: at most one letter in five differs, or the
  /// parts stand in another order.
  private static func areSpellings(_ a: String, _ b: String) -> Bool {
    let (left, right) = (letters(a), letters(b))
    if parts(a) == parts(b) { return true }
    return 5 * editDistance(left, right) <= max(left.count, right.count)
  }

  /// The parts of a name without their order: family, given and further names.
  private static func parts(_ name: String) -> [String] {
    name.lowercased().split { "^= ".contains($0) }.map(String.init).sorted()
  }

  /// What stays of a name when case, spaces and separators do not count.
  private static func letters(_ name: String) -> [Unicode.Scalar] {
    name.lowercased().unicodeScalars.filter(\.properties.isAlphabetic)
  }

  /// How many letters must be put in, taken out or exchanged to make one name of the other.
  private static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(row[j] + 1, above + 1, corner + (x == y ? 0 : 1))
        corner = above
      }
    }
    return row[b.count]
  }
}

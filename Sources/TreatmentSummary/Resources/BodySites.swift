import Radiotherapy

/// The parts of the body that are told by a code: those that the profiles' value set names, as far
/// as they are known here.
enum BodySites {
  /// SNOMED CT by the code that DICOM wrote before it took SNOMED CT's own (PS3.16, SRT).
  private static let former: [String: String] = [
    "T-A0100": "12738006", "T-A6000": "113305005", "T-A010F": "372073000", "T-A2200": "83251001",
    "T-A2500": "78277001", "T-B1000": "56329008", "T-B2000": "45793000", "T-A8150": "27612005",
    "T-A8070": "56193007", "T-A8130": "80622005", "T-A8410": "56052001", "T-A8040": "18234004",
    "T-A800B": "244453006", "T-A2570": "5366008", "T-11100": "89546000", "T-D14AE": "363654007",
    "T-A7010": "2748008", "T-28000": "39607008", "T-62000": "10200004", "T-92000": "41216001",
    "T-04000": "76752008", "T-65000": "15776009", "T-59600": "34402009", "T-83000": "35039007",
    "T-55200": "31389004", "G-A101": "7771000", "G-A100": "24028007", "G-A102": "51440002",
  ]

  /// Those of the value set that have no former code.
  private static let others: Set<String> = [
    "83678007", "15926001", "49557009", "67923007", "35763008", "15328005", "3572006",
  ]

  private static let known = others.union(former.values)

  /// The SNOMED CT code that a recorded one means; `nil` where it is another scheme's.
  static func snomed(_ code: RecordedCode) -> String? {
    switch code.scheme.uppercased() {
    case "SCT": code.value
    case "SRT", "SNM3", "99SDM": former[code.value]
    default: nil
    }
  }

  /// A site of treatment, whatever code it has; the words alone where none is known.
  static func site(_ code: RecordedCode) -> TreatmentSummary.Site? {
    let location: Concept
    if let snomed = snomed(code) {
      location = Concept(Coding(snomed, code.meaning.isEmpty ? nil : code.meaning))
    } else if !code.meaning.isEmpty {
      location = Concept([], text: code.meaning)
    } else {
      return nil
    }
    let qualifiers = qualifiers(of: code)
    let sides = Terminology.lateralities.compactMap { Terminology.qualifiers[$0] }
    return TreatmentSummary.Site(
      location: location,
      laterality: qualifiers.first { sides.contains($0) }.map { Concept($0) },
      qualifiers: qualifiers.filter { !sides.contains($0) }.map { Concept($0) })
  }

  /// Where a region lies: the first code that is a part of the body.
  static func location(
    among codes: [RecordedCode]
  ) -> (location: Concept, qualifiers: [Concept])? {
    for code in codes {
      guard let snomed = snomed(code), known.contains(snomed) else { continue }
      return (
        Concept(Coding(snomed, code.meaning.isEmpty ? nil : code.meaning)),
        qualifiers(of: code).map { Concept($0) }
      )
    }
    return nil
  }

  /// Whether a code is one of those that the profiles' value set is known to have.
  static func isKnown(_ concept: Concept) -> Bool {
    concept.codes().contains(where: known.contains)
  }

  /// The first code of a region that means a part of the body which is not known here.
  static func unknown(among codes: [RecordedCode]) -> RecordedCode? {
    let types = Terminology.morphologies.values.map(\.code)
    return codes.first { code in
      guard !code.scheme.hasPrefix("99") else { return false }
      return snomed(code).map { !known.contains($0) && !types.contains($0) } ?? true
    }
  }

  private static func qualifiers(of code: RecordedCode) -> [Coding] {
    code.modifiers.compactMap { modifier in
      let snomed = snomed(modifier)
      return Terminology.qualifiers.values.first { $0.code == snomed }
    }
  }
}

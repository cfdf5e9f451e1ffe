/// How far a sum is known: where its parts end.
struct SumExtent: Sendable {
  /// Whether the lowest isodose may reach to where a part is not known.
  let isCut: Bool
  /// How much of that there is.
  let cutCubicCentimetres: Double
  /// The parts that are not known there.
  let cutBy: [String]
  /// The parts as they were found, before any was told to count as zero.
  let parts: [MapDose.Part]
  /// Whether a part ends, with a dose that counts, within another part's grid.
  let isUnknownAnywhere: Bool

  /// Names of the parts that count as zero beyond their grids by the rule.
  var negligible: [String] { parts.filter(\.isZeroBeyond).map(\.name) }
  /// Names of the others.
  var open: [String] { parts.filter { !$0.isZeroBeyond }.map(\.name) }
}

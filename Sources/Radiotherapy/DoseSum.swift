/// The doses that are added up for one map, and what that means for its label.
package enum DoseSum: String, Sendable {
  /// Plans of one target, one after the other: doses and fractions add up in the label.
  case sequential
  /// Plans of other targets or isocentres in the same sessions: nothing adds up in the label.
  case concurrent
  /// The beam doses, or the doses of the fraction groups, of one plan.
  case beams

  /// Whether several plans are added rather than the parts of one.
  package var isOfPlans: Bool { self != .beams }
}

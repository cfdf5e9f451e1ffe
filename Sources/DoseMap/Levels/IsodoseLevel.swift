/// An isodose as it is drawn and explained.
package struct IsodoseLevel: Hashable, Sendable {
  /// The dose in Gy.
  package var gray: Double
  package var color: RGBColor
  /// The names of the targets that are prescribed this dose; `nil` for a level that is no
  /// prescription, empty where the targets have no name worth showing.
  package var targets: [String]?
  /// The dose as a share of the highest prescription; `nil` where none is known.
  package var share: Double?

  package init(gray: Double, color: RGBColor, targets: [String]? = nil, share: Double? = nil) {
    self.gray = gray
    self.color = color
    self.targets = targets
    self.share = share
  }

  /// Whether a target is prescribed this dose: then the line is wide and nothing may cover it.
  package var isPrescription: Bool { targets != nil }
}

/// Why numbers make no dose, no isodose scheme or no map.
package enum DoseMapError: Error, Equatable {
  case sampleCount(expected: Int, found: Int)
  case scaling(Double)
  case noDose
  case factor(Double)
  case pixelCount(expected: Int, found: Int)
  case scale(Int)
  /// The picture would have more pixels than a map may have.
  case tooLarge(rows: Int, columns: Int)
  case level(Double)
  case levelText(String)
  case levelCount(Int)
  case sameLevel(Double)
  case noPrescription
  /// A colour wash of so many per cent.
  case wash(Int)
}

extension DoseMapError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .sampleCount(let expected, let found):
      "the dose has \(found) samples where its grid has \(expected) points"
    case .scaling(let value): "a dose scaling of \(value); a finite number above 0 expected"
    case .noDose: "no dose to draw"
    case .factor(let value): "a dose factor of \(value); a finite number above 0 expected"
    case .pixelCount(let expected, let found):
      "the slice has \(found) pixels where its plane has \(expected)"
    case .scale(let factor): "a scale of \(factor); a whole number from 1 to 64 expected"
    case .tooLarge(let rows, let columns):
      "a map of \(rows) rows and \(columns) columns is too large; choose a smaller --scale"
    case .level(let value): "an isodose level of \(value) Gy; a finite number above 0 expected"
    case .levelText(let text):
      "'\(text)' is no isodose level; write a dose or a percentage, as in 18,12,8 or 100%,50%"
    case .levelCount(let count): "\(count) isodose levels; 1 to 6 can be told apart"
    case .sameLevel(let value): "the isodose level \(DoseText.gray(value)) Gy is asked for twice"
    case .noPrescription:
      "no prescription is known: give the isodose levels in Gy (--levels) or --prescription"
    case .wash(let percent): "a colour wash of \(percent) %; 0 to 50 % leave the scan visible"
    }
  }
}

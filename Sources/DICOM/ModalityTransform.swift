/// From stored values to what they measure: HU for CT, counts for others.
///
/// PS3.3 C.11.1. Either a line (Rescale Slope and Intercept) or a table.
package struct ModalityTransform: Sendable {
  private enum Kind: Sendable {
    case line(slope: Double, intercept: Double)
    case table(LookupTable)
  }

  private let kind: Kind

  /// Reads the transform of an image, or of one frame's groups; none given means none needed.
  package init(of dataSet: DataSet) throws(AttributeError) {
    let isSigned = try dataSet.integer(.pixelRepresentation) == 1
    if let item = dataSet.items(.modalityLUTSequence).first {
      kind = .table(try LookupTable(of: item, isInputSigned: isSigned))
      return
    }
    let slope = try dataSet.number(.rescaleSlope) ?? 1
    let intercept = try dataSet.number(.rescaleIntercept) ?? 0
    guard slope.isFinite, slope != 0 else { throw .unreadable(.rescaleSlope, value: "\(slope)") }
    kind = .line(slope: slope, intercept: intercept)
  }

  package func apply(_ stored: Int32) -> Double { apply(Double(stored)) }

  func apply(_ stored: Double) -> Double {
    switch kind {
    case .line(let slope, let intercept): stored * slope + intercept
    case .table(let table): Double(table.value(of: stored))
    }
  }
}

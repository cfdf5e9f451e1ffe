/// From stored values to what a screen shows, 0 black to 255 white.
///
/// PS3.3 C.11 and C.7.6.3.1.2: modality transform, window or VOI table, and MONOCHROME1 turned
/// round at the end. A share of white becomes a byte by rounding to the nearest.
package struct GrayscaleTransform: Sendable {
  private enum Method: Sendable {
    /// What each value that can be stored shows, the lowest first: 65536 at the most.
    case table([UInt8], lowest: Int32)
    /// Too many values for a table: each is worked out.
    case formula(DisplayFormula)
  }

  private let method: Method

  /// The windows of an image or of one frame's groups: alternatives, the first is the default.
  package static func windows(of dataSet: DataSet) throws(AttributeError) -> [DisplayWindow] {
    let centers = try dataSet.numbers(.windowCenter)
    let widths = try dataSet.numbers(.windowWidth)
    guard centers.count == widths.count else {
      throw .count(.windowWidth, expected: centers.count, found: widths.count)
    }
    let name = dataSet.string(.voilutFunction)?.uppercased()
    let function = name.flatMap(DisplayWindow.Function.init(rawValue:)) ?? .linear
    let explanations = dataSet.strings(.windowCenterWidthExplanation)
    var windows: [DisplayWindow] = []
    for (index, (center, width)) in zip(centers, widths).enumerated() {
      guard function == .linear ? width >= 1 : width > 0 else {
        throw .unreadable(.windowWidth, value: "\(width)")
      }
      windows.append(
        DisplayWindow(
          center: center, width: width, function: function,
          explanation: index < explanations.count ? explanations[index] : nil))
    }
    return windows
  }

  /// Prepares the transform of an image.
  ///
  /// - Parameters:
  ///   - dataSet: the image's attributes, or those of one frame's groups.
  ///   - window: what to show; `nil` takes the image's VOI table, or else the whole range.
  package init(
    description: PixelDescription, dataSet: DataSet, window: DisplayWindow?
  ) throws(PixelError) {
    let isInverted = description.photometricInterpretation == "MONOCHROME1"
    guard isInverted || description.photometricInterpretation == "MONOCHROME2" else {
      throw .format(
        "\(Tag.photometricInterpretation) is '\(description.photometricInterpretation)'; a scan is MONOCHROME1 or MONOCHROME2"
      )
    }
    let bits = description.bitsStored
    let lowest: Double = description.isSigned ? -Double(1 << (bits - 1)) : 0
    let highest = lowest + Double(1 << bits) - 1
    let formula: DisplayFormula
    do {
      let modality = try ModalityTransform(of: dataSet)
      let ends = [modality.apply(lowest), modality.apply(highest)]
      let low = min(ends[0], ends[1])
      let interest: DisplayFormula.Interest
      if let window {
        interest = .window(window)
      } else if let item = dataSet.items(.voilutSequence).first {
        // The table's input is what the modality transform gives: PS3.3 C.11.2.1.1.
        interest = .table(try LookupTable(of: item, isInputSigned: low < 0))
      } else {
        interest = .range(low: low, width: max(abs(ends[1] - ends[0]), 1))
      }
      formula = DisplayFormula(
        modality: modality, interest: interest,
        padding: try Self.padding(of: dataSet, description: description), isInverted: isInverted)
    } catch { throw .attribute(error) }
    guard bits <= 16 else {
      method = .formula(formula)
      return
    }
    method = .table(
      (0..<1 << bits).map { formula.byte(of: Int32(lowest) + Int32($0)) }, lowest: Int32(lowest))
  }

  /// The stored values that fill up what lies outside the image.
  ///
  /// Pixel Padding Value (0028,0120), and Pixel Padding Range Limit (0028,0121) on either side.
  private static func padding(
    of dataSet: DataSet, description: PixelDescription
  ) throws(AttributeError) -> ClosedRange<Int>? {
    guard let value = try number(of: dataSet, .pixelPaddingValue, description) else { return nil }
    let limit = try number(of: dataSet, .pixelPaddingRangeLimit, description) ?? value
    return min(value, limit)...max(value, limit)
  }

  /// A stored value of two bytes, or of four in wider images.
  ///
  /// Files with the wrong one of US and SS are common; Pixel Representation decides.
  private static func number(
    of dataSet: DataSet, _ tag: Tag, _ description: PixelDescription
  ) throws(AttributeError) -> Int? {
    guard let value = try dataSet.integer(tag) else { return nil }
    guard description.bitsAllocated <= 16 else { return value }
    return description.isSigned
      ? Int(Int16(truncatingIfNeeded: value)) : Int(UInt16(truncatingIfNeeded: value))
  }

  /// The display values of stored ones, in the same order.
  package func display(_ stored: [Int32]) -> [UInt8] {
    switch method {
    case .formula(let formula): return stored.map(formula.byte)
    case .table(let table, let lowest):
      let last = table.count - 1
      return table.withUnsafeBufferPointer { table in
        [UInt8](unsafeUninitializedCapacity: stored.count) { output, filled in
          for index in 0..<stored.count {
            // What does not fit the stored bits is an end of the range, never another value.
            output[index] = table[min(max(Int(stored[index]) - Int(lowest), 0), last)]
          }
          filled = stored.count
        }
      }
    }
  }
}

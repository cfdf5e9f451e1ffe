#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

enum Exponential {
  static func of(_ x: Double) -> Double { exp(x) }
}

/// From stored values to what a screen shows, 0 black to 255 white.
///
/// PS3.3 C.11 and C.7.6.3.1.2: modality transform, window or VOI table, and MONOCHROME1 turned
/// round at the end. A share of white becomes a byte by rounding to the nearest.
package struct GrayscaleTransform: Sendable {
  private let table: [UInt8]
  /// The stored value of the table's first entry.
  private let lowest: Int32

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
    // One entry for each value that can be stored: 65536 at the most.
    let bits = min(description.bitsStored, 16)
    guard description.bitsStored <= 16 else {
      throw .format("images of \(description.bitsStored) stored bits are not shown")
    }
    let count = 1 << bits
    lowest = description.isSigned ? -(Int32(1) << Int32(bits - 1)) : 0
    let isInverted = description.photometricInterpretation == "MONOCHROME1"
    guard isInverted || description.photometricInterpretation == "MONOCHROME2" else {
      throw .format(
        "\(Tag.photometricInterpretation) is '\(description.photometricInterpretation)'; a scan is MONOCHROME1 or MONOCHROME2"
      )
    }
    do {
      let modality = try ModalityTransform(of: dataSet)
      var share: (Double) -> Double
      if let window {
        share = window.share
      } else if let item = dataSet.items(.voilutSequence).first {
        // The table's input is what the modality transform gives: PS3.3 C.11.2.1.1.
        let lowestInput = min(modality.apply(lowest), modality.apply(lowest + Int32(count - 1)))
        let voi = try LookupTable(of: item, isInputSigned: lowestInput < 0)
        share = { Double(voi.value(of: $0)) / voi.maximum }
      } else {
        let ends = [modality.apply(lowest), modality.apply(lowest + Int32(count - 1))]
        let low = min(ends[0], ends[1])
        let range = max(abs(ends[1] - ends[0]), 1)
        share = { ($0 - low) / range }
      }
      let lowest = lowest
      let padding = try Self.padding(of: dataSet, isSigned: description.isSigned)
      table = (0..<count).map { index in
        // Padding is no part of the image and shows as background: PS3.3 C.7.5.1.1.2.
        if let padding, padding.contains(Int(lowest) + index) { return 0 }
        let value = share(modality.apply(lowest + Int32(index)))
        // What overflows on its way is shown as black.
        let byte = value.isNaN ? 0 : UInt8((min(max(value, 0), 1) * 255).rounded())
        return isInverted ? 255 - byte : byte
      }
    } catch { throw .attribute(error) }
  }

  /// The stored values that fill up what lies outside the image.
  ///
  /// Pixel Padding Value (0028,0120), and Pixel Padding Range Limit (0028,0121) on either side.
  private static func padding(
    of dataSet: DataSet, isSigned: Bool
  ) throws(AttributeError) -> ClosedRange<Int>? {
    guard let value = try word(of: dataSet, .pixelPaddingValue, isSigned) else { return nil }
    let limit = try Self.word(of: dataSet, .pixelPaddingRangeLimit, isSigned) ?? value
    return min(value, limit)...max(value, limit)
  }

  /// A number of two bytes; files with the wrong one of US and SS are common, Pixel Representation
  /// decides.
  private static func word(
    of dataSet: DataSet, _ tag: Tag, _ isSigned: Bool
  ) throws(AttributeError) -> Int? {
    guard let value = try dataSet.integer(tag) else { return nil }
    return isSigned ? Int(Int16(truncatingIfNeeded: value)) : Int(UInt16(truncatingIfNeeded: value))
  }

  /// The display values of stored ones, in the same order.
  package func display(_ stored: [Int32]) -> [UInt8] {
    let lowest = lowest
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

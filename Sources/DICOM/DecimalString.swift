/// Decimal strings (VR DS): at most 16 characters.
///
/// PS3.5 6.2.
package enum DecimalString {
  private static let maximumCount = 16

  /// The text of a value: the shortest that reads back as it, or else the nearest that fits.
  ///
  /// Nearest among fixed point, with a digit before the point, and one digit before the point and an
  /// exponent. `nil` for what is not finite.
  package static func text(of value: Double) -> String? {
    guard value.isFinite else { return nil }
    guard value != 0 else { return "0" }
    let (digits, exponent) = shortest(abs(value))
    let sign = value < 0 ? "-" : ""
    for count in stride(from: digits.count, through: 1, by: -1) {
      let rounded = rounding(digits, exponent, to: count, value: abs(value))
      let fixed = sign + fixedPoint(rounded.digits, rounded.exponent)
      let scientific = sign + scientific(rounded.digits, rounded.exponent)
      if fixed.utf8.count <= maximumCount { return fixed }
      if scientific.utf8.count <= maximumCount { return scientific }
    }
    return nil
  }

  /// The digits that the value is told by, and the power of ten of the first one.
  private static func shortest(_ value: Double) -> (digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var exponent = 0
    var beforePoint = 0
    var isBehindPoint = false
    let text = Array("\(value)".utf8)
    for (index, byte) in text.enumerated() {
      if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
        break
      }
      if byte == UInt8(ascii: ".") {
        isBehindPoint = true
      } else {
        digits.append(byte - 0x30)
        if !isBehindPoint { beforePoint += 1 }
      }
    }
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    while digits.last == 0 { digits.removeLast() }
    return (digits, exponent + beforePoint - leading - 1)
  }

  private static func rounding(
    _ digits: [UInt8], _ exponent: Int, to count: Int, value: Double
  ) -> (digits: [UInt8], exponent: Int) {
    let kept = Array(digits.prefix(count))
    guard count < digits.count else { return (kept, exponent) }
    let up = incremented(kept, exponent)
    let rest = digits[count...]
    let isTie = rest.first == 5 && rest.count == 1
    var goesUp = (rest.first ?? 0) >= 5
    if let low = Double(scientific(kept, exponent)),
      let high = Double(scientific(up.digits, up.exponent))
    {
      // The digits are not the value itself: what lies nearer to that decides.
      if isTie { goesUp = high - value < value - low }
      // The largest numbers round up to none.
      if !high.isFinite { goesUp = false }
    }
    if goesUp { return up }
    var low = kept
    while low.last == 0 { low.removeLast() }
    return (low, exponent)
  }

  private static func incremented(
    _ digits: [UInt8], _ exponent: Int
  ) -> (digits: [UInt8], exponent: Int) {
    var digits = digits
    while let last = digits.popLast() {
      if last < 9 { return (digits + [last + 1], exponent) }
    }
    return ([1], exponent + 1)
  }

  private static func fixedPoint(_ digits: [UInt8], _ exponent: Int) -> String {
    // Beyond 16 characters nobody looks at the text.
    guard abs(exponent) <= maximumCount else {
      return String(repeating: "0", count: maximumCount + 1)
    }
    func text(_ digits: some Sequence<UInt8>) -> String {
      String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    }
    if exponent < 0 {
      return "0." + String(repeating: "0", count: -exponent - 1) + text(digits)
    }
    if digits.count <= exponent + 1 {
      return text(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return text(digits[...exponent]) + "." + text(digits[(exponent + 1)...])
  }

  private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
    let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    let point = digits.count > 1 ? "." : ""
    return "\(text.prefix(1))\(point)\(text.dropFirst())e\(exponent)"
  }
}

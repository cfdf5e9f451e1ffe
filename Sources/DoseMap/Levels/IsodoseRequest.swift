/// An isodose level as somebody asked for it: a dose, or a share of the prescription.
package enum IsodoseRequest: Hashable, Sendable {
  case gray(Double)
  /// A share of the highest prescription: 0.5 is 50 %.
  case share(Double)

  /// Reads `18`, `18 Gy`, `18Gy` or `50%`, `50 %`.
  package init(parsing text: String) throws(DoseMapError) {
    var rest = Substring(text.filter { $0 != " " })
    var isShare = false
    if rest.hasSuffix("%") {
      rest.removeLast()
      isShare = true
    } else if rest.lowercased().hasSuffix("gy") {
      rest.removeLast(2)
    }
    // Only plain decimals: "inf", "nan", "0x10" and "1e3" are numbers to Swift but not to a chart.
    guard rest.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), let value = Double(rest),
      value.isFinite, value > 0
    else { throw .levelText(text) }
    self = isShare ? .share(value / 100) : .gray(value)
  }

  /// Reads levels with commas between them: `18,12,8` or `100%,80%,50%`.
  package static func list(parsing text: String) throws(DoseMapError) -> [IsodoseRequest] {
    var list: [IsodoseRequest] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      list.append(try IsodoseRequest(parsing: String(part)))
    }
    return list
  }
}

/// What a progress bar shows at a moment.
package struct ProgressLine: Sendable {
  let label: String
  let unit: ProgressBar.Unit
  let done: Int
  let total: Int?
  let perSecond: Double?

  package init(
    label: String, unit: ProgressBar.Unit, done: Int, total: Int?, perSecond: Double?
  ) {
    self.label = label
    self.unit = unit
    self.done = done
    self.total = total
    self.perSecond = perSecond
  }

  /// `Sending  [#########-----------]  90 of 200 slices  45/s  0:02 left`, in at most so many
  /// columns: first the bar goes, then the end of the line.
  package func text(width: Int) -> String {
    var parts = [amount]
    if let perSecond { parts.append(rate(perSecond)) }
    if let total, let perSecond, perSecond > 0, done < total {
      parts.append(Self.duration(Double(total - done) / perSecond) + " left")
    }
    let facts = parts.joined(separator: "  ")
    let room = width - label.displayWidth - facts.displayWidth - 6
    guard let total, total > 0, room >= 8 else {
      return "\(label)  \(facts)".truncated(width: width)
    }
    let cells = min(24, room)
    let full = Int(Double(cells) * min(1, max(0, Double(done) / Double(total))))
    let bar = String(repeating: "#", count: full) + String(repeating: "-", count: cells - full)
    return "\(label)  [\(bar)]  \(facts)"
  }

  private var amount: String {
    switch unit {
    case .items(let name): total.map { "\(done) of \($0) \(name)" } ?? "\(done) \(name)"
    case .bytes:
      total.map { "\(Self.bytes(Double(done))) of \(Self.bytes(Double($0)))" }
        ?? Self.bytes(Double(done))
    }
  }

  private func rate(_ perSecond: Double) -> String {
    switch unit {
    case .items: "\(Self.threeDigits(perSecond))/s"
    case .bytes: "\(Self.bytes(perSecond))/s"
    }
  }

  /// In powers of 1000, as transfer rates are.
  package static func bytes(_ count: Double) -> String {
    var value = count
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 999.5 { return "\(threeDigits(value, whole: unit == "B")) \(unit)" }
      value /= 1000
    }
    return "\(threeDigits(value)) TB"
  }

  /// `0:07`, `12:05`, `1:02:03`; more than a day is no estimate.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 86400 else { return "more than a day" }
    let whole = Int(seconds.rounded(.up))
    let (hours, minutes) = ((whole / 3600), whole / 60 % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  private static func threeDigits(_ value: Double, whole: Bool = false) -> String {
    guard value < 99.95, !whole else { return "\(Int(min(value, 1e15).rounded()))" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

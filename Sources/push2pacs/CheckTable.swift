import Quality

/// Checks as a table: verdict, id, and what was seen, wrapped to the width; in a narrow window below
/// one another.
enum CheckTable {
  static func lines(_ checks: [Check], width: Int) -> [String] {
    let idWidth = checks.map { $0.id.rawValue.count }.max() ?? 0
    let isNarrow = width < 10 + idWidth + 2 + 24
    let start = isNarrow ? 2 : 10 + idWidth + 2
    var lines: [String] = []
    for check in checks {
      let head =
        word(check).padded(to: 10) + check.id.rawValue.padded(to: isNarrow ? 0 : idWidth) + "  "
      if isNarrow { lines.append(String(head.dropLast(2))) }
      let text = wrapped(check.detail, width: max(20, width - start))
      for (index, part) in text.enumerated() {
        lines.append((index == 0 && !isNarrow ? head : String(repeating: " ", count: start)) + part)
      }
    }
    return lines
  }

  static func word(_ check: Check) -> String {
    switch check.status {
    case .pass: "pass"
    case .warning: "warning"
    case .failure: check.remedy == .override ? "override?" : "BLOCKED"
    case .overridden: "overridden"
    }
  }

  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }
}

extension String {
  func padded(to width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }
}

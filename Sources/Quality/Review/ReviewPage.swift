import DoseMap
import JSON

/// The page on which a person looks at every slice before confirming: one HTML file that opens
/// from the disk, and the pictures beside it.
package enum ReviewPage {
  package static func html(_ content: ReviewContent) -> String {
    let slices: [JSON] = content.slices.map { slice in
      [
        "n": .integer(slice.number), "map": .string(slice.map), "scan": .string(slice.scan),
        "max": slice.maximumGy.map { .string(DoseText.gray($0)) } ?? .null,
        "gy": slice.maximumGy.map { .number($0) } ?? .null,
      ]
    }
    // "</" would end the script element, whatever stands around it.
    let data = JSON.array(slices).serialized().replacing("</", with: "<\\/")
    let facts = content.facts.map {
      "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>"
    }.joined(separator: "\n")
    let isodoses = content.isodoses.map {
      "<li><span class=\"swatch\" style=\"background:\(escaped($0.color))\"></span>\(escaped($0.text))</li>"
    }.joined(separator: "\n")
    let checks = content.checks.map { check in
      """
      <tr class="\(check.status.rawValue)"><td>\(word(for: check))</td>\
      <th scope="row">\(check.id.rawValue)</th><td>\(escaped(check.detail))</td></tr>
      """
    }.joined(separator: "\n")
    let loosened =
      content.loosened.isEmpty
      ? ""
      : "<p class=\"loosened\">Loosened by this site: \(escaped(content.loosened.joined(separator: "; ")))</p>"
    return ReviewTemplate.text
      .replacing("{{label}}", with: escaped(content.label))
      .replacing("{{facts}}", with: facts)
      .replacing("{{isodoses}}", with: isodoses)
      .replacing("{{checks}}", with: checks)
      .replacing("{{loosened}}", with: loosened)
      .replacing("{{columns}}", with: String(content.columns))
      .replacing("{{rows}}", with: String(content.rows))
      .replacing("{{count}}", with: String(content.slices.count))
      .replacing("{{slices}}", with: data)
  }

  private static func word(for check: Check) -> String {
    switch check.status {
    case .pass: "pass"
    case .warning: "to accept"
    case .failure: check.remedy == .override ? "to override" : "blocked"
    case .overridden: "overridden"
    }
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

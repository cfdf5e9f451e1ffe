package import DICOM
import Foundation

/// Whether a value matches a key of a query.
///
/// PS3.4 C.2.2.2.
package enum KeyMatching {
  /// Whether any of the values matches any of the alternatives of a key; an empty key takes all.
  package static func matches(key: [String], values: [String], vr: VR) -> Bool {
    if key.isEmpty || key == [""] { return true }
    return key.contains { key in
      isUniversal(key, vr) || values.contains { matches(key: key, value: $0, vr: vr) }
    }
  }

  private static func isUniversal(_ key: String, _ vr: VR) -> Bool {
    key.isEmpty || (vr != .UI && key.allSatisfy { $0 == "*" })
  }

  /// No key that makes sense is longer; whoever sends one shall not keep us busy with it.
  private static let longestKey = 4096

  private static func matches(key: String, value: String, vr: VR) -> Bool {
    guard key.utf8.count <= longestKey else { return false }
    return switch vr {
    case .UI: key == value
    case .DA, .TM, .DT: matchesTime(key: key, value: value, vr: vr)
    case .IS, .DS: Double(key).map { $0 == Double(value) } ?? (key == value)
    case .PN: wildcard(Array(folded(key)), Array(folded(value)))
    default: wildcard(Array(key), Array(value))
    }
  }

  /// Without case and accents, and without the separators of components that are empty.
  private static func folded(_ name: String) -> String {
    let plain = name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    return plain.split(separator: "=", omittingEmptySubsequences: false).map { group in
      var group = group
      while let last = group.last, last == "^" || last == " " { group.removeLast() }
      return String(group)
    }.joined(separator: "=").trimmingEnd("=")
  }

  /// Dates and times, single or from-to with either end open.
  private static func matchesTime(key: String, value: String, vr: VR) -> Bool {
    let value = plain(value)
    guard !value.isEmpty else { return false }
    // A zone such as -0500 has four digits behind the sign; a range of DT has at least a year.
    guard let dash = key.firstIndex(of: "-"), vr != .DT || !isZone(key, dash) else {
      let key = plain(key)
      return value.hasPrefix(key) || key.hasPrefix(value) && vr == .TM
    }
    let from = plain(String(key[..<dash]))
    let to = plain(String(key[key.index(after: dash)...]))
    return padded(value, "0") >= padded(from, "0")
      && (to.isEmpty || padded(value, "0") <= padded(to, "9"))
  }

  private static func isZone(_ key: String, _ dash: String.Index) -> Bool {
    dash != key.startIndex && key.distance(from: dash, to: key.endIndex) == 5
      && key.distance(from: key.startIndex, to: dash) > 8
  }

  /// Without the separators of old editions: `2020.04.23`, `10:30:00`.
  private static func plain(_ time: String) -> String {
    var digits = time.filter { $0 != ":" && $0 != " " }
    if digits.count == 10, digits.split(separator: ".").count == 3 {
      digits = digits.filter { $0 != "." }
    }
    return digits
  }

  /// As long as the longest time, so that texts compare as times do.
  private static func padded(_ time: String, _ filler: Character) -> String {
    let digits = time.filter { $0 != "." }
    return digits + String(repeating: filler, count: max(0, 20 - digits.count))
  }

  /// `*` stands for any characters, `?` for one; in time linear in both for each star.
  package static func wildcard(_ pattern: [Character], _ text: [Character]) -> Bool {
    var (p, t) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        p = last.pattern + 1
        t = last.text + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}

extension String {
  fileprivate func trimmingEnd(_ character: Character) -> String {
    var text = self
    while text.last == character { text.removeLast() }
    return text
  }
}

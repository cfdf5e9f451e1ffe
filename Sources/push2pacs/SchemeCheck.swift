import Configuration
import Console
import DoseMap

/// The isodose schemes of a configuration, looked at when it is read: a slip shows at once, not on
/// the day somebody asks for the scheme.
enum SchemeCheck {
  /// Why a scheme cannot be used, with the key that it stands under.
  struct Failure: Error, CustomStringConvertible {
    let key: String
    let reason: String

    var description: String { "\(key): \(reason)" }
  }

  static func check(_ schemes: [String: Site.IsodoseScheme]) throws(Failure) {
    for (name, scheme) in schemes.sorted(by: { $0.key < $1.key }) {
      let key = "isodoses.\(name.printable)"
      guard IsodoseScheme.named(name) == nil else {
        throw Failure(key: key, reason: "this name is built in; choose another one")
      }
      guard !scheme.levels.isEmpty || !scheme.colors.isEmpty else {
        throw Failure(key: key, reason: "levels or colors expected")
      }
      try checkLevels(scheme.levels, "\(key).levels")
      try checkColors(scheme.colors, levels: scheme.levels.count, "\(key).colors")
    }
  }

  private static func checkLevels(_ texts: [String], _ key: String) throws(Failure) {
    var seen: [IsodoseRequest] = []
    for (index, text) in texts.enumerated() {
      let level: IsodoseRequest
      do { level = try IsodoseRequest(parsing: text) } catch {
        throw Failure(
          key: "\(key)[\(index)]", reason: "'\(text.printable)' is no level such as 18 Gy or 50%")
      }
      guard !seen.contains(level) else {
        throw Failure(key: "\(key)[\(index)]", reason: "'\(text.printable)' stands there twice")
      }
      seen.append(level)
    }
    guard texts.count <= IsodoseScheme.mostLevels else {
      throw Failure(key: key, reason: "\(DoseMapError.levelCount(texts.count))")
    }
  }

  private static func checkColors(
    _ texts: [String], levels: Int, _ key: String
  ) throws(Failure) {
    var seen: [RGBColor] = []
    for (index, text) in texts.enumerated() {
      guard let color = RGBColor(hex: text) else {
        throw Failure(
          key: "\(key)[\(index)]", reason: "'\(text.printable)' is no colour such as #dc3220")
      }
      guard !seen.contains(color) else {
        throw Failure(
          key: "\(key)[\(index)]",
          reason: "\(text.printable) stands there twice; two levels could not be told apart")
      }
      seen.append(color)
    }
    guard texts.isEmpty || texts.count >= levels else {
      throw Failure(key: key, reason: "\(texts.count) colours for \(levels) levels")
    }
  }
}

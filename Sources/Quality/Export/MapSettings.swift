package import DICOM
package import DoseMap

/// How a map is drawn and named, as far as a person or the site may choose.
package struct MapSettings: Sendable {
  /// `nil`: the levels of the course's kind.
  package var levels: [IsodoseRequest]?
  package var scheme: IsodoseScheme = .standard
  package var schemeName = "standard"
  /// `nil`: each image's own.
  package var window: DisplayWindow?
  /// The name of one of the image's own windows, or of a preset (``WindowPreset``).
  package var windowName: String?
  /// `nil`: the smallest whole number that makes the shorter side 512 pixels.
  package var scale: Int?
  package var contact: String?
  /// How much of the isodoses' colours tints the scan inside them, in per cent; 0 not at all.
  package var wash = 0
  /// Whether the place of the highest dose is marked.
  package var marksMaximum = false
  /// Which structures are outlined: names with `*` and `?`.
  package var structures: [String] = []
  /// Whether structures are drawn at all: then their files count as input.
  package var drawsStructures: Bool { !structures.isEmpty }
  package var site = SiteLimits()
  /// Whether all pictures of a series go into one instance.
  package var isMultiFrame = false
  /// Whether pixels are packed (RLE Lossless).
  package var isCompressed = false
  /// Series beside the map itself.
  package var additional: [AdditionalSeries] = []

  package init() {}

  /// The shorter side of a drawn slice has at least so many pixels.
  static let shortestSide = 512
  /// No slice is drawn larger than this, whatever scale was asked for.
  static let longestSide = 8192

  /// Raised whenever the same input would give other pixels: UIDs depend on it.
  static let drawingVersion = 2

  /// The factor by which the pixels of a scan are made smaller.
  func factor(rows: Int, columns: Int) -> Int {
    if let scale { return scale }
    let shorter = min(rows, columns)
    return max(1, (Self.shortestSide + shorter - 1) / shorter)
  }

  /// All that a picture depends on beside its input, in words: UIDs are derived from it.
  func signature(factor: Int, levels: [IsodoseLevel]) -> String {
    let drawn = levels.map { "\($0.gray)\($0.color)" }.joined(separator: ",")
    let window =
      windowName.map { "named \($0.lowercased())" }
      ?? window.map { "\($0.center)/\($0.width)/\($0.function)" } ?? "own"
    let extras =
      "wash \(wash); maximum \(marksMaximum); structures \(structures.joined(separator: "\\"))"
    return
      "drawing \(Self.drawingVersion); scale \(factor); levels \(drawn); window \(window); contact \(contact ?? "none"); \(extras)"
      + (isMultiFrame ? "; multi-frame" : "") + (isCompressed ? "; RLE" : "")
  }
}

import Foundation

/// The letters of the maps as strokes, to be drawn in any size with even weight.
struct StrokeFont: Sendable {
  struct Glyph: Sendable {
    let width: Double
    let strokes: [Stroke]
    /// Whether the glyph's middle height is that of small letters.
    let isSmall: Bool
  }

  struct Stroke: Sendable {
    var points: [PixelPoint]
    /// Straight runs are fitted to the pixel grid; arcs keep their shape.
    var isArc: Bool
  }

  private let glyphs: [Character: Glyph]

  static let standard = StrokeFont()

  /// Stops only over a fault in the tables, which are compiled in: no input reaches them, and the first
  /// letter that any test draws would show it.
  private init() {
    var glyphs: [Character: Glyph] = [:]
    for line in GlyphTable.text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2, let character = fields[0].first, let width = Double(fields[1]) else {
        preconditionFailure("glyph table: \(line)")
      }
      glyphs[character] = Glyph(
        width: width, strokes: fields[2...].map(Self.stroke),
        isSmall: character.isLowercase && !"ßðþ".contains(character))
    }
    glyphs[" "] = Glyph(width: 2, strokes: [], isSmall: false)
    glyphs["\u{A0}"] = glyphs[" "]
    Self.compose(&glyphs)
    self.glyphs = glyphs
  }

  /// The glyph of a character; `nil` where the font has none.
  func glyph(_ character: Character) -> Glyph? {
    glyphs[character] ?? Self.precomposed(character).flatMap { glyphs[$0] }
  }

  /// Every character that the font has, in order.
  var characters: [Character] { glyphs.keys.sorted() }

  /// What of a text cannot be written, each character once; it is drawn as `?`.
  func missing(in text: String) -> [Character] {
    var missing: [Character] = []
    for character in text where glyph(character) == nil && !missing.contains(character) {
      missing.append(character)
    }
    return missing
  }

  /// A letter and its combining accent as one character.
  private static func precomposed(_ character: Character) -> Character? {
    let text = String(character).precomposedStringWithCanonicalMapping
    return text.unicodeScalars.count == 1 ? text.first : nil
  }

  private static func compose(_ glyphs: inout [Character: Glyph]) {
    var marks: [Substring: [Stroke]] = [:]
    for line in GlyphTable.marks.split(separator: "\n") {
      let fields = line.split(separator: " ")
      marks[fields[0]] = fields.dropFirst().map(stroke)
    }
    for line in GlyphTable.composed.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count == 3, let mark = marks[fields[0]], fields[1].count == fields[2].count
      else { preconditionFailure("composition table: \(line)") }
      for (letter, base) in zip(fields[1], fields[2]) {
        guard let glyph = glyphs[base] else { preconditionFailure("no glyph \(base)") }
        let isBelow = ["cedilla", "ogonek", "comma"].contains(fields[0])
        let isTall = !glyph.isSmall || "bdfhklt".contains(base)
        let up = isTall && !isBelow ? 3.4 : 0.0
        let middle = fields[0] == "ogonek" ? max(glyph.width - 1.2, 0) : glyph.width / 2
        let moved = mark.map { stroke in
          Stroke(
            points: stroke.points.map { $0 + PixelPoint(column: middle, row: up) },
            isArc: true)
        }
        glyphs[letter] = Glyph(
          width: glyph.width, strokes: glyph.strokes + moved, isSmall: glyph.isSmall)
      }
    }
  }

  private static func stroke(_ text: Substring) -> Stroke {
    let isArc = text.hasPrefix("@")
    let numbers = text.drop { $0 == "@" }.split(separator: ",").map { Double($0) ?? .nan }
    precondition(numbers.allSatisfy(\.isFinite), "glyph table: \(text)")
    guard isArc else {
      precondition(numbers.count.isMultiple(of: 2), "glyph table: \(text)")
      let points = stride(from: 0, to: numbers.count, by: 2).map {
        PixelPoint(column: numbers[$0], row: numbers[$0 + 1])
      }
      return Stroke(points: points, isArc: false)
    }
    precondition(numbers.count == 6, "glyph table: \(text)")
    let count = max(3, Int((abs(numbers[5]) / 15).rounded(.up)))
    let points = (0...count).map { index in
      let angle = (numbers[4] + numbers[5] * Double(index) / Double(count)) * .pi / 180
      return PixelPoint(
        column: numbers[0] + numbers[2] * cos(angle), row: numbers[1] + numbers[3] * sin(angle))
    }
    return Stroke(points: points, isArc: true)
  }
}

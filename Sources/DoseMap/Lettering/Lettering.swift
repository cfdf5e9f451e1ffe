/// What the letters of the maps can say.
package enum Lettering {
  /// The characters of a text that the font lacks, each once; they are drawn as `?`.
  package static func missing(in text: String) -> [Character] {
    StrokeFont.standard.missing(in: text)
  }
}

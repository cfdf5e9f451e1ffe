package import Geometry

/// A slice with its isodose lines and its lettering.
package struct DrawnSlice: Sendable {
  /// The finished picture.
  package let image: RGBImage
  /// Where its pixels lie in the patient.
  package let plane: ImagePlane
  /// One for each pixel, row by row: whether anything was drawn there.
  package let ink: [Bool]
  /// The lines that were meant, highest dose first, in pixels of the finished picture.
  package let levels: [LevelLines]
  /// The edge of the region where the dose is known, as far as it lies in the picture.
  package let gridEdges: [PixelPath]
  /// Whether the dose is known anywhere on the slice.
  package let isDoseKnown: Bool
  /// The highest dose on the slice, at pixel centres, in Gy; `nil` where none is known.
  package let maximum: Double?
  /// Characters that the font lacks and that were written as `?`.
  package let missingCharacters: [Character]
  /// What the tool found when it looked at the finished pixels.
  package let checks: RenderChecks

  /// Every line of lettering as it was broken.
  package let words: [String]

  /// Where the blocks of lettering lie.
  package let letteringRects: [PixelRect]

  /// Structures and the mark of the maximum, in pixels of the finished picture.
  let strokes: [MapCanvas.Stroke]
}

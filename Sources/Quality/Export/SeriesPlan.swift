import Geometry
import SecondaryCapture

/// A series of drawn pictures as it is going to be written.
struct SeriesPlan: Sendable {
  let capture: CaptureSeries
  /// `nil`: the map itself.
  let kind: AdditionalSeries?
  /// What its files begin with: nothing for the map itself, `window-` and the like for others.
  let filePrefix: String
  let source: any PictureSource
  let drawer: SliceDrawer
  let template: CaptureTemplate
  /// By how many pixels each pixel of the source is drawn, along both sides.
  let factor: Int
  let isMultiFrame: Bool
  let isCompressed: Bool

  var count: Int { source.planes.count }

  /// The name of a picture's files, without folder and extension.
  func fileName(_ number: Int) -> String {
    let digits = String(number)
    return filePrefix + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

package import DICOM
package import Geometry

/// A series that a stage holds beside the map itself.
///
/// Another kind is another case here: its name, what its UID follows from, and in ``SeriesPlanner``
/// what it is drawn on.
package enum AdditionalSeries: Hashable, Sendable {
  /// The same slices with the same ink, in another window: a given one, or one of the scan's own or
  /// a preset by its name.
  case window(DisplayWindow?, name: String)
  /// The lines as vector graphics over the untouched scan, which viewers can take away again.
  case overlay
  /// Pictures across the slices.
  case reformat(StackReformat.Direction)

  /// As the manifest names the kind.
  package var kind: String {
    switch self {
    case .window: "window"
    case .overlay: "overlay"
    case .reformat(let direction): direction.rawValue
    }
  }

  /// What stands behind the label in Series Description.
  package var suffix: String {
    switch self {
    case .window(_, let name): name
    case .overlay: "overlay"
    case .reformat(.axial): "AX"
    case .reformat(.coronal): "COR"
    case .reformat(.sagittal): "SAG"
    }
  }

  /// What it holds, in words for the reviewer.
  var summary: String {
    switch self {
    case .window: "the same slices in another window"
    case .overlay:
      "the lines over the untouched scan, which viewers can hide; this page does not show it"
    case .reformat(let direction): "\(direction.rawValue) pictures across the slices"
    }
  }

  /// Whether its pictures lie where the scan's slices lie, as many and as large.
  var isOnSlices: Bool {
    switch self {
    case .window, .overlay: true
    case .reformat: false
    }
  }

  /// All that its pixels depend on beside what the map depends on, in words.
  var signature: String {
    switch self {
    case .window(let window, let name):
      "window \(name) "
        + (window.map { "\($0.center)/\($0.width)/\($0.function)" } ?? "by name")
    case .overlay: "overlay"
    case .reformat(let direction): "reformat \(direction.rawValue)"
    }
  }

  /// What Derivation Description says beyond the map's own.
  var derivation: String {
    switch self {
    case .window, .overlay: ""
    case .reformat(let direction):
      "; \(direction.rawValue) pictures across the windowed slices, linear between pixels and slices"
    }
  }

  /// What stands on its pictures beyond what stands on the map's.
  var notes: [String] {
    switch self {
    case .window, .overlay: []
    case .reformat(let direction):
      ["REFORMATTED (\(direction.rawValue)): not acquired in this plane"]
    }
  }
}

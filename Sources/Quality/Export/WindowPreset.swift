import DICOM

/// Windows for CT that everybody knows by name: centre and width in HU.
enum WindowPreset: String, CaseIterable, Sendable {
  case abdomen
  case bone
  case brain
  case lung
  case softTissue = "soft-tissue"

  var window: DisplayWindow {
    let (center, width): (Double, Double) =
      switch self {
      case .abdomen: (60, 400)
      case .bone: (400, 1800)
      case .brain: (40, 80)
      case .lung: (-600, 1500)
      case .softTissue: (40, 400)
      }
    return DisplayWindow(center: center, width: width, function: .linear, explanation: rawValue)
  }

  /// The preset of a name, in capitals or not; only the values of CT have a unit of their own.
  static func named(_ name: String, modality: String) -> WindowPreset? {
    modality == "CT" ? WindowPreset(rawValue: name.lowercased()) : nil
  }
}

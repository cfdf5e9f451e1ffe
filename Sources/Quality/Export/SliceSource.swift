import DICOM
import Geometry
import Radiotherapy

/// The images of a scan, windowed for display, one at a time.
struct SliceSource: Sendable {
  let scan: ScanSeries
  /// What somebody asked for; `nil`: each image's own.
  let window: DisplayWindow?
  /// Which of its own windows each image is shown with; `nil`: the first.
  let windowName: String?
  /// For images that bring no window: one for the whole series.
  let fallback: DisplayWindow?

  struct Windowed: Sendable {
    /// `rows * columns` display values, row by row from the top left.
    let grey: [UInt8]
    let window: DisplayWindow?
    let isLossy: Bool
    /// The header of the image's file.
    let dataSet: DataSet
  }

  /// Settles the window.
  ///
  /// - Parameters:
  ///   - window: what to show, for all images.
  ///   - windowName: one of the images' own windows, or a preset.
  /// - Throws: where the middle image, which the fallback is taken from, cannot be read, or has no
  ///   window of that name.
  init(
    scan: ScanSeries, window: DisplayWindow?, windowName: String? = nil
  ) throws(FileError) {
    self.scan = scan
    let middle = scan.slices[scan.slices.count / 2]
    let file = try DICOMFile.read(path: middle.identity.path)
    do {
      let groups = file.dataSet.displayAttributes(frame: middle.frame)
      guard window == nil else {
        self.window = window
        self.windowName = nil
        fallback = nil
        return
      }
      let own = try Self.windows(of: groups)
      if let windowName, Self.named(windowName, among: own) == nil {
        guard let preset = WindowPreset.named(windowName, modality: scan.modality) else {
          throw PixelError.format(Self.unknown(windowName, own, modality: scan.modality))
        }
        self.window = preset.window
        self.windowName = nil
        fallback = nil
        return
      }
      self.window = nil
      self.windowName = windowName
      if let first = own.first {
        fallback = first
      } else if !groups.items(.voilutSequence).isEmpty {
        fallback = nil
      } else {
        let description = try PixelDescription(of: file.dataSet)
        let stored = try StoredValues.signed(
          try file.frame(middle.frame ?? 0, of: description), of: description)
        fallback = try Self.range(of: stored, ModalityTransform(of: groups))
      }
    } catch let error as FileError {
      throw error
    } catch let error as PixelError {
      throw .pixels(path: file.path, error)
    } catch let error as AttributeError {
      throw .attribute(path: file.path, error)
    } catch {
      throw .unreadable(path: file.path, reason: "\(error)")
    }
  }

  /// Reads one image and windows it.
  func windowed(_ slice: ScanSlice) throws(FileError) -> Windowed {
    let file = try DICOMFile.read(path: slice.identity.path)
    do {
      let description = try PixelDescription(of: file.dataSet)
      guard description.samplesPerPixel == 1,
        description.rows == slice.plane.rows, description.columns == slice.plane.columns
      else { throw PixelError.format("a scan has one sample a pixel, as many as its plane") }
      let frame = try FrameReader(file, description: description).frame(slice.frame ?? 0)
      let stored = try StoredValues.signed(frame.bytes, of: frame.description)
      let groups = file.dataSet.displayAttributes(frame: slice.frame)
      let chosen = try window ?? own(groups)
      let transform = try GrayscaleTransform(
        description: description, dataSet: groups, window: chosen)
      return Windowed(
        grey: transform.display(stored), window: chosen,
        isLossy: frame.isLossy || file.dataSet.string(.lossyImageCompression) == "01",
        dataSet: file.dataSet)
    } catch let error as FileError {
      throw error
    } catch let error as PixelError {
      throw .pixels(path: file.path, error)
    } catch let error as AttributeError {
      throw .attribute(path: file.path, error)
    } catch {
      throw .unreadable(path: file.path, reason: "\(error)")
    }
  }

  /// An image's own window; `nil` where its VOI table is to be used.
  func own(_ groups: DataSet) throws -> DisplayWindow? {
    let windows = try Self.windows(of: groups)
    if let windowName {
      guard let window = Self.named(windowName, among: windows) else {
        throw PixelError.format(Self.unknown(windowName, windows, modality: scan.modality))
      }
      return window
    }
    return windows.first ?? (groups.items(.voilutSequence).isEmpty ? fallback : nil)
  }

  private static func windows(of groups: DataSet) throws -> [DisplayWindow] {
    do { return try GrayscaleTransform.windows(of: groups) } catch {
      throw PixelError.format("\(error); give a window with --window C,W")
    }
  }

  /// The window that a scanner calls by a name, in capitals or not.
  private static func named(_ name: String, among windows: [DisplayWindow]) -> DisplayWindow? {
    windows.first { $0.explanation?.lowercased() == name.lowercased() }
  }

  private static func unknown(
    _ name: String, _ windows: [DisplayWindow], modality: String
  ) -> String {
    let own = windows.compactMap(\.explanation).filter { !$0.isEmpty }
    let presets = modality == "CT" ? WindowPreset.allCases.map(\.rawValue) : []
    let names = (own + presets).map { "'\($0)'" }
    return names.isEmpty
      ? "no window is called '\(name)', and the image names none; give --window C,W"
      : "no window is called '\(name)'; there is \(names.joined(separator: ", "))"
  }

  /// The window that shows all but the darkest and brightest half per cent of an image.
  private static func range(of stored: [Int32], _ modality: ModalityTransform) -> DisplayWindow {
    let sorted = stored.sorted()
    let low = modality.apply(sorted[sorted.count / 200])
    let high = modality.apply(sorted[sorted.count - 1 - sorted.count / 200])
    return DisplayWindow(
      center: (min(low, high) + max(low, high)) / 2, width: max(1, abs(high - low)),
      function: .linear, explanation: nil)
  }
}

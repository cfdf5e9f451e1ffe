import DICOM
import Geometry
import Radiotherapy

/// The images of a scan, windowed for display, one at a time.
struct SliceSource: Sendable {
  let scan: ScanSeries
  /// What somebody asked for; `nil`: each image's own.
  let window: DisplayWindow?
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

  /// - Throws: where the middle image, which the fallback is taken from, cannot be read.
  init(scan: ScanSeries, window: DisplayWindow?) throws(FileError) {
    self.scan = scan
    self.window = window
    let middle = scan.slices[scan.slices.count / 2]
    let file = try DICOMFile.read(path: middle.identity.path)
    do {
      let groups = file.dataSet.displayGroups(frame: middle.frame)
      if window == nil, try GrayscaleTransform.windows(of: groups).isEmpty {
        let description = try PixelDescription(of: file.dataSet)
        let stored = try StoredValues.signed(
          try file.frame(middle.frame ?? 0, of: description), of: description)
        fallback = try Self.range(
          of: stored, ModalityTransform(of: groups))
      } else {
        fallback = nil
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
      let groups = file.dataSet.displayGroups(frame: slice.frame)
      let own = try GrayscaleTransform.windows(of: groups).first
      let chosen = window ?? own ?? fallback
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

extension DataSet {
  /// What decides how an image is shown: the data set itself, or with functional groups those of one frame.
  ///
  /// PS3.3 C.7.6.16.2.9 and C.7.6.16.2.10.
  func displayGroups(frame: Int?) -> DataSet {
    guard let frame else { return self }
    var merged = self
    for macro in [Tag.pixelValueTransformationSequence, .frameVOILUTSequence] {
      guard let group = functionalGroup(macro, frame: frame) else { continue }
      for element in group.elements { merged.set(element) }
    }
    return merged
  }
}

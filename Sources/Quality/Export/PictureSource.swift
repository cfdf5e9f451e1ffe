import DICOM
import Geometry
import Radiotherapy

/// What a series is drawn on: pictures on planes of the patient, made one at a time.
protocol PictureSource: Sendable {
  /// Where the pictures lie, in the order of their numbers; all of one size.
  var planes: [ImagePlane] { get }

  /// The images of the scan that a picture was made from.
  func images(_ index: Int) -> [ScanSlice]

  /// Makes a picture; called on several threads at once.
  func picture(_ index: Int) throws(FileError) -> Picture
}

/// A windowed picture to draw on.
struct Picture: Sendable {
  /// `rows * columns` display values, row by row from the top left.
  let grey: [UInt8]
  let window: DisplayWindow?
  /// How the stored values of the image behind it are read; `nil` where there is not one alone.
  var original: Original?

  struct Original: Sendable {
    /// Rescale or Modality LUT, as the image has them.
    let modality: DataSet
    let isInverse: Bool
  }
}

extension SliceSource: PictureSource {
  var planes: [ImagePlane] { scan.slices.map(\.plane) }

  func images(_ index: Int) -> [ScanSlice] { [scan.slices[index]] }

  func picture(_ index: Int) throws(FileError) -> Picture {
    let windowed = try windowed(scan.slices[index])
    let own = windowed.dataSet.displayAttributes(frame: scan.slices[index].frame)
    var modality = DataSet()
    for tag in [Tag.rescaleIntercept, .rescaleSlope, .rescaleType, .modalityLUTSequence] {
      if let element = own[tag] { modality.set(element) }
    }
    return Picture(
      grey: windowed.grey, window: windowed.window,
      original: Picture.Original(
        modality: modality, isInverse: own.string(.photometricInterpretation) == "MONOCHROME1"))
  }
}

import DICOM
import Digest
import DoseMap
import Files
import Radiotherapy
import SecondaryCapture

/// Writes the lines of the map as presentation states over the scan's own images.
struct OverlayWriter {
  let prepared: PreparedMap
  let facts: CourseFacts
  let series: CaptureSeries
  /// The map itself, whose words and lines these are.
  let drawer: SliceDrawer
  let folder: String

  /// What such a series must say, beside what every presentation state says.
  private static let required: [Tag] = [
    .sopClassUID, .sopInstanceUID, .modality, .seriesDescription, .patientID, .studyInstanceUID,
    .seriesInstanceUID, .instanceNumber, .contentLabel, .presentationCreationDate,
    .presentationCreationTime, .referencedSeriesSequence, .displayedAreaSelectionSequence,
    .graphicLayerSequence, .graphicAnnotationSequence, .presentationLUTShape,
  ]

  /// One file for all images whose stored values mean the same: for CT one in all.
  func write(_ images: [IsodoseOverlay.Image]) throws(ExportError) -> SeriesWriter.Written {
    let legend = try drawer.lineLegend()
    let overlay = IsodoseOverlay(
      scan: prepared.course.scan, series: series,
      levels: legend.rows.map { .init(text: $0.text, color: $0.sample.color) },
      title: drawer.text.title,
      remarks: legend.remarks + drawer.text.alerts
        + drawer.text.notes, completed: facts.completed)
    var written = SeriesWriter.Written()
    do {
      let source = try DICOMFile.read(path: prepared.course.scan.slices[0].identity.path).dataSet
      for (index, group) in try IsodoseOverlay.groups(images).enumerated() {
        let number = index + 1
        let uid = DerivedUID.make(from: [series.seriesInstanceUID, String(number)])
        let state = try overlay.state(
          of: group, source: source, dose: prepared.course.newestDose, number: number,
          sopInstanceUID: uid)
        let bytes = try DICOMFile.bytes(of: state)
        let digits = String(number)
        let file =
          "slices/overlay-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
          + ".dcm"
        try PrivateFile.create(bytes, at: FilePath.joined(folder, file))
        written.instances.append(
          Manifest.Instance(
            file: file, seriesInstanceUID: series.seriesInstanceUID,
            sopClassUID: SOPClass.grayscaleSoftcopyPresentationState, sopInstanceUID: uid,
            instanceNumber: number, sha256: SHA256.hex(bytes),
            frames: group.map { Manifest.Frame(of: $0.slice, at: $0.slice.plane) },
            isMultiFrame: true))
        written.checks += EncodingCheck.verdicts(
          of: state, bytes: bytes, required: Self.required)
      }
    } catch let error as FileError {
      throw .file(error)
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as EncodingError {
      throw .encoding(error)
    } catch { throw .internalFault("\(error)") }
    return written
  }
}

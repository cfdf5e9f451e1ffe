import DICOM
import DoseMap
import Geometry
import JSON
import Radiotherapy
import SecondaryCapture

/// Puts together what a stage says of itself.
struct ManifestBuilder {
  let prepared: PreparedMap
  let facts: CourseFacts
  let grid: DoseGrid
  let join: FrameJoin
  /// The map itself first.
  let plans: [SeriesPlan]
  let naming: SeriesNaming
  let window: DisplayWindow?
  /// Volume inside each level, cm3, in the order of the levels.
  let volumes: [Double]
  /// About how much the grid's coarseness takes from each of them, cm3.
  let coarseness: [Double]
  /// The targets' dose-volume figures.
  let histograms: [DoseVolumeHistogram]

  func document(
    checks: [Check], instances: [Manifest.Instance], review: [Manifest.ReviewFile],
    hottestSlices: [Int], introduction: [String], created: String
  ) -> JSON {
    let course = prepared.course
    let series = plans[0].capture
    let factor = plans[0].factor
    let scan = course.scan
    let first = scan.slices[0].plane
    let patient = scan.patient
    var document = JSONObject()
    document["format"] = .string(Manifest.format)
    document["software"] = [
      "name": .string(series.software.name), "version": .string(series.software.version),
    ]
    document["created"] = .string(created)
    document["label"] = .string(series.description)
    document["isPrior"] = .bool(facts.isPrior)
    document["patient"] = [
      "id": JSON(patient.id), "name": JSON(patient.name), "birthDate": JSON(patient.birthDate),
      "sex": JSON(patient.sex),
    ]
    document["study"] = [
      "instanceUID": .string(scan.studyInstanceUID), "date": JSON(scan.studyDate?.iso),
      "description": JSON(scan.studyDescription), "accessionNumber": JSON(scan.accessionNumber),
    ]
    document["series"] = [
      "instanceUID": .string(series.seriesInstanceUID), "number": .integer(series.number),
      "description": .string(series.description), "modality": "OT",
    ]
    document["source"] = [
      "seriesInstanceUID": .string(scan.seriesInstanceUID), "modality": .string(scan.modality),
      "frameOfReferenceUID": JSON(scan.frameOfReferenceUID),
      "description": JSON(scan.description), "date": JSON(scan.date?.iso),
      "slices": .integer(scan.slices.count),
    ]
    let doses = ManifestDoses(prepared: prepared, facts: facts)
    document["doses"] = .array(doses.documents)
    if let sum = doses.sum { document["sum"] = sum }
    document["registration"] = doses.registration
    document["prescription"] = [
      "doseGy": .number(facts.plannedPrescriptionGy),
      "deliveredGy": .number(facts.prescriptionGy),
      "fractionsPlanned": .integer(facts.fractionsPlanned),
      "fractionsDelivered": .integer(facts.fractionsDelivered),
      "completed": .string(facts.completed.iso),
      "evidence": .string(evidence),
      "targets": .array(
        facts.targets.map {
          [
            "name": .string($0.name), "doseGy": .number($0.deliveredGy),
            "fractions": .integer($0.fractions),
          ]
        }),
    ]
    document["isodoses"] = .array(
      prepared.levels.indices.map { index in
        let level = prepared.levels[index]
        return [
          "doseGy": .number(level.gray),
          "percent": JSON(level.share.map { $0 * 100 }),
          "color": .string(level.color.hex),
          "volumeCm3": .number((volumes[index] * 1000).rounded() / 1000),
          "coarsenessCm3": .number((coarseness[index] * 1000).rounded() / 1000),
        ]
      })
    document["doseVolumes"] = .array(histograms.map(Self.figures))
    document["rendering"] = [
      "scale": .integer(factor),
      "window": window.map { ["center": .number($0.center), "width": .number($0.width)] } ?? .null,
      "wash": .integer(prepared.settings.wash),
      "structures": JSON(prepared.settings.structures),
      "maximumMarked": .bool(prepared.settings.marksMaximum),
      "plane": "acquired", "rows": .integer(first.rows * factor),
      "columns": .integer(first.columns * factor),
    ]
    document["checks"] = .array(
      checks.map {
        [
          "id": .string($0.id.rawValue), "status": .string($0.status.rawValue),
          "remedy": .string($0.remedy.rawValue), "detail": .string($0.detail),
        ]
      })
    let site = prepared.settings.site
    document["site"] = [
      "loosened": JSON(site.loosened(fractions: facts.fractionsPlanned)),
      "expected": JSON(site.expected.map(\.rawValue)),
    ]
    document["additionalSeries"] = .array(
      zip(naming.additional, prepared.settings.additional).map { series, request in
        [
          "instanceUID": .string(series.seriesInstanceUID), "number": .integer(series.number),
          "description": .string(series.description), "kind": .string(request.kind),
        ]
      })
    document["hottestSlices"] = JSON(hottestSlices)
    document["introduction"] = JSON(introduction)
    document["instances"] = .array(instances.map { .object(Self.item($0)) })
    document["review"] = .array(
      review.map { ["file": .string($0.file), "sha256": .string($0.sha256)] })
    return .object(document)
  }

  /// What a target got, by the points inside its contours.
  private static func figures(_ histogram: DoseVolumeHistogram) -> JSON {
    func gray(_ value: Double) -> JSON { .number((value * 1e4).rounded() / 1e4) }
    return [
      "name": .string(histogram.name),
      "prescribedGy": JSON(histogram.prescribedGy),
      "volumeCm3": .number((histogram.volume * 1000).rounded() / 1000),
      "v100Percent": JSON(histogram.prescribedShare.map { ($0 * 1e4).rounded() / 100 }),
      "d98Gy": gray(histogram.dose(toShare: 0.98)),
      "d95Gy": gray(histogram.dose(toShare: 0.95)),
      "d50Gy": gray(histogram.dose(toShare: 0.5)),
      "d2Gy": gray(histogram.dose(toShare: 0.02)),
      "dmaxGy": gray(histogram.maximumGy), "meanGy": gray(histogram.meanGy),
      "isPartOutsideGrid": .bool(histogram.isCut),
    ]
  }

  private static func item(_ instance: Manifest.Instance) -> JSONObject {
    var item: JSONObject = [
      "file": .string(instance.file),
      "seriesInstanceUID": .string(instance.seriesInstanceUID),
      "sopClassUID": .string(instance.sopClassUID),
      "sopInstanceUID": .string(instance.sopInstanceUID),
      "instanceNumber": .integer(instance.instanceNumber),
      "sha256": .string(instance.sha256),
    ]
    if instance.isMultiFrame {
      item["frames"] = .array(
        instance.frames.map { frame in
          var one = JSONObject()
          set(frame, in: &one)
          return .object(one)
        })
    } else if let frame = instance.frames.first {
      set(frame, in: &item)
    }
    return item
  }

  private static func set(_ frame: Manifest.Frame, in item: inout JSONObject) {
    item["sourceSOPInstanceUID"] = .string(frame.sourceSOPInstanceUID)
    if let number = frame.sourceFrame { item["sourceFrame"] = .integer(number) }
    item["position"] = JSON(frame.position)
  }

  private var evidence: String {
    switch facts.evidence {
    case .records(let count): "\(count) RT treatment record\(count == 1 ? "" : "s")"
    case .summary: "RT Treatment Summary Record"
    case .courseSummary: "Course Summary of the record system"
    case .attested: "attested"
    }
  }
}

extension Manifest.Frame {
  /// A picture that was made from an image of the scan.
  init(of image: ScanSlice?, at plane: ImagePlane) {
    self.init(
      sourceSOPInstanceUID: image?.identity.sopInstanceUID ?? "",
      sourceFrame: image?.frame.map { $0 + 1 },
      position: [plane.position.x, plane.position.y, plane.position.z])
  }
}

package import DICOM
package import JSON

/// What went into a map, what came out, and every check: `manifest.json` of a stage.
///
/// The values that other steps need have names here; the rest stands in ``document`` alone.
package struct Manifest: Sendable, Equatable {
  package static let format = "push2pacs-stage/1"
  /// Of images that are sent as they are: nothing was drawn.
  package static let imagesFormat = "push2pacs-images/1"

  package struct Instance: Hashable, Sendable {
    /// Below the stage: `slices/0001.dcm`.
    package let file: String
    package let seriesInstanceUID: String
    package let sopClassUID: String
    package let sopInstanceUID: String
    package let instanceNumber: Int
    /// Of the file, 64 hex digits.
    package let sha256: String
    /// What it shows: one picture, or of a multi-frame instance each frame.
    package let frames: [Frame]
    package let isMultiFrame: Bool

    package init(
      file: String, seriesInstanceUID: String, sopClassUID: String, sopInstanceUID: String,
      instanceNumber: Int, sha256: String, frames: [Frame], isMultiFrame: Bool = false
    ) {
      self.file = file
      self.seriesInstanceUID = seriesInstanceUID
      self.sopClassUID = sopClassUID
      self.sopInstanceUID = sopInstanceUID
      self.instanceNumber = instanceNumber
      self.sha256 = sha256
      self.frames = frames
      self.isMultiFrame = isMultiFrame
    }
  }

  /// Where a picture came from and where it lies.
  package struct Frame: Hashable, Sendable {
    /// Of the image that it was drawn on, or the first of those that it was cut from.
    package let sourceSOPInstanceUID: String
    /// From 1, where the source has several.
    package let sourceFrame: Int?
    /// Of the middle of its first pixel, mm.
    package let position: [Double]

    package init(sourceSOPInstanceUID: String, sourceFrame: Int?, position: [Double]) {
      self.sourceSOPInstanceUID = sourceSOPInstanceUID
      self.sourceFrame = sourceFrame
      self.position = position
    }
  }

  /// A series of the stage.
  package struct Series: Hashable, Sendable {
    package let instanceUID: String
    package let studyInstanceUID: String
    package let number: Int
    package let description: String
    /// `nil`: the map itself; of images their modality.
    package let kind: String?
  }

  /// A study that instances of the stage belong to.
  package struct Study: Hashable, Sendable {
    package let instanceUID: String
    /// ISO 8601; empty where the images tell none.
    package let date: String
    package let accessionNumber: String
  }

  package struct ReviewFile: Hashable, Sendable {
    package let file: String
    package let sha256: String

    package init(file: String, sha256: String) {
      self.file = file
      self.sha256 = sha256
    }
  }

  /// The whole of it, in its order.
  package let document: JSON
  package let label: String
  package let patientID: String
  /// Of the map; of images the first one.
  package let studyInstanceUID: String
  package let studies: [Study]
  /// Whether it holds images as they are, and no map.
  package let isOfImages: Bool
  /// The map itself first, then what the stage holds beside it.
  package let series: [Series]
  package let isPrior: Bool
  package let doseGy: Double
  package let fractions: Int
  package let completed: CalendarDate
  package let isAttested: Bool
  package let isDeformed: Bool
  /// Whether dose and scan are joined by a registration.
  package let isRegistered: Bool
  package let checks: [Check]
  package let instances: [Instance]
  package let review: [ReviewFile]
  /// Numbers of the slices in which the dose is highest.
  package let hottestSlices: [Int]
  /// What the site had loosened when it was staged, in words.
  package let loosened: [String]
  /// Warnings that the site expected when it was staged.
  package let expected: Set<CheckID>
  /// What the reviewer is shown before the questions.
  package let introduction: [String]

  /// The treatment summary that goes out beside the map; `nil` where none does.
  package var summary: ReviewFile? { review.first { $0.file == Stage.summaryName } }

  /// Reads a manifest that was written before.
  package init(parsing bytes: [UInt8]) throws(ManifestError) {
    let document: JSON
    do { document = try JSON(parsing: bytes) } catch { throw .syntax("\(error)") }
    try self.init(document: document)
  }

  package init(document: JSON) throws(ManifestError) {
    self.document = document
    let format = document["format"]?.stringValue
    guard format == Self.format || format == Self.imagesFormat else {
      throw .format(format ?? "none")
    }
    isOfImages = format == Self.imagesFormat
    func text(_ value: JSON?, _ key: String) throws(ManifestError) -> String {
      guard let text = value?.stringValue else { throw .key(key) }
      return text
    }
    label = try text(document["label"], "label")
    patientID = try text(document["patient"]?["id"], "patient.id")
    var studies: [Study] = []
    for item in isOfImages
      ? document["studies"]?.arrayValue ?? [] : [document["study"] ?? .null]
    {
      studies.append(
        Study(
          instanceUID: try text(item["instanceUID"], "study.instanceUID"),
          date: item["date"]?.stringValue ?? "",
          accessionNumber: item["accessionNumber"]?.stringValue ?? ""))
    }
    guard let study = studies.first else { throw .key("studies") }
    self.studies = studies
    studyInstanceUID = study.instanceUID
    var series: [Series] = []
    let others = document["additionalSeries"]?.arrayValue ?? []
    for (index, item) in ([document["series"] ?? .null] + others).enumerated() {
      guard let number = item["number"]?.integerValue else { throw .key("series.number") }
      series.append(
        Series(
          instanceUID: try text(item["instanceUID"], "series.instanceUID"),
          studyInstanceUID: item["studyInstanceUID"]?.stringValue ?? study.instanceUID,
          number: number, description: try text(item["description"], "series.description"),
          kind: index == 0 && !isOfImages
            ? nil : try text(item["kind"], "additionalSeries.kind")))
    }
    self.series = series
    isPrior = document["isPrior"]?.boolValue ?? false
    let prescription = document["prescription"]
    if isOfImages {
      // Nothing was prescribed, and nobody is asked for it.
      (doseGy, fractions, completed) = (0, 0, .earliest)
    } else {
      guard let dose = prescription?["deliveredGy"]?.doubleValue,
        let fractions = prescription?["fractionsDelivered"]?.integerValue,
        let completed = prescription?["completed"]?.stringValue.flatMap(CalendarDate.init(iso:))
      else { throw .key("prescription") }
      doseGy = dose
      self.fractions = fractions
      self.completed = completed
    }
    isAttested = prescription?["evidence"]?.stringValue == "attested"
    isRegistered = document["registration"]?["kind"] != nil
    isDeformed = document["registration"]?["kind"]?.stringValue == "deformable"
    var checks: [Check] = []
    for item in document["checks"]?.arrayValue ?? [] {
      guard let id = item["id"]?.stringValue.flatMap(CheckID.init(rawValue:)),
        let status = item["status"]?.stringValue.flatMap(Check.Status.init(rawValue:)),
        let remedy = item["remedy"]?.stringValue.flatMap(Check.Remedy.init(rawValue:)),
        let detail = item["detail"]?.stringValue
      else { throw .key("checks") }
      checks.append(Check(id: id, status: status, remedy: remedy, detail: detail))
    }
    self.checks = checks
    var instances: [Instance] = []
    for item in document["instances"]?.arrayValue ?? [] {
      guard let number = item["instanceNumber"]?.integerValue else { throw .key("instances") }
      instances.append(
        Instance(
          file: try text(item["file"], "instances.file"),
          seriesInstanceUID: try text(item["seriesInstanceUID"], "instances.seriesInstanceUID"),
          sopClassUID: try text(item["sopClassUID"], "instances.sopClassUID"),
          sopInstanceUID: try text(item["sopInstanceUID"], "instances.sopInstanceUID"),
          instanceNumber: number, sha256: try text(item["sha256"], "instances.sha256"),
          frames: isOfImages ? [] : try Self.frames(of: item),
          isMultiFrame: isOfImages
            ? item["streamed"]?.boolValue ?? false : item["frames"] != nil))
    }
    self.instances = instances
    let known = Set(series.map(\.instanceUID))
    guard instances.allSatisfy({ known.contains($0.seriesInstanceUID) }) else {
      throw .key("instances.seriesInstanceUID")
    }
    var review: [ReviewFile] = []
    for item in document["review"]?.arrayValue ?? [] {
      review.append(
        ReviewFile(
          file: try text(item["file"], "review.file"),
          sha256: try text(item["sha256"], "review.sha256")))
    }
    self.review = review
    hottestSlices = document["hottestSlices"]?.arrayValue?.compactMap(\.integerValue) ?? []
    let site = document["site"]
    loosened = site?["loosened"]?.arrayValue?.compactMap(\.stringValue) ?? []
    expected = Set(
      site?["expected"]?.arrayValue?.compactMap { $0.stringValue.flatMap(CheckID.init(rawValue:)) }
        ?? [])
    introduction = document["introduction"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  private static func frames(of instance: JSON) throws(ManifestError) -> [Frame] {
    var frames: [Frame] = []
    for item in instance["frames"]?.arrayValue ?? [instance] {
      guard let source = item["sourceSOPInstanceUID"]?.stringValue else {
        throw .key("instances.sourceSOPInstanceUID")
      }
      frames.append(
        Frame(
          sourceSOPInstanceUID: source, sourceFrame: item["sourceFrame"]?.integerValue,
          position: item["position"]?.arrayValue?.compactMap(\.doubleValue) ?? []))
    }
    return frames
  }

  /// As it stands in the file: stable order, UTF-8.
  package var bytes: [UInt8] { document.bytes(pretty: true) + [UInt8(ascii: "\n")] }

  /// The series of an instance.
  package func series(of instance: Instance) -> Series? {
    series.first { $0.instanceUID == instance.seriesInstanceUID }
  }

  /// As people call an instance: `slice 12`, of another series `coronal 12`, of images `CT 12`.
  package func name(of instance: Instance) -> String {
    let kind = series(of: instance)?.kind
    return "\(kind ?? "slice") \(instance.instanceNumber)"
  }

  /// Whether two people with different names have to confirm.
  package var needsSecondPerson: Bool { isPrior || isDeformed || !checks.overridable.isEmpty }

  /// Whether the dose of one scan lies on another: then of two people who confirm one is a
  /// physicist, one a physician.
  package var isFused: Bool { isPrior || isRegistered }
}

/// Why a manifest cannot be used.
package enum ManifestError: Error, Equatable {
  case syntax(String)
  case format(String)
  case key(String)
}

extension ManifestError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .syntax(let reason): "manifest.json: \(reason); make the stage again"
    case .format(let found):
      "manifest.json: format '\(found)' instead of '\(Manifest.format)'; make the stage again"
    case .key(let key):
      "manifest.json: \(key) is missing or of the wrong kind; make the stage again"
    }
  }
}

import DICOM
import Digest
package import Files
import JSON
import Radiotherapy
package import SecondaryCapture

/// Stages images as they are: copies, byte for byte, with their digests.
///
/// The stage is one as that of a map, under `instances/`; it has no review page, because nothing was
/// drawn.
package struct ImageStageWriter: Sendable {
  package let selection: ImageSelection
  package let software: CaptureSeries.Software
  /// The folder that stages lie in.
  package let output: String
  package let group: GroupAccess?
  package let key: SiteKey?

  /// A file of more bytes is never in memory as a whole.
  private static let largest = 64 << 20

  package init(
    selection: ImageSelection, software: CaptureSeries.Software, output: String,
    group: GroupAccess?, key: SiteKey?
  ) {
    self.selection = selection
    self.software = software
    self.output = output
    self.group = group
    self.key = key
  }

  /// What the stage is called: `IMAGES_CT_04.23.2020`.
  package var label: String {
    let kinds = Set(
      selection.images.map { $0.identity.modality.filter { $0.isASCII && $0.isLetter } }
    )
    .subtracting([""]).sorted()
    let kind = kinds.isEmpty ? "OT" : kinds.count > 3 ? "several" : kinds.joined(separator: "-")
    guard let date = selection.images.compactMap(\.studyDate).min() else { return "IMAGES_\(kind)" }
    let parts = date.iso.split(separator: "-")
    return "IMAGES_\(kind)_\(parts[1]).\(parts[2]).\(parts[0])"
  }

  /// Writes the stage, or finds the one that is there already.
  ///
  /// - Throws: where it cannot be written; nothing is left then.
  package func write(
    progress: (@Sendable (Int, Int) -> Void)? = nil, isStopped: () -> Bool
  ) throws(ExportError) -> Stage {
    let images = selection.images
    var instances: [JSON] = []
    // Other images of the same series are another stage.
    let target = StageFolder(output: output, label: label, seriesInstanceUIDs: [], group: group)
    _ = target.removeAbandoned()
    let hold: FolderHold?
    do { hold = try target.makeTemporary(with: ["instances"]) } catch { throw .cannotCreate(error) }
    defer { hold?.release() }
    do throws(ExportError) {
      for (index, image) in images.enumerated() {
        if isStopped() { throw .stopped }
        let name = "instances/\(Self.number(index + 1)).dcm"
        let digest: String
        do {
          digest = try Self.copy(image.path, to: FilePath.joined(target.temporary, name))
        } catch { throw .disk(error) }
        instances.append([
          "file": .string(name), "seriesInstanceUID": .string(image.identity.seriesInstanceUID),
          "sopClassUID": .string(image.identity.sopClassUID),
          "sopInstanceUID": .string(image.identity.sopInstanceUID),
          "instanceNumber": .integer(index + 1), "sha256": .string(digest),
          "streamed": .bool(image.byteCount > Self.largest),
        ])
        progress?(index + 1, images.count)
      }
      let bytes: [UInt8]
      do {
        let document = document(instances)
        bytes = try Manifest(document: key?.sealing(document) ?? document).bytes
      } catch { throw .internalFault("\(error)") }
      if let there = existing(bytes) {
        FolderListing.remove(target.temporary)
        return there
      }
      do {
        try PrivateFile.create(
          bytes, at: FilePath.joined(target.temporary, Stage.manifestName), mode: 0o600)
      } catch { throw .disk(error) }
      return try target.publish()
    } catch {
      FolderListing.remove(target.temporary)
      throw error
    }
  }

  /// A stage of the very same files that is there already and whole.
  private func existing(_ manifest: [UInt8]) -> Stage? {
    let digest = SHA256.hex(manifest)
    for name in [label] + (2...99).map({ "\(label)-\($0)" }) {
      let path = FilePath.joined(output, name)
      guard FolderListing.exists(path) else { return nil }
      if let stage = try? Stage(path: path), stage.manifestSHA256 == digest,
        (try? stage.requireIntact()) != nil
      {
        return stage
      }
    }
    return nil
  }

  private static func number(_ index: Int) -> String {
    let text = String(index)
    return String(repeating: "0", count: max(0, 4 - text.count)) + text
  }

  /// Copies a file and digests what was copied.
  private static func copy(_ path: String, to other: String) throws(FileTrouble) -> String {
    var hash = SHA256()
    var growing = try GrowingFile(creating: other)
    var failure: FileTrouble?
    // The path is the user's own: it may be reached over a link.
    try PrivateFile.readPieces(path, followsLinks: true) { piece in
      guard failure == nil else { return }
      hash.update(piece)
      do throws(FileTrouble) { try growing.append(piece) } catch { failure = error }
    }
    if let failure { throw failure }
    try growing.flush()
    return Hex.text(hash.finish())
  }

  /// The first image of each series.
  private static func series(_ images: [ImageSelection.Image]) -> [ImageSelection.Image] {
    var seen: Set<String> = []
    return images.filter { seen.insert($0.identity.seriesInstanceUID).inserted }
  }

  private func document(_ instances: [JSON]) -> JSON {
    let images = selection.images
    let patient = images.first?.identity.patient
    var studies: Set<String> = []
    let series = Self.series(images).map { image in
      JSON.object([
        "instanceUID": .string(image.identity.seriesInstanceUID),
        "studyInstanceUID": .string(image.identity.studyInstanceUID),
        "number": .integer(image.seriesNumber),
        "description": .string(image.identity.seriesDescription ?? ""),
        "modality": .string(image.identity.modality), "kind": .string(image.identity.modality),
      ])
    }
    return [
      "format": .string(Manifest.imagesFormat),
      "software": ["name": .string(software.name), "version": .string(software.version)],
      "label": .string(label),
      "patient": [
        "id": .string(patient?.id ?? ""), "name": JSON(patient?.name),
        "birthDate": JSON(patient?.birthDate), "sex": JSON(patient?.sex),
      ],
      "studies": .array(
        images.filter { studies.insert($0.identity.studyInstanceUID).inserted }.map {
          [
            "instanceUID": .string($0.identity.studyInstanceUID),
            "date": .string($0.studyDate?.iso ?? ""),
            "accessionNumber": .string($0.accessionNumber ?? ""),
            "description": .string($0.identity.studyDescription ?? ""),
          ]
        }),
      "series": series.first ?? .null, "additionalSeries": .array(Array(series.dropFirst())),
      "checks": .array([]), "instances": .array(instances), "review": .array([]),
      "introduction": JSON(introduction),
    ]
  }

  /// What people read before the questions: no patient ID, which they have to give.
  private var introduction: [String] {
    var counts: [String: Int] = [:]
    for image in selection.images { counts[image.identity.seriesInstanceUID, default: 0] += 1 }
    return Self.series(selection.images).map { image in
      let count = counts[image.identity.seriesInstanceUID] ?? 0
      let date = image.studyDate?.iso ?? "without date"
      return
        "Series     \(image.identity.modality), \(image.identity.seriesDescription ?? "no description"), \(date), \(count) \(count == 1 ? "instance" : "instances")"
    }
  }
}

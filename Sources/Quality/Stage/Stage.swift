import Digest
package import Files
import Workers

/// A stage: one folder that holds exactly what will be sent, and how it was judged.
package struct Stage: Sendable {
  package let path: String
  package let manifest: Manifest
  /// SHA-256 of `manifest.json`, 64 hex digits: what a confirmation is bound to.
  package let manifestSHA256: String

  package static let manifestName = "manifest.json"
  package static let confirmationName = "confirmation.json"
  package static let journalName = "journal.jsonl"
  /// Files that are written after the stage was made.
  private static let growing = [confirmationName, journalName]
  static let reviewPageName = "review/index.html"
  package static let contactSheetName = "contact-sheet.png"
  package static let summaryName = "review/summary.json"

  /// No manifest is larger.
  private static let manifestLimit = 64 << 20
  /// No instance of a single picture is larger.
  package static let pictureLimit = 1 << 31

  /// Opens a stage; its slices are not looked at yet.
  package init(path: String) throws(StageError) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    let bytes: [UInt8]
    do {
      bytes = try PrivateFile.read(
        FilePath.joined(path, Self.manifestName), atMost: Self.manifestLimit)
    } catch {
      if FolderListing.exists(FilePath.joined(path, Self.manifestName)) { throw .file(error) }
      if FolderListing.exists(FilePath.joined(path, Self.confirmationName)) {
        throw .missing(file: Self.manifestName)
      }
      throw .notAStage(path: path, reason: error.description)
    }
    do { manifest = try Manifest(parsing: bytes) } catch {
      throw .manifest(path: path, error)
    }
    manifestSHA256 = SHA256.hex(bytes)
  }

  /// Who may read and write the stage beside its owner.
  var group: GroupAccess? { GroupAccess(sharing: path) }

  /// Whether the manifest is as the export wrote it, so far as the site's key can tell.
  package func seal(by key: SiteKey) -> Seal { key.seal(of: manifest.document) }

  package func file(_ name: String) -> String { FilePath.joined(path, name) }

  package var reviewPage: String { file(Self.reviewPageName) }
  package var contactSheet: String { file(Self.contactSheetName) }

  /// The treatment summary that goes out beside the map, as it was staged; `nil` where none does.
  package func summaryBytes() throws(StageError) -> [UInt8]? {
    guard let listed = manifest.summary else { return nil }
    let bytes: [UInt8]
    do { bytes = try PrivateFile.read(file(listed.file), atMost: Self.manifestLimit) } catch {
      throw .file(error)
    }
    guard SHA256.hex(bytes) == listed.sha256 else { throw .changed(file: listed.file) }
    return bytes
  }

  /// Makes sure that the stage holds what its manifest says, byte for byte, and nothing else.
  ///
  /// - Throws: naming a file that is changed, missing, too many, or a link.
  package func requireIntact() throws(StageError) { _ = try provenIntact() }

  /// Makes sure that the stage is intact, on all cores, and keeps what tells later that it still is.
  package func provenIntact() throws(StageError) -> StageProof {
    // Somebody who was killed while confirming, or writing the journal, may have left a file.
    Leftovers.clear(in: path)
    let listing: FolderListing
    do { listing = try FolderListing(path, depth: 3) } catch { throw .file(error) }
    var expected: [String: String?] = [
      Self.manifestName: manifestSHA256, Self.confirmationName: nil, Self.journalName: nil,
    ]
    var pictures: Set<String> = []
    for instance in manifest.instances {
      expected[instance.file] = instance.sha256
      if !instance.isMultiFrame { pictures.insert(instance.file) }
    }
    for file in manifest.review { expected[file.file] = file.sha256 }
    var folders: Set<String> = []
    for name in expected.keys {
      var folder = FilePath.folder(of: name)
      while folder != ".", folders.insert(folder).inserted { folder = FilePath.folder(of: folder) }
    }
    var digested: [(file: String, sha256: String, isPicture: Bool)] = []
    var found: Set<String> = []
    for entry in listing.entries {
      switch entry.kind {
      case .folder:
        guard folders.contains(entry.path) else { throw .foreign(file: entry.path) }
      case .file where Leftovers.isTemporary(entry.path, of: Self.growing): continue
      case .file:
        guard let digest = expected[entry.path] else { throw .foreign(file: entry.path) }
        found.insert(entry.path)
        if let digest { digested.append((entry.path, digest, pictures.contains(entry.path))) }
      case .link, .other: throw .foreign(file: entry.path)
      }
    }
    for (name, digest) in expected where digest != nil && !found.contains(name) {
      throw .missing(file: name)
    }
    let key = Fingerprint.Key()
    let files = digested
    let results = inParallel(files.count) { index in
      let (name, sha256, isPicture) = files[index]
      return fingerprint(of: name, sha256: sha256, isPicture: isPicture, key: key)
    }
    var fingerprints: [String: Fingerprint] = [:]
    for (file, result) in zip(files, results) {
      if let fingerprint = try result.get() { fingerprints[file.file] = fingerprint }
    }
    return StageProof(key: key, fingerprints: fingerprints)
  }

  /// Digests a file; one of a single picture gets a fingerprint as well, of the very same bytes.
  private func fingerprint(
    of name: String, sha256: String, isPicture: Bool, key: Fingerprint.Key
  ) -> Result<Fingerprint?, StageError> {
    do throws(FileTrouble) {
      guard isPicture else {
        let own = try FileDigest.hex(of: file(name))
        return own == sha256 ? .success(nil) : .failure(.changed(file: name))
      }
      let bytes = try PrivateFile.read(file(name), atMost: Self.pictureLimit)
      guard SHA256.hex(bytes) == sha256 else { return .failure(.changed(file: name)) }
      return .success(Fingerprint(of: bytes.span.bytes, key: key))
    } catch { return .failure(.file(error)) }
  }
}

/// Why a stage cannot be used.
package enum StageError: Error, Equatable {
  case notAStage(path: String, reason: String)
  case manifest(path: String, ManifestError)
  case changed(file: String)
  case missing(file: String)
  case foreign(file: String)
  case file(FileTrouble)
}

extension StageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAStage(let path, let reason):
      "\(path) is no stage (\(reason)); name the folder that export made"
    case .manifest(let path, let error): "\(FilePath.joined(path, Stage.manifestName)): \(error)"
    case .changed(let file):
      "\(file) was changed after staging; what was confirmed is void, export again"
    case .missing(let file):
      "\(file) is missing from the stage; what was confirmed is void, export again"
    case .foreign(let file):
      "\(file) does not belong to the stage; what was confirmed is void, take it out or export again"
    case .file(let trouble): "\(trouble)"
    }
  }
}

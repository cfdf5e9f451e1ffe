import Digest
import Files
import SecondaryCapture

/// Where a stage is made: under a name of its own first, under its label when it is whole.
struct StageFolder {
  /// The folder that stages lie in.
  let output: String
  let label: String
  /// Of all its series: what tells one stage under a label from another.
  let seriesInstanceUIDs: [String]
  /// Who may read and write the stage beside its owner.
  let group: GroupAccess?
  /// SHA-256 of the treatment summary that goes out beside the map: another one, another stage.
  let summarySHA256: String?

  init(output: String, naming: SeriesNaming, group: GroupAccess?, summary: [UInt8]?) {
    self.output = output
    self.group = group
    summarySHA256 = summary.map { SHA256.hex($0) }
    label = naming.main.description
    seriesInstanceUIDs = naming.all.map(\.seriesInstanceUID)
  }

  init(output: String, label: String, seriesInstanceUIDs: [String], group: GroupAccess?) {
    self.output = output
    self.label = label
    self.seriesInstanceUIDs = seriesInstanceUIDs
    self.group = group
    summarySHA256 = nil
  }

  /// Where the stage is while it is being made.
  var temporary: String { FilePath.joined(output, ".\(label).part-\(ProcessNumber.own)") }

  /// What a map's stage may be filled with.
  static let folders = ["slices", "review", "review/scan", "review/ink", "review/across"]

  /// Makes the folder that the stage is filled in.
  ///
  /// - Returns: the hold that tells others that somebody is at work in it.
  func makeTemporary(
    with folders: [String] = StageFolder.folders
  ) throws(FileTrouble) -> FolderHold? {
    FolderListing.remove(temporary)
    try PrivateFile.makeFolder(temporary)
    let hold = FolderHold(temporary)
    for folder in folders {
      try PrivateFile.makeFolder(FilePath.joined(temporary, folder))
    }
    return hold
  }

  /// Takes away what exports have left that were killed at their work.
  ///
  /// - Returns: how many there were.
  func removeAbandoned() -> Int {
    Leftovers.clear(in: output)
    guard let listing = try? FolderListing(output, depth: 0) else { return 0 }
    var count = 0
    for entry in listing.entries
    where entry.kind == .folder
      && [".RT_", ".PRIOR_RT_", ".\(label).part-"].contains(where: entry.path.hasPrefix)
    {
      guard let mark = entry.path.ranges(of: ".part-").last,
        let process = Int32(entry.path[mark.upperBound...]), ProcessNumber.isGone(process)
      else { continue }
      let path = FilePath.joined(output, entry.path)
      // On a shared disk the process may run on another machine.
      guard let hold = FolderHold(path) else { continue }
      FolderListing.remove(path)
      hold.release()
      count += 1
    }
    return count
  }

  /// A stage of the very same series that is there already and whole.
  func existing() -> Stage? {
    for name in names {
      let path = FilePath.joined(output, name)
      guard FolderListing.exists(path) else { return nil }
      guard let stage = try? Stage(path: path),
        stage.manifest.series.map(\.instanceUID) == seriesInstanceUIDs,
        stage.manifest.summary?.sha256 == summarySHA256,
        (try? stage.requireIntact()) != nil
      else { continue }
      return stage
    }
    return nil
  }

  /// Gives the folder the label's name, or the first one behind it that is free.
  func publish() throws(ExportError) -> Stage {
    // A stack with gaps has no pictures across it: a stage holds no folder of nothing.
    for folder in Self.folders.reversed() {
      PrivateFile.removeEmptyFolder(FilePath.joined(temporary, folder))
    }
    for name in names {
      let path = FilePath.joined(output, name)
      if FolderListing.exists(path) { continue }
      do {
        try group?.share(temporary)
        try PrivateFile.syncFolder(of: FilePath.joined(temporary, Stage.manifestName))
        try PrivateFile.move(temporary, to: path)
      } catch {
        // Another run may have taken the name since we looked.
        guard FolderListing.exists(path), FolderListing.exists(temporary) else {
          throw .disk(error)
        }
        if let there = existing() { return there }
        continue
      }
      do { return try Stage(path: path) } catch { throw .stage(error) }
    }
    throw .tooManyStages(label)
  }

  private var names: [String] { [label] + (2...99).map { "\(label)-\($0)" } }
}

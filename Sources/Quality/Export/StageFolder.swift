import Files
import SecondaryCapture

/// Where a stage is made: under a name of its own first, under its label when it is whole.
struct StageFolder {
  /// The folder that stages lie in.
  let output: String
  let label: String
  /// Of all its series: what tells one stage under a label from another.
  let seriesInstanceUIDs: [String]

  init(output: String, naming: SeriesNaming) {
    self.output = output
    label = naming.main.description
    seriesInstanceUIDs = naming.all.map(\.seriesInstanceUID)
  }

  /// Where the stage is while it is being made.
  var temporary: String { FilePath.joined(output, ".\(label).part-\(ProcessNumber.own)") }

  func makeTemporary() throws(FileTrouble) {
    FolderListing.remove(temporary)
    try PrivateFile.makeFolder(temporary)
    for folder in ["slices", "review", "review/scan", "review/ink", "review/across"] {
      try PrivateFile.makeFolder(FilePath.joined(temporary, folder))
    }
  }

  /// A stage of the very same series that is there already and whole.
  func existing() -> Stage? {
    for name in names {
      let path = FilePath.joined(output, name)
      guard FolderListing.exists(path) else { return nil }
      guard let stage = try? Stage(path: path),
        stage.manifest.series.map(\.instanceUID) == seriesInstanceUIDs,
        (try? stage.requireIntact()) != nil
      else { continue }
      return stage
    }
    return nil
  }

  /// Gives the folder the label's name, or the first one behind it that is free.
  func publish() throws(ExportError) -> Stage {
    for name in names {
      let path = FilePath.joined(output, name)
      if FolderListing.exists(path) { continue }
      do {
        try PrivateFile.syncFolder(of: FilePath.joined(temporary, Stage.manifestName))
        try PrivateFile.move(temporary, to: path)
      } catch { throw .disk(error) }
      do { return try Stage(path: path) } catch { throw .stage(error) }
    }
    throw .tooManyStages(label)
  }

  private var names: [String] { [label] + (2...99).map { "\(label)-\($0)" } }
}

import DICOM
package import DIMSE
import Files
import CLibrary

/// Fetches series from an archive into a folder, and goes on where it was broken off.
///
/// Each instance lies in `STUDY/SERIES/INSTANCE.dcm`, named by UIDs. It is written under another
/// name, looked at, and only then given its own: what has its name is whole.
package struct Fetching: Sendable {
  package let destination: Destination
  package let interruption: Interruption
  /// Where the studies' folders are made.
  package let folder: String

  /// How often a broken association is replaced before the run is given up.
  private static let attempts = 4

  package init(destination: Destination, interruption: Interruption, folder: String) {
    self.destination = destination
    self.interruption = interruption
    self.folder = folder
  }

  package struct Outcome: Sendable {
    /// Instances that the archive lists.
    package var listed = 0
    package var fetched = 0
    /// Instances that were there before, whole.
    package var wasThere = 0
    package var byteCount = 0
    /// Listed, and not given.
    package var notReturned: [String] = []
    /// Given, and not kept: what is wrong with each.
    package var refused: [(sopInstanceUID: String, reason: String)] = []
    /// The folders of the series.
    package var folders: [String] = []

    package var isWhole: Bool {
      notReturned.isEmpty && refused.isEmpty && fetched + wasThere == listed
    }
  }

  /// Fetches series that a search has found.
  ///
  /// - Parameters:
  ///   - instance: one instance of them alone.
  ///   - progress: told how many of how many instances are there.
  package func run(
    _ series: [ArchiveSearch.Match], instance: String? = nil,
    progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(DeliveryError) -> Outcome {
    var outcome = Outcome()
    let questions = ArchiveQuestions(destination: destination, interruption: interruption)
    var wanted: [SeriesToFetch] = []
    for match in series {
      let one = try SeriesToFetch(match, instance: instance, in: folder, questions)
      outcome.listed += one.listed.count
      outcome.wasThere += one.listed.count - one.waiting.count
      outcome.folders.append(one.folder)
      wanted.append(one)
    }
    progress?(outcome.wasThere, outcome.listed)
    guard wanted.contains(where: { !$0.waiting.isEmpty }) else { return outcome }
    let meanwhile: FetchFolder
    do { meanwhile = try FetchFolder(in: folder) } catch { throw .disk(error) }
    defer { meanwhile.remove() }
    for index in wanted.indices {
      try fetch(&wanted[index], questions, meanwhile, &outcome, progress)
      let bad = Set(outcome.refused.map(\.sopInstanceUID))
      outcome.notReturned += wanted[index].waiting.subtracting(bad).sorted()
    }
    return outcome
  }

  /// Fetches what is left of a series, over as many associations as it takes.
  private func fetch(
    _ series: inout SeriesToFetch, _ questions: ArchiveQuestions, _ meanwhile: FetchFolder,
    _ outcome: inout Outcome, _ progress: (@Sendable (Int, Int) -> Void)?
  ) throws(DeliveryError) {
    var failures = 0
    // Some archives know no lists of instances: then the whole series is asked for.
    var asksForWhole = series.isBestAskedForWhole
    while !series.waiting.isEmpty {
      let before = series.waiting.count
      do {
        try questions.fetch(series.request(whole: asksForWhole, spool: meanwhile.spool)) {
          (instance) throws(DeliveryError) in
          try keep(instance, of: &series, meanwhile, &outcome)
          progress?(outcome.fetched + outcome.wasThere, outcome.listed)
        }
        guard !asksForWhole, !series.waiting.isEmpty, series.isAskedForWhole else { return }
        asksForWhole = true
      } catch {
        if !asksForWhole, series.isAskedForWhole, case .refused = error {
          asksForWhole = true
          continue
        }
        guard case .association(let fault) = error, fault.kind == .transient else { throw error }
        failures = series.waiting.count < before ? 1 : failures + 1
        guard failures < Self.attempts,
          Backoff.wait(seconds: Double(1 << (failures - 1)) * 0.5, unless: interruption)
        else { throw interruption.isInterrupted ? .association(.cancelled) : error }
      }
    }
  }

  /// Looks at an instance and, where it is what was asked for, gives it its name.
  private func keep(
    _ instance: ReturnedInstance, of series: inout SeriesToFetch, _ meanwhile: FetchFolder,
    _ outcome: inout Outcome
  ) throws(DeliveryError) {
    let uid = instance.sopInstanceUID
    // What is there already comes again where the whole series was asked for.
    if series.listed[uid] != nil, !series.waiting.contains(uid) { return }
    guard series.waiting.contains(uid) else {
      if !series.isAskedForWhole { return }
      outcome.refused.append((uid.printableUID, "was not asked for"))
      return
    }
    let path = meanwhile.next
    try instance.write(to: path)
    defer { PrivateFile.remove(path) }
    if let reason = series.objection(to: path, sopInstanceUID: uid) {
      outcome.refused.append((uid, reason))
      return
    }
    do {
      try PrivateFile.makeFolders(series.folder)
      let target = series.path(of: uid)
      let file = try DICOMFile.read(path: path)
      try PrivateFile.move(path, to: target)
      outcome.byteCount += file.byteCount
    } catch let error as FileTrouble {
      throw .disk(error)
    } catch let error as FileError {
      throw .file(error)
    } catch { throw .association(.cancelled) }
    series.waiting.remove(uid)
    outcome.fetched += 1
  }
}

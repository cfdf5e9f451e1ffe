package import DICOM
package import DIMSE
package import Quality
import CLibrary

/// Asks an archive what it holds of a stage, fetches it back and compares.
package struct Verification: Sendable {
  package let stage: Stage
  package let destination: Destination
  package let interruption: Interruption

  package init(stage: Stage, destination: Destination, interruption: Interruption) {
    self.stage = stage
    self.destination = destination
    self.interruption = interruption
  }

  package struct Finding: Sendable, Equatable {
    package let sopInstanceUID: String
    /// As it was staged; `nil` where the stage holds no such instance.
    package let instance: Manifest.Instance?
    package let what: What
  }

  package enum What: Sendable, Equatable {
    case missing
    case notReturned
    case extra
    case altered([Tag])
  }

  package struct Outcome: Sendable {
    package var expected = 0
    /// Instances that came back and are what was confirmed.
    package var identical = 0
    package var findings: [Finding] = []
    /// What the archive put right on its own, and in how many instances.
    package var coerced: [Tag: Int] = [:]

    package var isWhole: Bool { findings.isEmpty && identical == expected }
  }

  /// Counts at image level, fetches every instance, compares it with the staged one.
  package func run(
    journal: borrowing Journal, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(DeliveryError) -> Outcome {
    do { try stage.requireIntact() } catch { throw .stage(error) }
    let manifest = stage.manifest
    let questions = ArchiveQuestions(destination: destination, interruption: interruption)
    var held: [String: Set<String>] = [:]
    for series in manifest.series {
      held[series.instanceUID] = try questions.instances(
        study: series.studyInstanceUID, series: series.instanceUID)
    }
    var entries: [String: Manifest.Instance] = [:]
    for entry in manifest.instances { entries[entry.sopInstanceUID] = entry }
    var outcome = Outcome()
    outcome.expected = entries.count
    for uid in held.values.joined().sorted() where entries[uid] == nil {
      outcome.findings.append(Finding(sopInstanceUID: uid, instance: nil, what: .extra))
    }
    var returned: Set<String> = []
    for series in manifest.series {
      guard held[series.instanceUID]?.contains(where: { entries[$0] != nil }) == true else {
        continue
      }
      let own = manifest.instances.filter { $0.seriesInstanceUID == series.instanceUID }
      let request = RetrieveRequest(
        study: series.studyInstanceUID, series: series.instanceUID, expected: own.count,
        classes: Set(own.map(\.sopClassUID)).sorted(), syntaxes: try syntaxes(of: own),
        spool: "\(stage.path).returned-\(getpid())-")
      try questions.fetch(request) { (instance) throws(DeliveryError) in
        let uid = instance.sopInstanceUID
        guard let entry = entries[uid], returned.insert(uid).inserted else { return }
        let staged = try StagedInstance(entry, of: stage)
        let comparison: InstanceComparison
        do throws(FetchTrouble) {
          comparison = try FetchedInstance.received(
            entry, of: stage, instance
          ) { InstanceComparison(staged: staged.file, fetched: $0) }
        } catch {
          if case .failed(let failure) = error { throw failure }
          comparison = InstanceComparison(unreadable: ())
        }
        for tag in comparison.coerced { outcome.coerced[tag, default: 0] += 1 }
        if comparison.isUnaltered {
          outcome.identical += 1
        } else {
          outcome.findings.append(
            Finding(
              sopInstanceUID: uid, instance: entry, what: .altered(comparison.altered)))
        }
        progress?(returned.count, entries.count)
      }
    }
    for entry in manifest.instances where !returned.contains(entry.sopInstanceUID) {
      outcome.findings.append(
        Finding(
          sopInstanceUID: entry.sopInstanceUID, instance: entry,
          what: held[entry.seriesInstanceUID]?.contains(entry.sopInstanceUID) == true
            ? .notReturned : .missing))
    }
    try write(outcome, returned, to: journal)
    return outcome
  }

  /// In which syntaxes a series may come back: packed only where it was staged so.
  private func syntaxes(
    of instances: [Manifest.Instance]
  ) throws(DeliveryError) -> [[TransferSyntax]] {
    let native: [TransferSyntax] = [.explicitVRLittleEndian, .implicitVRLittleEndian]
    var packed: [TransferSyntax] = []
    // A map is packed in one way, images may come in any.
    for entry in stage.manifest.isOfImages ? instances : Array(instances.prefix(1)) {
      let own: TransferSyntax
      do { own = try DICOMFile.read(path: stage.file(entry.file)).transferSyntax } catch {
        throw .file(error)
      }
      if !native.contains(own), !packed.contains(own) { packed.append(own) }
    }
    return stage.manifest.isOfImages ? packed.map { [$0] } + [native] : [packed + native]
  }

  private func write(
    _ outcome: Outcome, _ returned: Set<String>, to journal: borrowing Journal
  ) throws(DeliveryError) {
    let bad = Set(outcome.findings.map(\.sopInstanceUID))
    do {
      for entry in stage.manifest.instances {
        let uid = entry.sopInstanceUID
        if bad.contains(uid) {
          let finding = outcome.findings.first { $0.sopInstanceUID == uid }
          // What is missing goes out again with the next push; what is altered does not.
          if finding?.what == .missing {
            try journal.write(
              .init(pacs: destination.name, kind: .missing, sopInstanceUID: uid))
          }
        } else {
          try journal.write(
            .init(pacs: destination.name, kind: .verified, sopInstanceUID: uid))
        }
      }
      try journal.flush()
    } catch { throw .disk(error) }
  }
}

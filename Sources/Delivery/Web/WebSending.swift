import DICOM
import DICOMweb
import DIMSE
import HTTP
import Quality

/// Sends what is missing over STOW-RS: a few instances in each request.
///
/// What counts as stored is what the answer's lists name, one by one; a status of 200 proves nothing.
struct WebSending {
  let stage: Stage
  /// That the stage was found intact in this run.
  let proof: StageProof?
  let name: String
  let service: WebArchive
  let interruption: Interruption

  /// How often a request is repeated before the run is given up.
  private static let attempts = 4

  /// Sends until nothing waits.
  func run(
    _ waiting: [Manifest.Instance], of total: Int, _ outcome: inout Sending.Outcome,
    _ journal: borrowing Journal, _ progress: (@Sendable (Int, Int, Int) -> Void)?
  ) throws(DeliveryError) {
    let clock = ContinuousClock()
    let start = clock.now
    defer { outcome.duration = clock.now - start }
    var left = waiting[...]
    // What a service takes unpacked alone.
    var packed: [Manifest.Instance] = []
    var failures = 0
    var isUnpacked = false
    while !left.isEmpty || !packed.isEmpty {
      if left.isEmpty {
        (left, packed, isUnpacked) = (packed[...], [], true)
      }
      let parcel = try StoreParcel(left, of: stage, proof, isUnpacked: isUnpacked)
      defer { parcel.discard() }
      let answer: StoreAnswer
      do { answer = try parcel.send(to: service) } catch {
        failures += 1
        if error.kind == .transient, failures < Self.attempts,
          Backoff.wait(seconds: WebPatience.seconds(after: error, failures), unless: interruption)
        {
          continue
        }
        let failure = DeliveryError.web(interruption.isInterrupted ? .web(.stopped) : error)
        // Before the first answer nothing was begun: the caller says what is wrong.
        let isBegun =
          outcome.sent + outcome.alreadyThere + outcome.refused.count + outcome.duplicates.count > 0
        guard isBegun else { throw failure }
        outcome.brokenOff = failure
        return
      }
      failures = 0
      left = left.dropFirst(parcel.entries.count)
      outcome.bytes += parcel.byteCount
      for (entry, syntax) in zip(parcel.entries, parcel.syntaxes) {
        let result = answer.results[entry.sopInstanceUID]
        if case .failed(Self.unsupportedSyntax)? = result, !syntax.isNative, !isUnpacked {
          packed.append(entry)
          continue
        }
        try record(result, of: entry, syntax, answer, in: &outcome, journal)
      }
      do { try journal.flush() } catch { throw .disk(error) }
      progress?(outcome.alreadyThere + outcome.sent, total, outcome.bytes)
    }
  }

  /// The referenced transfer syntax is not supported.
  ///
  /// PS3.18 table 10.5.3-1.
  private static let unsupportedSyntax: UInt16 = 0xC122

  private func record(
    _ result: StoreAnswer.Result?, of entry: Manifest.Instance, _ syntax: TransferSyntax,
    _ answer: StoreAnswer, in outcome: inout Sending.Outcome, _ journal: borrowing Journal
  ) throws(DeliveryError) {
    var event = Journal.Event(
      pacs: name, kind: .sent, sopInstanceUID: entry.sopInstanceUID, status: "0000",
      transferSyntax: syntax.uid)
    switch result {
    case .stored?: outcome.acknowledge(entry)
    case .warning(let reason)?:
      let warning = Answer(.store, status: Status(reason))
      outcome.acknowledge(entry)
      outcome.warnings.append((entry, warning))
      event.status = "\(warning.status)"
      try append(event, to: journal)
      event.kind = .warning
      event.detail = "\(warning)"
    case .failed(Status.duplicateInstance.code)?:
      outcome.duplicates.append(entry)
      event.kind = .warning
      event.status = "\(Status.duplicateInstance)"
      event.detail = "\(Answer(.store, status: .duplicateInstance))"
    case .failed(let reason)?:
      let isStillPacked = reason == Self.unsupportedSyntax && !syntax.isNative
      refuse(
        &event, reason.map { "\(Status($0))" },
        Self.words(reason)
          + (isStillPacked ? "; it cannot be unpacked without changing something" : ""),
        isTransient: reason.map { Status($0).isTransient } ?? false,
        advice: reason == Self.unsupportedSyntax
          ? nil : Status(reason ?? Status.processingFailure.code).advice(for: .store), entry,
        &outcome)
    case nil:
      let unnamed = answer.unnamedFailures.map(Self.words)
      refuse(
        &event, nil,
        unnamed.isEmpty
          ? "neither among the stored nor among the failed of the answer: not acknowledged"
          : "not acknowledged; without a name the answer lists: \(Set(unnamed).sorted().joined(separator: "; "))",
        isTransient: false, entry, &outcome)
    }
    try append(event, to: journal)
  }

  private func refuse(
    _ event: inout Journal.Event, _ status: String?, _ reason: String, isTransient: Bool,
    advice: String? = nil, _ entry: Manifest.Instance, _ outcome: inout Sending.Outcome
  ) {
    outcome.refused.append(
      .init(instance: entry, reason: reason, isTransient: isTransient, advice: advice))
    event.kind = .refused
    event.status = status
    event.detail = reason
  }

  /// A Failure Reason (0008,1197) in words: mostly those of a C-STORE.
  static func words(_ reason: UInt16?) -> String {
    guard let reason else { return "refused without a reason" }
    return reason == unsupportedSyntax
      ? "this transfer syntax is not supported (C122)" : Status(reason).words(for: .store)
  }

  private func append(
    _ event: Journal.Event, to journal: borrowing Journal
  ) throws(DeliveryError) {
    do { try journal.write(event) } catch { throw .disk(error) }
  }
}

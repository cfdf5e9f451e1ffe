import Console
import DICOM
import DIMSE
import Delivery
import Radiotherapy

/// What `doctor` tries of an archive over DIMSE; nothing is stored, and nobody's data is asked for.
struct ArchiveExamination {
  let destination: Destination
  let interruption: DIMSE.Interruption

  var title: String { destination.callingAETitle.text }

  func report(showing: @escaping (DoctorReport.Step) -> Void) -> DoctorReport {
    var report = DoctorReport(showing: showing)
    report.request = request
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle,
        contexts: [.verification] + Self.needs.map { ContextProposal($0.sopClassUID, [$0.syntax]) }
          + [.find(.study), .move(.study), .storageCommitment],
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch {
      addSteps(to: error, &report)
      report.fail(CommandFailure(.association(error), at: destination))
      return report
    }
    report.add("resolve", destination.peer.host)
    report.add("connect", "port \(destination.peer.port)")
    report.add("associate", "as \(title) with \(destination.peer.aeTitle.text)")
    do {
      let answer = try association.echo()
      report.add("C-ECHO", "\(answer)", answer.status.isDone ? .ok : .failed)
      if !answer.status.isDone {
        fail(
          "does not answer C-ECHO with success; ask the PACS team for the line in their log",
          &report)
      }
      try association.release()
    } catch {
      association.abort()
      report.add("C-ECHO", "\(error)", .failed)
      report.fail(CommandFailure(.association(error), at: destination))
      return report
    }
    examineStoring(association, &report)
    let others = association.answers.suffix(3).map(\.isAccepted)
    examineQuestions(finds: others[0], moves: others[1], &report)
    if !interruption.isInterrupted { examineCommitment(isOffered: others[2], &report) }
    return report
  }

  func fail(_ what: String, _ report: inout DoctorReport) {
    report.fail(CommandFailure(.unavailable, "\(destination.name) \(what)"))
  }

  private func examineStoring(_ association: Association, _ report: inout DoctorReport) {
    let stores = association.transferSyntaxes(for: Radiotherapy.SOPClass.secondaryCapture)
      .contains { $0.isNative }
    for (need, answer) in zip(Self.needs, association.answers.dropFirst()) {
      let name = Dictionary.name(ofUID: need.sopClassUID) ?? need.sopClassUID
      let reason = answer.isAccepted ? "" : ": \(answer.result.map { "\($0)" } ?? "not answered")"
      // Of the two forms of a plain map one is enough.
      let isWanting = need.isEssential && !stores
      report.add(
        "store", "\(name), \(need.syntax.name), for \(need.use)\(reason)",
        answer.isAccepted ? .ok : isWanting ? .failed : .missing)
    }
    if !stores {
      fail(
        "accepts no Secondary Capture; ask the PACS team to allow Secondary Capture Image Storage for \(title)",
        &report)
    }
  }

  /// Query and retrieval, in the way that the destination is set for.
  private func examineQuestions(finds: Bool, moves: Bool, _ report: inout DoctorReport) {
    let needed: DoctorReport.Verdict = destination.canBeAsked ? .failed : .missing
    report.add(
      "query", finds ? "Study Root FIND" : "Study Root FIND not accepted", finds ? .ok : needed)
    if !finds, destination.canBeAsked {
      fail(
        "accepts no Study Root FIND; ask the PACS team to allow it for \(title), or export with --no-query",
        &report)
    }
    let trial: Trial
    switch destination.retrieval {
    case .none, .web: return
    case .move:
      guard moves else {
        report.add("retrieval", "Study Root MOVE not accepted", needed)
        if destination.canBeAsked {
          fail("accepts no Study Root MOVE; ask the PACS team to allow it for \(title)", &report)
        }
        return
      }
      trial = tryMoving()
    case .get:
      guard let tried = tryGetting() else {
        report.add(
          "retrieval", "Study Root GET not accepted, or not with us as the one who stores", needed)
        if destination.canBeAsked {
          fail(
            moves
              ? "accepts no Study Root GET but MOVE; set \"retrieve\": \"move\" in the configuration, and let the PACS team enter \(title) with this machine's address and port \(destination.ownPort)"
              : "accepts no Study Root GET; ask the PACS team to allow it for \(title), or export with --no-query",
            &report)
        }
        return
      }
      trial = tried
    }
    report.add("retrieval", trial.detail, trial.objection == nil ? .ok : needed)
    if let objection = trial.objection, destination.canBeAsked { fail(objection, &report) }
  }

  /// How far it came before it failed.
  private func addSteps(to error: AssociationError, _ report: inout DoctorReport) {
    if case .cannotResolve = error { return report.add("resolve", "\(error)", .failed) }
    report.add("resolve", destination.peer.host)
    switch error {
    case .cannotConnect, .connectTimeout: report.add("connect", "\(error)", .failed)
    default:
      report.add("connect", "port \(destination.peer.port)")
      report.add("associate", "\(error)", .failed)
    }
  }
}

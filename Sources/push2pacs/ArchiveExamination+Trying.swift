import Console
import DICOM
import DIMSE
import Delivery
import Digest
import Radiotherapy

/// Retrieval and storage commitment, tried on what does not exist.
extension ArchiveExamination {
  /// What came of trying something.
  struct Trial {
    var detail: String
    /// What to do, where it would not work.
    var objection: String?
  }

  /// A study that nobody has.
  private var nobodysStudy: DataSet {
    get throws(EncodingError) {
      var keys = DataSet()
      try keys.set(.studyInstanceUID, unique("study"))
      return keys
    }
  }

  private func unique(_ what: String) -> String {
    DerivedUID.make(from: ["doctor", what, destination.name, Surroundings.unique])
  }

  /// Asks for a study that does not exist to be sent on the association that asks.
  ///
  /// - Returns: `nil` where the archive does not accept that.
  func tryGetting() -> Trial? {
    let capture = Radiotherapy.SOPClass.secondaryCapture
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle,
        contexts: [.get(.study), ContextProposal(capture, role: .provider)],
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch { return nil }
    let contexts = association.contexts
    guard contexts.contains(where: { $0.sopClassUID == QueryRoot.study.getSOPClass }),
      contexts.contains(where: { $0.sopClassUID == capture && $0.requestorIsProvider })
    else {
      association.abort()
      return nil
    }
    do {
      let outcome = try association.get(.study, level: .study, keys: try nobodysStudy) { _, _ in
        .processingFailure
      }
      do { try association.release() } catch { association.abort() }
      return judged(outcome.answer, "Study Root GET")
    } catch {
      association.abort()
      return Trial(
        detail: "Study Root GET: \(error)",
        objection: "does not answer a C-GET for a study that does not exist: \(error)")
    }
  }

  /// Asks for a study that does not exist to be sent to our own port.
  func tryMoving() -> Trial {
    let port = destination.ownPort
    if let deaf = OwnPort.objection(of: destination) {
      return Trial(
        detail: "Study Root MOVE, but we cannot listen for what it sends: \(deaf)",
        objection:
          "would send to port \(port) of this machine, where we cannot listen: \(deaf)")
    }
    do {
      let association = try Association.request(
        to: destination.peer, as: destination.callingAETitle, contexts: [.move(.study)],
        options: .init(timeouts: destination.timeouts), interruption: interruption)
      do {
        let outcome = try association.move(
          .study, level: .study, keys: try nobodysStudy, to: destination.callingAETitle)
        do { try association.release() } catch { association.abort() }
        guard outcome.answer.status == .moveDestinationUnknown else {
          // Many archives look the destination up only when there is something to send.
          var trial = judged(outcome.answer, "Study Root MOVE")
          trial.detail +=
            ". Nothing was sent to us, so this does not show that it knows \(title) at this machine's address and port \(port), nor that a firewall lets its call through: the first verify or fetch shows that"
          return trial
        }
        return Trial(
          detail: "Study Root MOVE: \(outcome.answer)",
          objection:
            "does not know \(title) as a destination (A801); ask the PACS team to enter it with this machine's address and port \(port)"
        )
      } catch {
        association.abort()
        throw error
      }
    } catch {
      return Trial(
        detail: "Study Root MOVE: \(error)",
        objection: "does not answer a C-MOVE for a study that does not exist: \(error)")
    }
  }

  /// Whether somebody who asks for what is not there was understood, and is allowed to ask.
  private func judged(_ answer: Answer, _ what: String) -> Trial {
    let detail = "\(what); asked for a study that does not exist, it says: \(answer)"
    switch answer.status {
    case .notAuthorized, .sopClassNotSupported, .unrecognizedOperation:
      return Trial(
        detail: detail,
        objection:
          "refuses retrieval: \(answer); ask the PACS team to allow it for \(title)")
    default:
      // How an archive says that it has nothing is its own affair: 0000, A702, A900, C000.
      return Trial(detail: detail)
    }
  }

  /// Asks for a promise to keep an instance that does not exist: the word comes, and says no.
  func examineCommitment(isOffered: Bool, _ report: inout DoctorReport) {
    let needsPromise = destination.commitment == .required
    let wanting: DoctorReport.Verdict = needsPromise ? .failed : .missing
    func add(_ detail: String, _ objection: String?) {
      report.add("storage commitment", detail, objection == nil ? .ok : wanting)
      if let objection, needsPromise { fail(objection, &report) }
    }
    guard isOffered else {
      return add(
        "not offered; only verify --commit needs it",
        "does not offer storage commitment, which the configuration requires")
    }
    var asked = destination
    // A person waits: longer only where the site wants promises.
    asked.commitmentTime = min(
      destination.commitmentTime, destination.commitment == .off ? .seconds(3) : .seconds(15))
    let ending: CommitmentQuestion.Ending
    do {
      ending = try CommitmentQuestion(destination: asked, interruption: interruption).run(
        [
          .init(
            sopClassUID: Radiotherapy.SOPClass.secondaryCapture,
            sopInstanceUID: unique("instance"))
        ], transactionUID: unique("transaction"))
    } catch {
      return add("offered, but: \(error)", "offers storage commitment, but: \(error)")
    }
    switch ending {
    case .answered(let outcome):
      add(
        "offered; asked for an instance that does not exist, its word came "
          + (outcome.hasCalledBack
            ? "at our port \(destination.ownPort)" : "on the same association")
          + (outcome.committed.isEmpty
            ? "" : ", and promises to keep what it does not have: do not rely on it"),
        outcome.committed.isEmpty
          ? nil : "promises to keep an instance that does not exist; its promises prove nothing")
    case .notOffered: add("not offered", "does not offer storage commitment")
    case .refused(let answer):
      // Some say so at once that they do not know the instance.
      let isKnown =
        answer.status == .noSuchInstance || answer.status == .processingFailure
        || answer.status == .invalidArgument
      add(
        "offered; asked for an instance that does not exist, it says: \(answer)",
        isKnown ? nil : "refuses storage commitment: \(answer)")
    case .silent(let deaf):
      add(
        deaf.map { "offered; its word was not heard: \($0)" }
          ?? "offered; no word within \(asked.commitmentTime.components.seconds) s, it may not reach \(title) at this machine, port \(destination.ownPort)",
        "gives no word on storage commitment; ask the PACS team whether it knows \(title) at this machine's address and port \(destination.ownPort), and whether a firewall stands between"
      )
    }
  }
}

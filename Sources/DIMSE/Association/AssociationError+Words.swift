import DICOM

extension AssociationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotResolve(let host, let detail):
      "the host \(host) is not known (\(detail)). Check the name, or use its address."
    case .cannotConnect(let host, let port, let detail):
      "no connection to \(host) port \(port) (\(detail)). Check address and port; ask whether the"
        + " PACS runs and a firewall stands between."
    case .connectTimeout(let host, let port):
      "\(host) port \(port) does not answer. Check address and port; ask whether a firewall stands"
        + " between."
    case .rejected(let reject):
      "PACS refused the association: \(reject). \(reject.advice)"
    case .aborted(let abort, let phase):
      "PACS aborted the association while \(phase), \(abort). Ask the PACS team for the line in"
        + " their log."
    case .noAcceptedContext(let answers):
      "PACS accepted none of \(answers.count) presentation contexts\(Self.reasons(answers)). Ask the"
        + " PACS team to switch these SOP classes on for our AE title."
    case .noContext(let sopClass, let syntax):
      "PACS did not accept \(name(sopClass))\(syntax.map { " as \(name($0))" } ?? "")."
        + " Ask the PACS team to switch it on for our AE title."
    case .tooManyContexts(let count):
      "\(count) presentation contexts are needed, an association has at most 128. Send fewer kinds"
        + " of objects at once."
    case .timeout(let phase):
      "PACS fell silent while \(phase). Run it again; ask the PACS team when it stays so."
    case .connectionLost(let phase, let detail):
      "the connection broke while \(phase) (\(detail)). Run it again."
    case .protocolViolation(let violation):
      "PACS broke the protocol: \(violation). Tell the PACS team."
    case .cancelled: "stopped"
    case .ended: "the association has ended"
    case .cannotKeep(let detail), .cannotEncode(let detail): detail
    }
  }

  /// The distinct reasons of refused contexts, in words.
  private static func reasons(_ answers: [ContextAnswer]) -> String {
    var seen: [String] = []
    for answer in answers {
      let words = answer.result.map(\.description) ?? "not answered"
      let line = "\(name(answer.proposed.abstractSyntax)): \(words)"
      if !seen.contains(line) { seen.append(line) }
    }
    guard !seen.isEmpty else { return "" }
    let shown = seen.prefix(3).joined(separator: "; ")
    return seen.count > 3 ? " (\(shown); and \(seen.count - 3) more)" : " (\(shown))"
  }
}

extension AssociationError.Phase: CustomStringConvertible {
  package var description: String {
    switch self {
    case .connecting: "connecting"
    case .associating: "asking for the association"
    case .sending: "sending"
    case .awaitingResponse: "waiting for its answer"
    case .receiving: "receiving"
    case .releasing: "releasing the association"
    case .idle: "idle"
    }
  }
}

extension ProtocolViolation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badPDU(let error): "\(error)"
    case .unexpectedPDU(let what): "unexpected \(what)"
    case .badCommand(let error): "\(error)"
    case .unknownContext(let id): "data in presentation context \(id), which was not accepted"
    case .transferSyntaxNotProposed(let id, let uid):
      "presentation context \(id) accepted as \(name(uid)), which was not proposed"
    case .mixedFragments: "fragments of two messages mixed"
    case .tooLong(let limit): "a message of more than \(limit) bytes where that is too much"
    case .maximumLengthTooSmall(let length): "a maximum length of \(length) bytes, too small to use"
    case .wrongMessageID(let expected, let found):
      "an answer to message \(found.map(String.init) ?? "without number"), expected \(expected)"
    case .wrongResponse(let expected, let found): "\(found) where \(expected) was expected"
    case .wrongInstance(let expected, let found):
      "an answer for instance \(found), sent \(expected)"
    case .statusMissing(let field): "\(field) without a status"
    case .dataSetMissing(let field): "\(field) without its data set"
    case .badDataSet(let why): "a data set that cannot be read: \(why)"
    }
  }
}

/// The name of a UID, the UID itself where it has none.
func name(_ uid: String) -> String { Dictionary.name(ofUID: uid) ?? uid }

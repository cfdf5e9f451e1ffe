package import DICOM

/// How the peer answered a request.
package struct Answer: Hashable, Sendable {
  /// The kind of the request.
  package var field: CommandField
  package var status: Status
  /// What the peer says about it, where it does.
  package var errorComment: String?
  package var offendingElements: [Tag]

  package init(
    _ field: CommandField, status: Status, errorComment: String? = nil,
    offendingElements: [Tag] = []
  ) {
    self.field = field
    self.status = status
    self.errorComment = errorComment
    self.offendingElements = offendingElements
  }

  /// What stands in a response.
  init(_ response: Command) {
    self.init(
      CommandField(rawValue: response.field.rawValue & 0x7FFF),
      status: response.status ?? .processingFailure, errorComment: response.errorComment,
      offendingElements: response.offendingElements)
  }

  /// What to do, or to ask of those who run the peer.
  package var advice: String? { status.advice(for: field) }

  /// The status in words and, as a sentence of its own, what to do about it.
  package var withAdvice: String { description + (advice.map { ". \($0)" } ?? "") }
}

extension Answer: CustomStringConvertible {
  /// `refused: out of resources (A700), "disk full"`.
  package var description: String {
    var words = status.words(for: field)
    if let errorComment, !errorComment.isEmpty { words += ", \"\(errorComment)\"" }
    if !offendingElements.isEmpty {
      words += ", elements " + offendingElements.map(\.number).joined(separator: " ")
    }
    return words
  }
}

/// What is sent with a C-STORE besides the data set.
///
/// PS3.7 section 9.1.1.
package struct StoreRequest: Hashable, Sendable {
  package var sopClassUID: String
  package var sopInstanceUID: String
  /// Who asked for this instance by C-MOVE, and in which message.
  package var moveOriginator: MoveOriginator?

  package struct MoveOriginator: Hashable, Sendable {
    package var aeTitle: AETitle
    package var messageID: UInt16
  }

  package init(
    sopClassUID: String, sopInstanceUID: String, moveOriginator: MoveOriginator? = nil
  ) {
    self.sopClassUID = sopClassUID
    self.sopInstanceUID = sopInstanceUID
    self.moveOriginator = moveOriginator
  }

  func command(messageID: UInt16) -> Command {
    var command = Command(.store, hasDataSet: true)
    command.messageID = messageID
    command.affectedSOPClassUID = sopClassUID
    command.affectedSOPInstanceUID = sopInstanceUID
    command.priority = 0
    command.moveOriginatorAETitle = moveOriginator?.aeTitle
    command.moveOriginatorMessageID = moveOriginator?.messageID
    return command
  }
}

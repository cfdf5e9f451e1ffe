package import DICOM

/// What a message asks for or answers: a command set.
///
/// PS3.7 section 6.3, Annex E.
package struct Command: Hashable, Sendable {
  package var field: CommandField
  package var affectedSOPClassUID: String?
  package var requestedSOPClassUID: String?
  package var messageID: UInt16?
  package var messageIDBeingRespondedTo: UInt16?
  package var moveDestination: AETitle?
  package var priority: UInt16?
  /// 0101H: no data set; anything else: a data set follows.
  package var dataSetType: UInt16
  package var status: Status?
  package var offendingElements: [Tag] = []
  package var errorComment: String?
  package var errorID: UInt16?
  package var affectedSOPInstanceUID: String?
  package var requestedSOPInstanceUID: String?
  package var eventTypeID: UInt16?
  package var attributeIdentifiers: [Tag] = []
  package var actionTypeID: UInt16?
  package var remainingCount: UInt16?
  package var completedCount: UInt16?
  package var failedCount: UInt16?
  package var warningCount: UInt16?
  package var moveOriginatorAETitle: AETitle?
  package var moveOriginatorMessageID: UInt16?

  package init(_ field: CommandField, hasDataSet: Bool = false) {
    self.field = field
    dataSetType = hasDataSet ? 0x0001 : Self.noDataSet
  }

  /// Command Data Set Type (0000,0800) of a message without a data set.
  package static let noDataSet: UInt16 = 0x0101

  package var hasDataSet: Bool {
    get { dataSetType != Self.noDataSet }
    set { dataSetType = newValue ? 0x0001 : Self.noDataSet }
  }

  /// The SOP class that this is about, whatever it is called in this kind of message.
  package var sopClassUID: String? { affectedSOPClassUID ?? requestedSOPClassUID }

  /// The SOP instance that this is about, whatever it is called in this kind of message.
  package var sopInstanceUID: String? { affectedSOPInstanceUID ?? requestedSOPInstanceUID }

  /// The answer to this request, with its message ID and what it is about.
  package func response(_ status: Status, hasDataSet: Bool = false) -> Command {
    var answer = Command(field.response, hasDataSet: hasDataSet)
    answer.messageIDBeingRespondedTo = messageID
    answer.status = status
    answer.affectedSOPClassUID = sopClassUID
    answer.affectedSOPInstanceUID = sopInstanceUID
    return answer
  }
}

/// Command Field (0000,0100): the kind of a message.
///
/// PS3.7 Annex E.
package struct CommandField: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let store = CommandField(rawValue: 0x0001)
  package static let get = CommandField(rawValue: 0x0010)
  package static let find = CommandField(rawValue: 0x0020)
  package static let move = CommandField(rawValue: 0x0021)
  package static let echo = CommandField(rawValue: 0x0030)
  package static let eventReport = CommandField(rawValue: 0x0100)
  package static let getAttributes = CommandField(rawValue: 0x0110)
  package static let setAttributes = CommandField(rawValue: 0x0120)
  package static let action = CommandField(rawValue: 0x0130)
  package static let create = CommandField(rawValue: 0x0140)
  package static let delete = CommandField(rawValue: 0x0150)
  package static let cancel = CommandField(rawValue: 0x0FFF)

  package var isResponse: Bool { rawValue & 0x8000 != 0 }

  /// The kind of the answer to a request.
  package var response: CommandField { CommandField(rawValue: rawValue | 0x8000) }
}

extension CommandField: CustomStringConvertible {
  package var description: String {
    let name =
      switch CommandField(rawValue: rawValue & 0x7FFF) {
      case .store: "C-STORE"
      case .get: "C-GET"
      case .find: "C-FIND"
      case .move: "C-MOVE"
      case .echo: "C-ECHO"
      case .eventReport: "N-EVENT-REPORT"
      case .getAttributes: "N-GET"
      case .setAttributes: "N-SET"
      case .action: "N-ACTION"
      case .create: "N-CREATE"
      case .delete: "N-DELETE"
      case .cancel: "C-CANCEL"
      default: "command \(hex(rawValue))"
      }
    return name + (isResponse ? "-RSP" : "-RQ")
  }
}

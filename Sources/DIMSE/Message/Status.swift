/// Status (0000,0900): how a request ended, or goes on.
///
/// PS3.7 Annex C.
package struct Status: Hashable, Sendable {
  package let code: UInt16

  package init(_ code: UInt16) { self.code = code }

  package static let success = Status(0x0000)
  package static let pending = Status(0xFF00)
  /// Pending, and some optional keys were not matched.
  package static let pendingKeysIgnored = Status(0xFF01)
  package static let cancelled = Status(0xFE00)
  package static let processingFailure = Status(0x0110)
  package static let duplicateInstance = Status(0x0111)
  package static let noSuchInstance = Status(0x0112)
  package static let noSuchEventType = Status(0x0113)
  package static let invalidArgument = Status(0x0115)
  package static let invalidInstance = Status(0x0117)
  package static let classInstanceConflict = Status(0x0119)
  package static let sopClassNotSupported = Status(0x0122)
  package static let noSuchAction = Status(0x0123)
  package static let notAuthorized = Status(0x0124)
  package static let unrecognizedOperation = Status(0x0211)
  package static let resourceLimitation = Status(0x0213)
  package static let outOfResources = Status(0xA700)
  package static let cannotCountMatches = Status(0xA701)
  package static let cannotPerformSubOperations = Status(0xA702)
  package static let moveDestinationUnknown = Status(0xA801)
  package static let doesNotMatchSOPClass = Status(0xA900)
  package static let subOperationsWithFailures = Status(0xB000)
  package static let cannotUnderstand = Status(0xC000)

  package enum Category: Sendable {
    case success, warning, pending, cancelled, failure
  }

  package var category: Category {
    switch code {
    case 0x0000: .success
    case 0xFF00, 0xFF01: .pending
    case 0xFE00: .cancelled
    case 0x0001, 0x0107, 0x0116, 0xB000...0xBFFF: .warning
    default: .failure
    }
  }

  /// Whether the peer has done what was asked: success, perhaps with a warning.
  package var isDone: Bool { category == .success || category == .warning }

  /// Whether the same request may succeed later: the peer is out of room, memory or time.
  package var isTransient: Bool { (0xA700...0xA7FF).contains(code) || code == 0x0213 }
}

extension Status: CustomStringConvertible {
  package var description: String { hex(code) }
}

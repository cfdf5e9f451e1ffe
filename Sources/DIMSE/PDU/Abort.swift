/// A-ABORT: one side hangs up.
///
/// PS3.8 section 9.3.8.
package struct Abort: Hashable, Sendable {
  /// 0 the application, 2 the provider of the upper layer.
  package var source: UInt8
  /// Means something only where the provider hung up.
  package var reason: UInt8

  package init(source: UInt8, reason: UInt8) {
    self.source = source
    self.reason = reason
  }

  package static let user = Abort(source: 0, reason: 0)
  package static let notSpecified = Abort(source: 2, reason: 0)
  package static let unrecognizedPDU = Abort(source: 2, reason: 1)
  package static let unexpectedPDU = Abort(source: 2, reason: 2)
  package static let unrecognizedParameter = Abort(source: 2, reason: 4)
  package static let unexpectedParameter = Abort(source: 2, reason: 5)
  package static let invalidParameter = Abort(source: 2, reason: 6)
}

extension Abort: CustomStringConvertible {
  /// The codes in words, and the codes.
  ///
  /// PS3.8 Table 9-26.
  package var description: String {
    guard source == 2 else { return "by its application (source \(source))" }
    let words =
      switch reason {
      case 0: "no reason given"
      case 1: "it did not recognise a PDU"
      case 2: "it did not expect a PDU"
      case 4: "it did not recognise a parameter of a PDU"
      case 5: "it did not expect a parameter of a PDU"
      case 6: "a parameter of a PDU had a value that it takes for invalid"
      default: "an unknown reason"
      }
    return "by its upper layer: \(words) (source \(source), reason \(reason))"
  }
}

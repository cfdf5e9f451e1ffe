/// A-ASSOCIATE-RJ: the peer does not want to talk, and why.
///
/// PS3.8 section 9.3.4.
package struct AssociateReject: Hashable, Sendable {
  /// 1 for good, 2 for now.
  package var result: UInt8
  /// 1 the application, 2 the association part and 3 the presentation part of the provider.
  package var source: UInt8
  package var reason: UInt8

  package init(result: UInt8, source: UInt8, reason: UInt8) {
    self.result = result
    self.source = source
    self.reason = reason
  }

  package static let unknownApplicationContext = AssociateReject(result: 1, source: 1, reason: 2)
  package static let unknownCallingAETitle = AssociateReject(result: 1, source: 1, reason: 3)
  package static let unknownCalledAETitle = AssociateReject(result: 1, source: 1, reason: 7)
  package static let unknownProtocolVersion = AssociateReject(result: 1, source: 2, reason: 2)
  package static let congested = AssociateReject(result: 2, source: 3, reason: 1)
  package static let localLimitExceeded = AssociateReject(result: 2, source: 3, reason: 2)

  /// Whether the same request may be taken later.
  package var isTransient: Bool { result == 2 || (source == 3 && (1...2).contains(reason)) }
}

extension AssociateReject: CustomStringConvertible {
  /// The codes in words, and the codes.
  ///
  /// PS3.8 Table 9-21.
  package var description: String {
    let words =
      switch (source, reason) {
      case (1, 1): "no reason given"
      case (1, 2): "application context not supported"
      case (1, 3): "calling AE title not recognised"
      case (1, 7): "called AE title not recognised"
      case (2, 1): "no reason given by the association service"
      case (2, 2): "protocol version not supported"
      case (3, 1): "temporary congestion"
      case (3, 2): "local limit of associations exceeded"
      default: "an unknown reason"
      }
    return "\(words) (result \(result), source \(source), reason \(reason))"
  }

  /// What to do, or to ask of those who run the peer.
  package var advice: String {
    switch (source, reason) {
    case (1, 3): "Ask the PACS team to add our AE title, with our address, to the known nodes."
    case (1, 7): "Check the AE title of the PACS; upper and lower case differ."
    case (3, 1), (3, 2): "The PACS is busy: try again later, with fewer associations."
    case (1, 2), (2, 2): "Ask the PACS team whether this port speaks DICOM."
    default: "Ask the PACS team for the line of this rejection in their log."
    }
  }
}

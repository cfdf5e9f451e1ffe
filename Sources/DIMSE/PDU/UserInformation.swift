/// What the two sides tell each other about themselves: item 50H.
///
/// PS3.8 Annex D, PS3.7 Annex D.
package struct UserInformation: Hashable, Sendable {
  /// The sub-items in the order in which they stand in the PDU.
  package var items: [Item]

  package init(_ items: [Item]) { self.items = items }

  /// One sub-item, 51H to 59H.
  package enum Item: Hashable, Sendable {
    /// 51H: the longest P-DATA-TF body that the sender of this item takes; 0: any length.
    case maximumLength(UInt32)
    /// 52H: which software this is.
    case implementationClassUID(String)
    /// 53H: how many operations may be under way; 0: any number.
    case asynchronousOperations(invoked: UInt16, performed: UInt16)
    /// 54H: which roles the requestor plays for a SOP class.
    case role(RoleSelection)
    /// 55H: which release of the software this is.
    case implementationVersionName(String)
    /// 56H: what a service class wants to know.
    case extended(ExtendedNegotiation)
    /// 57H: what a SOP class is related to.
    case commonExtended(CommonExtendedNegotiation)
    /// 58H: who the requestor is.
    case userIdentity(UserIdentity)
    /// 59H: the acceptor's answer to 58H.
    case userIdentityResponse([UInt8])
    /// A sub-item of a later edition, kept as it came.
    case unknown(type: UInt8, [UInt8])
  }

  /// The limit that the sender puts on what it receives; `nil` where it said nothing.
  package var maximumLength: UInt32? {
    items.firstValue { if case .maximumLength(let length) = $0 { length } else { nil } }
  }

  package var implementationClassUID: String? {
    items.firstValue { if case .implementationClassUID(let uid) = $0 { uid } else { nil } }
  }

  package var implementationVersionName: String? {
    items.firstValue { if case .implementationVersionName(let name) = $0 { name } else { nil } }
  }

  /// How many operations the sender invokes and performs at once; one of each unless negotiated.
  package var asynchronousOperations: (invoked: UInt16, performed: UInt16) {
    items.firstValue {
      if case .asynchronousOperations(let invoked, let performed) = $0 {
        (invoked, performed)
      } else {
        nil
      }
    } ?? (1, 1)
  }

  package var roleSelections: [RoleSelection] {
    items.compactMap { if case .role(let role) = $0 { role } else { nil } }
  }

  package var extendedNegotiations: [ExtendedNegotiation] {
    items.compactMap { if case .extended(let negotiation) = $0 { negotiation } else { nil } }
  }

  package var userIdentity: UserIdentity? {
    items.firstValue { if case .userIdentity(let identity) = $0 { identity } else { nil } }
  }

  package var userIdentityResponse: [UInt8]? {
    items.firstValue { if case .userIdentityResponse(let answer) = $0 { answer } else { nil } }
  }
}

extension Array where Element == UserInformation.Item {
  fileprivate func firstValue<Value>(_ value: (Element) -> Value?) -> Value? {
    lazy.compactMap(value).first
  }
}

/// Which roles the requestor plays for a SOP class: sub-item 54H.
///
/// PS3.7 D.3.3.4.
package struct RoleSelection: Hashable, Sendable {
  package var sopClassUID: String
  /// The requestor uses the service.
  package var isUser: Bool
  /// The requestor provides the service.
  package var isProvider: Bool

  package init(sopClassUID: String, isUser: Bool, isProvider: Bool) {
    self.sopClassUID = sopClassUID
    self.isUser = isUser
    self.isProvider = isProvider
  }
}

/// What a service class wants to know of a SOP class: sub-item 56H.
///
/// PS3.7 D.3.3.5.
package struct ExtendedNegotiation: Hashable, Sendable {
  package var sopClassUID: String
  package var information: [UInt8]

  package init(sopClassUID: String, information: [UInt8]) {
    self.sopClassUID = sopClassUID
    self.information = information
  }
}

/// What a SOP class is related to: sub-item 57H.
///
/// PS3.7 D.3.3.6.
package struct CommonExtendedNegotiation: Hashable, Sendable {
  package var version: UInt8
  package var sopClassUID: String
  package var serviceClassUID: String
  package var relatedSOPClassUIDs: [String]

  package init(
    version: UInt8 = 0, sopClassUID: String, serviceClassUID: String, relatedSOPClassUIDs: [String]
  ) {
    self.version = version
    self.sopClassUID = sopClassUID
    self.serviceClassUID = serviceClassUID
    self.relatedSOPClassUIDs = relatedSOPClassUIDs
  }
}

/// Who the requestor is: sub-item 58H.
///
/// PS3.7 D.3.3.7.
package struct UserIdentity: Hashable, Sendable {
  /// 1 user name, 2 with passcode, 3 Kerberos ticket, 4 SAML assertion, 5 JSON Web Token.
  package var kind: UInt8
  package var asksForResponse: Bool
  package var primary: [UInt8]
  /// The passcode of kind 2.
  package var secondary: [UInt8]

  package init(kind: UInt8, asksForResponse: Bool, primary: [UInt8], secondary: [UInt8] = []) {
    self.kind = kind
    self.asksForResponse = asksForResponse
    self.primary = primary
    self.secondary = secondary
  }
}

/// Who a provider is and whom it lets in.
package struct ProviderConfiguration: Sendable {
  package var aeTitle: AETitle
  /// Whether callers may call it by any name.
  package var answersToAnyTitle = false
  /// Who may call; `nil`: anybody.
  package var allowedCallers: Set<AETitle>?
  package var contexts: ContextTable
  /// How many associations may be open at once; more are told to come back later.
  package var maximumAssociations = 16
  /// The longest P-DATA-TF body that is taken.
  package var maximumLength = usualMaximumLength
  package static let usualMaximumLength: UInt32 = 128 << 10
  package var timeouts = Timeouts()
  /// How long a caller may take to say what it wants: ARTIM.
  package var requestTime: Duration = .seconds(30)
  /// How long an association may say nothing.
  package var idleTime: Duration = .seconds(600)

  package init(aeTitle: AETitle, contexts: ContextTable) {
    self.aeTitle = aeTitle
    self.contexts = contexts
  }
}

/// Why a provider cannot listen.
package enum ProviderError: Error, Equatable, Sendable {
  case cannotListen(host: String, port: UInt16, detail: String)
}

extension ProviderError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotListen(let host, let port, let detail):
      "cannot listen at \(host) port \(port) (\(detail)). Choose another port, or end what uses it."
    }
  }
}

/// What happens at a provider, for a log.
package enum ProviderEvent: Equatable, Sendable {
  case opened(Caller)
  case refused(Caller, AssociateReject)
  case served(Caller, CommandField, Status)
  case released(Caller)
  /// The association ended otherwise; the caller is unknown where it never said who it is.
  case failed(Caller?, AssociationError)
}

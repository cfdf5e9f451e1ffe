package import DICOM

/// Which SOP classes a provider takes, in which transfer syntaxes and roles.
package struct ContextTable: Sendable {
  /// How a SOP class is taken.
  package struct Acceptance: Sendable {
    /// What can be taken; the first that the requestor proposes and is listed here is chosen.
    package var transferSyntaxes: [TransferSyntax]
    /// Whether our order decides, not the requestor's.
    package var prefersOwnOrder: Bool
    /// Whether the requestor may provide the service: it sends events, or receives by C-GET.
    package var requestorMayProvide: Bool

    package init(
      _ transferSyntaxes: [TransferSyntax], prefersOwnOrder: Bool = false,
      requestorMayProvide: Bool = false
    ) {
      self.transferSyntaxes = transferSyntaxes
      self.prefersOwnOrder = prefersOwnOrder
      self.requestorMayProvide = requestorMayProvide
    }
  }

  private var entries: [String: Acceptance] = [:]
  /// How every storage class is taken that has no entry of its own; `nil`: not at all.
  package let storage: Acceptance?

  package init(storage: Acceptance? = nil) { self.storage = storage }

  /// The classes that have entries of their own.
  package var listed: [String] { entries.keys.sorted() }

  package subscript(sopClassUID: String) -> Acceptance? {
    get {
      if let entry = entries[sopClassUID] { return entry }
      return Self.isStorage(sopClassUID) ? storage : nil
    }
    set { entries[sopClassUID] = newValue }
  }

  /// What all storage classes of the standard begin with.
  package static let storageRoot = "1.2.840.10008.5.1.4.1.1."

  /// Whether a class below that root is for storing.
  package static func isStorage(_ sopClassUID: String) -> Bool {
    sopClassUID.hasPrefix(storageRoot)
      && !services.contains(String(sopClassUID.dropFirst(storageRoot.count)))
  }

  /// The few below it that are services of their own: the queries and retrievals of protocol
  /// approvals and inventories.
  ///
  /// PS3.4 annexes II and YY.
  private static let services: Set<String> = [
    "200.4", "200.5", "200.6", "201.2", "201.3", "201.4", "201.5", "201.6",
  ]

  /// The answer to one proposed context.
  package func answer(to proposed: ProposedContext) -> AnsweredContext {
    guard let acceptance = self[proposed.abstractSyntax] else {
      return AnsweredContext(
        id: proposed.id, result: .abstractSyntaxNotSupported,
        transferSyntax: proposed.transferSyntaxes.first)
    }
    let ours = acceptance.transferSyntaxes.map(\.uid)
    let chosen =
      acceptance.prefersOwnOrder
      ? ours.first { proposed.transferSyntaxes.contains($0) }
      : proposed.transferSyntaxes.first { ours.contains($0) }
    return AnsweredContext(
      id: proposed.id, result: chosen == nil ? .transferSyntaxesNotSupported : .accepted,
      transferSyntax: chosen ?? proposed.transferSyntaxes.first)
  }

  /// The answer to one proposed role.
  package func answer(to proposed: RoleSelection) -> RoleSelection? {
    guard let acceptance = self[proposed.sopClassUID] else { return nil }
    return RoleSelection(
      sopClassUID: proposed.sopClassUID, isUser: proposed.isUser,
      isProvider: proposed.isProvider && acceptance.requestorMayProvide)
  }

  /// All transfer syntaxes that objects come in: stored as they are, none is looked into.
  package static let everyTransferSyntax: [TransferSyntax] = [
    .explicitVRLittleEndian, .implicitVRLittleEndian, .explicitVRBigEndian,
    .deflatedExplicitVRLittleEndian, .encapsulatedUncompressed, .rleLossless, .jpegLosslessSV1,
    .jpegLossless, .jpegLSLossless, .jpegLSNearLossless, .jpeg2000Lossless, .jpeg2000,
    .jpegBaseline, .jpegExtended,
  ]
}

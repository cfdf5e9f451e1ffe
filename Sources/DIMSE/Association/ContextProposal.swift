package import DICOM

/// What an association is asked to carry: a SOP class in one of several transfer syntaxes.
package struct ContextProposal: Hashable, Sendable {
  package var sopClassUID: String
  /// The peer picks one of these.
  package var transferSyntaxes: [TransferSyntax]
  /// Whether we, who ask for the association, provide the service instead of using it.
  package var role: Role

  package enum Role: Sendable {
    case user, provider, both
  }

  package init(
    _ sopClassUID: String,
    _ transferSyntaxes: [TransferSyntax] = [.explicitVRLittleEndian, .implicitVRLittleEndian],
    role: Role = .user
  ) {
    self.sopClassUID = sopClassUID
    self.transferSyntaxes = transferSyntaxes
    self.role = role
  }

  package static let verification = ContextProposal(
    SOPClass.verification, [.implicitVRLittleEndian, .explicitVRLittleEndian])

  package static let storageCommitment = ContextProposal(SOPClass.storageCommitment)

  package static func find(_ root: QueryRoot) -> ContextProposal {
    ContextProposal(root.findSOPClass)
  }

  package static func move(_ root: QueryRoot) -> ContextProposal {
    ContextProposal(root.moveSOPClass)
  }

  package static func get(_ root: QueryRoot) -> ContextProposal {
    ContextProposal(root.getSOPClass)
  }

  /// One context for each transfer syntax: the only way to learn which of them the peer takes.
  package static func each(
    _ sopClassUID: String, _ transferSyntaxes: [TransferSyntax]
  ) -> [ContextProposal] {
    transferSyntaxes.map { ContextProposal(sopClassUID, [$0]) }
  }
}

package import DICOM
package import DIMSE

/// What associations are asked to carry, and what our own node takes.
///
/// Sending, asking, fetching and committing propose from this table; the conformance statement lists
/// it.
package enum NegotiationTable {
  /// What every object can be written in here.
  package static let written: [TransferSyntax] = [.explicitVRLittleEndian, .implicitVRLittleEndian]

  /// For sending objects of a class: the syntaxes they are stored in first, then what they can be
  /// unpacked to; one context for each, since the acceptor picks one of a context's list.
  package static func sending(
    _ sopClassUID: String, storedIn own: [TransferSyntax] = []
  ) -> [ContextProposal] {
    ContextProposal.each(sopClassUID, own.filter { !written.contains($0) } + written)
  }

  /// For fetching a series: lists of syntaxes that one context each is proposed for.
  package static let fetching: [[TransferSyntax]] =
    [written]
    + ContextTable.everyTransferSyntax.filter { !written.contains($0) }.map { [$0] }

  /// The classes that are asked for where an archive does not tell which ones a series has.
  package static var usualClasses: [String] { StorageClasses.usual }

  /// For queries: of patients the Patient Root as well.
  package static func asking(_ level: QueryLevel) -> [ContextProposal] {
    level == .patient ? [.find(.patient), .find(.study)] : [.find(.study)]
  }

  package static let getting = [ContextProposal.get(.study)]
  package static let moving = [ContextProposal.move(.study)]
  package static let committing = [ContextProposal.storageCommitment]
  package static let verification = [ContextProposal.verification]

  /// What our own node takes while an archive is expected to call back.
  ///
  /// - Parameter storesInstances: whether instances of a C-MOVE are expected.
  package static func ownNode(storesInstances: Bool) -> ContextTable {
    var table = ContextTable(
      storage: storesInstances ? .init(ContextTable.everyTransferSyntax) : nil)
    table[SOPClass.verification] = .init([.implicitVRLittleEndian, .explicitVRLittleEndian])
    table[SOPClass.storageCommitment] = .init(
      [.explicitVRLittleEndian, .implicitVRLittleEndian], requestorMayProvide: true)
    return table
  }
}

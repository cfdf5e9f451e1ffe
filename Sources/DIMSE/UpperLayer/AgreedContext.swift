package import DICOM

/// A presentation context that both sides accepted, and what each may do in it.
package struct AgreedContext: Hashable, Sendable {
  package var id: UInt8
  package var sopClassUID: String
  package var transferSyntax: TransferSyntax
  /// The requestor of the association uses the service.
  package var requestorIsUser: Bool
  /// The requestor of the association provides the service.
  package var requestorIsProvider: Bool
}

import Digest

/// What a resource is called, so that a second run finds it again: a name, and UUID and UID of it.
///
/// RFC 9562 version 5, in the name space `urn:push2pacs:codex-rt`.
package struct SummaryName: Hashable, Sendable {
  private static let space = NameUUID("urn:push2pacs:codex-rt", in: .urls)

  private let uuid: NameUUID

  /// - Parameter parts: what the resource is, and which one.
  package init(_ parts: String...) { uuid = NameUUID(parts.joined(separator: "|"), in: Self.space) }

  package var uid: String { uuid.uid }
  /// What entries of a Bundle refer to it by.
  package var fullURL: String { "urn:uuid:\(uuid.text)" }
}

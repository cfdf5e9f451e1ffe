/// The verdict of one check and the values it saw.
package struct Check: Hashable, Sendable {
  package enum Status: String, Sendable {
    case pass
    case warning
    case failure
    case overridden
  }

  /// What a person may do about it.
  package enum Remedy: String, Sendable {
    /// Nothing needs doing.
    case none
    /// It must be acknowledged.
    case acknowledge
    /// A second person may override it with a reason.
    case override
    /// There is no way round in the tool.
    case blocked
  }

  package let id: CheckID
  package var status: Status
  package let remedy: Remedy
  /// One sentence with the values that were seen, and where something is wrong, the way out.
  package let detail: String

  package static func pass(_ id: CheckID, _ detail: String) -> Check {
    Check(id: id, status: .pass, remedy: .none, detail: detail)
  }

  package static func warning(_ id: CheckID, _ detail: String) -> Check {
    Check(id: id, status: .warning, remedy: .acknowledge, detail: detail)
  }

  package static func overridable(_ id: CheckID, _ detail: String) -> Check {
    Check(id: id, status: .failure, remedy: .override, detail: detail)
  }

  package static func blocked(_ id: CheckID, _ detail: String) -> Check {
    Check(id: id, status: .failure, remedy: .blocked, detail: detail)
  }
}

extension [Check] {
  /// Whether anything stands in the way for good.
  package var isBlocked: Bool { contains { $0.status == .failure && $0.remedy == .blocked } }

  package var warnings: [Check] { filter { $0.status == .warning } }

  /// Failures that a second person may override.
  package var overridable: [Check] {
    filter { $0.status == .failure && $0.remedy == .override }
  }

  /// In the order of the table.
  package var inTableOrder: [Check] {
    CheckID.allCases.flatMap { id in filter { $0.id == id } }
  }
}

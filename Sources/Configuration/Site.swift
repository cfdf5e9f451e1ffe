/// A site's configuration.
///
/// Times are in seconds.
package struct Site: Sendable, Equatable {
  /// How this machine names itself to archives.
  package var aeTitle = "PUSH2PACS"
  /// Where this machine listens for what archives send back.
  package var port = 11104
  package var pacs: [String: Archive] = [:]
  package var fhir: [String: WebService] = [:]
  package var isodoses: [String: IsodoseScheme] = [:]
  package var label = Label()
  package var contact: String?
  package var audit: String?
  package var limits: [String: [String: Double]] = [:]
  package var confirmation = Confirmation()
  package var stage = Stage()

  package init() {}

  package struct Archive: Sendable, Equatable {
    package var host = ""
    package var port = 104
    package var aeTitle = ""
    /// Its DICOMweb service.
    package var web: WebService?
    /// Whether it can be asked what it holds.
    package var canBeAsked = true
    package var retrieve = Retrieve.get
    package var commit = Commit.off
    package var associations = 1
    package var timeouts = Timeouts()

    package init() {}

    /// Whether it is spoken to over DICOMweb and not at all by DIMSE.
    package var isWebOnly: Bool { web != nil && host.isEmpty }
  }

  package enum Retrieve: String, Sendable, CaseIterable {
    case get
    case move
    case web
    case none
  }

  package enum Commit: String, Sendable, CaseIterable {
    case off
    case `try`
    case required
  }

  package struct Timeouts: Sendable, Equatable {
    package var connect = 10.0
    package var associate = 15.0
    package var response = 60.0
    package var read = 60.0
    package var write = 60.0
    package var release = 5.0
    package var commitment = 60.0

    package init() {}
  }

  package struct WebService: Sendable, Equatable {
    package var url = ""
    /// The environment variable that holds the bearer token.
    package var tokenVariable: String?
  }

  package struct IsodoseScheme: Sendable, Equatable {
    package var levels: [String] = []
    package var colors: [String] = []
  }

  package struct Label: Sendable, Equatable {
    package var date = "MM.dd.yyyy"
    /// What labels are made of: text with `{dose}`, `{unit}`, `{fractions}` and `{date}` in it.
    package var template: String?
  }

  package struct Confirmation: Sendable, Equatable {
    /// After so many hours a confirmation is void; 0: never.
    package var expiresHours = 0.0
    /// Where everybody has a key of their own: in their home.
    package static let ownKeyFile = "~/.config/push2pacs/key"
    package var keyFile = ownKeyFile
    /// Who may confirm; empty: whoever types a name.
    package var people: [Reviewer] = []
    /// Whether two people who confirm one map have to do so under accounts of their own.
    package var needsDifferentAccounts = false
    /// Checks whose warnings are usual here, and acknowledged together.
    package var expected: [String] = []
  }

  /// Somebody who may confirm maps.
  package struct Reviewer: Sendable, Equatable {
    package var name: String
    package var role: String
    /// The account that is theirs alone; `nil`: any.
    package var account: String?
  }

  package struct Stage: Sendable, Equatable {
    /// The group that may read and write stages, for two people with accounts of their own.
    package var group: String?
  }
}

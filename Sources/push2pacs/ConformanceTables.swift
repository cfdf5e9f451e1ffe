import Archive
import DICOM
import DIMSE
import Delivery
import JSON
import SecondaryCapture

/// What the conformance statement lists, taken from the tables that the program runs on.
enum ConformanceTables {
  /// One presentation context that is proposed or taken.
  struct Context: Equatable {
    let purpose: String
    /// `nil`: each class of ``storageClasses``.
    let sopClassUID: String?
    let transferSyntaxes: [TransferSyntax]
    /// What this side is.
    let role: String

    var name: String {
      sopClassUID.map { Dictionary.name(ofUID: $0) ?? $0 } ?? "each storage class of section 8.7"
    }

    var json: JSON {
      [
        "purpose": .string(purpose), "sopClass": .string(sopClassUID ?? "storage"),
        "name": .string(name), "transferSyntaxes": JSON(transferSyntaxes.map(\.uid)),
        "role": .string(role),
      ]
    }
  }

  /// An activity of the program in the words of PS3.2, with what it proposes.
  struct Activity {
    let name: String
    /// The commands that do it.
    let commands: String
    /// What happens, in what order, and what may follow.
    let sequence: String
    let contexts: [Context]
  }

  /// All storage classes of the standard.
  static let storageClasses = Dictionary.sopClasses(under: ContextTable.storageRoot)
    .filter(ContextTable.isStorage)

  private static func contexts(
    _ purpose: String, _ proposals: [ContextProposal]
  ) -> [Context] {
    var order: [String] = []
    var syntaxes: [String: [TransferSyntax]] = [:]
    var roles: [String: String] = [:]
    for proposal in proposals {
      let uid = proposal.sopClassUID
      if syntaxes[uid] == nil { order.append(uid) }
      for syntax in proposal.transferSyntaxes where syntaxes[uid]?.contains(syntax) != true {
        syntaxes[uid, default: []].append(syntax)
      }
      roles[uid] = proposal.role == .user ? "SCU" : "SCP"
    }
    return order.map {
      Context(
        purpose: purpose, sopClassUID: $0, transferSyntaxes: syntaxes[$0] ?? [],
        role: roles[$0] ?? "SCU")
    }
  }

  /// The same for every storage class, from the proposals for one.
  private static func ofStorage(_ purpose: String, _ proposals: [ContextProposal]) -> [Context] {
    contexts(purpose, proposals).map {
      Context(
        purpose: purpose, sopClassUID: nil, transferSyntaxes: $0.transferSyntaxes, role: $0.role)
    }
  }

  /// What the program does on its own account, in the order of PS3.2 annex A.
  static let activities: [Activity] = {
    let maps = WrittenAttribute.Kind.allCases.filter { $0 != .rejection }.flatMap { kind in
      let isPacked = kind == .capture || kind == .multiFrame
      return contexts(
        "send maps",
        NegotiationTable.sending(kind.sopClassUID, storedIn: isPacked ? [.rleLossless] : []))
    }
    let any = "1.2.840.10008.5.1.4.1.1.7"
    let fetching = ofStorage(
      "store sub-operations of C-GET",
      NegotiationTable.fetching.map { ContextProposal(any, $0, role: .provider) })
    return [
      .init(
        name: "Verify the connection", commands: "doctor, setup, push, export",
        sequence:
          "Associate, C-ECHO, release. doctor proposes the other contexts of this section as well; it asks a C-GET or C-MOVE for a study that does not exist, and a promise for an instance that does not exist. It stores nothing.",
        contexts: contexts("verify the connection", NegotiationTable.verification)),
      .init(
        name: "Query", commands: "export, push, verify, find, fetch, send",
        sequence:
          "Before sending: is the study there, for the same patient, is the name free, what of the series is there. After sending: what does it hold, at IMAGE level.",
        contexts: contexts("query", NegotiationTable.asking(.patient))),
      .init(
        name: "Send maps", commands: "export, push",
        sequence:
          "After a person has confirmed the map: C-STORE of what is missing. After a fault the association is aborted, and a new one goes on, at most four times without an answer in between.",
        contexts: maps),
      .init(
        name: "Send images as they are", commands: "send, export --with-scan, push",
        sequence:
          "After a confirmation of its own: C-STORE of each image in the transfer syntax of its file, which is proposed besides; unpacked where the acceptor takes no other and nothing is lost.",
        contexts: ofStorage(
          "send images as they are",
          NegotiationTable.sending(any, storedIn: ContextTable.everyTransferSyntax))),
      .init(
        name: "Withdraw", commands: "retract",
        sequence:
          "After a confirmation: C-STORE of one Key Object Selection Document, the rejection note of IHE IOCM, for the instances that were sent.",
        contexts: contexts(
          "withdraw", NegotiationTable.sending(WrittenAttribute.Kind.rejection.sopClassUID))),
      .init(
        name: "Retrieve with C-GET", commands: "verify, export, fetch",
        sequence:
          "C-GET by series, or by lists of instances; the roles of the storage classes are negotiated (SCU 0, SCP 1). Proposed are the classes that the acceptor names in its answers at IMAGE level, where it names none those of section 8.7 that radiotherapy has.",
        contexts: contexts("retrieve (C-GET)", NegotiationTable.getting) + fetching),
      .init(
        name: "Retrieve with C-MOVE", commands: "verify, export, fetch (\"retrieve\": \"move\")",
        sequence:
          "Listen at the configured port, C-MOVE to the own AE title, take the sub-operations on the association that the archive opens.",
        contexts: contexts("retrieve (C-MOVE)", NegotiationTable.moving)),
      .init(
        name: "Ask for storage commitment", commands: "verify --commit, or \"commit\" configured",
        sequence:
          "Listen at the configured port, N-ACTION (push model), wait for the N-EVENT-REPORT on this association or on one that the archive opens.",
        contexts: contexts("storage commitment", NegotiationTable.committing)),
    ]
  }()

  /// What the program itself proposes.
  static let proposed = activities.flatMap(\.contexts)

  /// What a provider takes: its listed classes, and storage where it takes that.
  static func taken(_ table: ContextTable, _ purpose: String) -> [Context] {
    func role(_ acceptance: ContextTable.Acceptance) -> String {
      acceptance.requestorMayProvide ? "SCP; SCU where the requestor is SCP" : "SCP"
    }
    return table.listed.compactMap { uid in
      table[uid].map {
        Context(
          purpose: purpose, sopClassUID: uid, transferSyntaxes: $0.transferSyntaxes, role: role($0))
      }
    }
      + (table.storage.map {
        [
          Context(
            purpose: purpose, sopClassUID: nil, transferSyntaxes: $0.transferSyntaxes,
            role: role($0))
        ]
      } ?? [])
  }

  /// What the program accepts while it waits for an archive to call back.
  static let acceptedWhileWaiting =
    taken(NegotiationTable.ownNode(storesInstances: true), "while a C-MOVE is under way")
    + taken(
      NegotiationTable.ownNode(storesInstances: false), "while a promise of storage is awaited")

  static let acceptedByArchive = taken(Archive.contexts, "while it runs")

  /// Status codes that have a meaning of their own, neighbours with one meaning as one range.
  struct StatusRange {
    let request: CommandField
    let codes: ClosedRange<UInt16>
    let meaning: String
    let category: Status.Category
    let isTransient: Bool

    var text: String {
      codes.lowerBound == codes.upperBound
        ? "\(Status(codes.lowerBound))"
        : "\(Status(codes.lowerBound))-\(Status(codes.upperBound))"
    }

    var behaviour: String {
      switch category {
      case .success: "done"
      case .warning: "done; listed as a warning"
      case .pending: "goes on"
      case .cancelled: "ended"
      case .failure:
        isTransient ? "failed; may be tried again (exit 75)" : "failed; listed (exit 69)"
      }
    }
  }

  static func statuses(of request: CommandField) -> [StatusRange] {
    var ranges: [StatusRange] = []
    for code in UInt16.min...UInt16.max {
      let status = Status(code)
      guard status.isKnown(for: request) else { continue }
      let meaning = status.meaning(for: request)
      if let last = ranges.last, last.meaning == meaning, last.category == status.category,
        last.isTransient == status.isTransient, last.codes.upperBound &+ 1 == code
      {
        ranges[ranges.count - 1] = StatusRange(
          request: request, codes: last.codes.lowerBound...code, meaning: meaning,
          category: status.category, isTransient: status.isTransient)
      } else {
        ranges.append(
          StatusRange(
            request: request, codes: code...code, meaning: meaning, category: status.category,
            isTransient: status.isTransient))
      }
    }
    return ranges
  }

  static let requests: [CommandField] = [.echo, .store, .find, .get, .move, .action]

  static var document: JSON {
    [
      "format": "push2pacs-conformance/2", "version": .string(Program.version),
      "implementationClassUID": .string(DICOMFile.implementationClassUID),
      "implementationVersionName": .string(DICOMFile.implementationVersionName),
      "storageClasses": .array(
        storageClasses.map {
          ["sopClass": .string($0), "name": .string(Dictionary.name(ofUID: $0) ?? "")]
        }),
      "proposed": .array(proposed.map(\.json)),
      "accepted": [
        "PUSH2PACS": .array(acceptedWhileWaiting.map(\.json)),
        "ARCHIVE": .array(acceptedByArchive.map(\.json)),
      ],
      "queryKeys": .object(
        JSONObject(
          QueryLevel.allCases.map { level in
            .init(
              key: level.rawValue,
              value: [
                "asked": JSON((ArchiveQuery.told[level] ?? []).map(\.number)),
                "answered": JSON(QueryAttributes.keys(level).map(\.number)),
              ])
          })),
      "attributes": .object(
        JSONObject(
          WrittenAttribute.Kind.allCases.map { kind in
            .init(
              key: kind.sopClassUID,
              value: .array(
                WrittenAttribute.all(in: kind).map {
                  [
                    "tag": .string($0.tag.number),
                    "name": .string(Dictionary.name(of: $0.tag) ?? ""),
                    "source": .string($0.source),
                  ]
                }))
          })),
      "statuses": .array(
        requests.flatMap(statuses).map {
          [
            "request": .string("\($0.request)"), "codes": .string($0.text),
            "meaning": .string($0.meaning), "behaviour": .string($0.behaviour),
          ]
        }),
    ]
  }
}

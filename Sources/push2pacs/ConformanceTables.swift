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
    let sopClassUID: String
    let transferSyntaxes: [TransferSyntax]
    /// What this side is.
    let role: String

    var name: String { Dictionary.name(ofUID: sopClassUID) ?? sopClassUID }

    var json: JSON {
      [
        "purpose": .string(purpose), "sopClass": .string(sopClassUID), "name": .string(name),
        "transferSyntaxes": JSON(transferSyntaxes.map(\.uid)), "role": .string(role),
      ]
    }
  }

  /// What the program itself proposes.
  static let proposed: [Context] = {
    func contexts(_ purpose: String, _ proposals: [ContextProposal]) -> [Context] {
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
    let maps = WrittenAttribute.Kind.allCases.map { kind in
      let isPacked = kind == .capture || kind == .multiFrame
      return (
        kind == .rejection ? "withdraw" : "send maps",
        NegotiationTable.sending(kind.sopClassUID, storedIn: isPacked ? [.rleLossless] : [])
      )
    }
    return contexts("verify the connection", NegotiationTable.verification)
      + maps.flatMap { contexts($0.0, $0.1) }
      + contexts("query", NegotiationTable.asking(.patient))
      + contexts("retrieve (C-GET)", NegotiationTable.getting)
      + contexts("retrieve (C-MOVE)", NegotiationTable.moving)
      + contexts("storage commitment", NegotiationTable.committing)
      + NegotiationTable.usualClasses.flatMap { uid in
        contexts(
          "store sub-operations of C-GET",
          NegotiationTable.fetching.map { ContextProposal(uid, $0, role: .provider) })
      }
  }()

  /// What a provider takes: its listed classes, and storage where it takes that.
  static func taken(_ table: ContextTable) -> [Context] {
    table.listed.compactMap { uid in
      table[uid].map {
        Context(
          purpose: "accept", sopClassUID: uid, transferSyntaxes: $0.transferSyntaxes,
          role: $0.requestorMayProvide ? "SCP; SCU where the requestor is SCP" : "SCP")
      }
    }
      + (table.storage.map { storage in
        NegotiationTable.usualClasses.map {
          Context(
            purpose: "accept", sopClassUID: $0, transferSyntaxes: storage.transferSyntaxes,
            role: "SCP")
        }
      } ?? [])
  }

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
      "format": "push2pacs-conformance/1", "version": .string(Program.version),
      "implementationClassUID": .string(DICOMFile.implementationClassUID),
      "implementationVersionName": .string(DICOMFile.implementationVersionName),
      "proposed": .array(proposed.map(\.json)),
      "accepted": [
        "PUSH2PACS": .array(taken(NegotiationTable.ownNode(storesInstances: true)).map(\.json)),
        "ARCHIVE": .array(taken(Archive.contexts).map(\.json)),
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

import Archive
import Configuration
import DICOM
import DIMSE
import Delivery
import SecondaryCapture

/// The conformance statement in the order of PS3.2 annex A, as Markdown that reads as plain text.
struct ConformanceStatement {
  private typealias Context = ConformanceTables.Context

  var text: String {
    [overview, networking, created, characterSets, security, annexes].joined(separator: "\n\n")
      + "\n"
  }

  // Sentences of their own stand on lines of their own; tables are as wide as they are.

  private var overview: String {
    """
    # DICOM Conformance Statement: push2pacs \(Program.version)

    ## 1 Conformance statement overview

    push2pacs draws the dose of a completed radiotherapy course, as isodose lines, into copies of a
    CT, MR or PET series and stores them as Secondary Captures in the series' own study. It queries
    and retrieves, verifies what it stored, asks for storage commitment, and withdraws wrong maps
    with rejection notes (IHE IOCM). It is no medical device; its images are not for diagnosis.

    Made by the program from the tables that it negotiates with.

    \(networkServices)

    Besides DIMSE: DICOMweb user agent (STOW-RS, QIDO-RS, WADO-RS), section 4.5.

    ## 2 Introduction

    For administrators of PACS and integrators. Terms are those of the DICOM standard. SCU: user of a
    service; SCP: provider. Conformance does not by itself guarantee that two systems work together:
    try the connection with `push2pacs doctor`.
    """
  }

  private var networkServices: String {
    let own = ConformanceTables.proposed.filter { !$0.purpose.hasPrefix("store sub") }
    let taken = ConformanceTables.taken(Archive.contexts)
    var seen: Set<String> = []
    let uids = (own + taken).map(\.sopClassUID).filter { seen.insert($0).inserted }
    return Self.table(
      ["SOP class", "UID", "PUSH2PACS, as user", "ARCHIVE, as provider"],
      uids.map { uid in
        [
          Dictionary.name(ofUID: uid) ?? uid, uid,
          own.contains { $0.sopClassUID == uid } ? "yes" : "no",
          taken.contains { $0.sopClassUID == uid } ? "yes" : "no",
        ]
      })
  }

  private var networking: String {
    let own = ConformanceTables.proposed.filter { !$0.purpose.hasPrefix("store sub") }
    let node = ConformanceTables.taken(NegotiationTable.ownNode(storesInstances: true))
      .filter(isListed)
    let archive = ConformanceTables.taken(Archive.contexts).filter(isListed)
    return """
      ## 3 Networking: implementation model

      | Application entity | Runs | Does |
      |---|---|---|
      | PUSH2PACS | while a command runs | sends, queries, retrieves, commits; listens only while it waits for a C-MOVE or a commitment |
      | ARCHIVE | while `push2pacs archive` runs | a PACS for trying things out; on loopback unless told otherwise |

      Nothing is sent before a person has confirmed the map at a terminal. One run: query (is the study
      there, is the name free?), store, query again, retrieve, compare; where configured, storage
      commitment.

      ## 4 Application entity specifications

      ### 4.1 Association policies

      | | PUSH2PACS | ARCHIVE |
      |---|---|---|
      | Application context | 1.2.840.10008.3.1.1.1 | 1.2.840.10008.3.1.1.1 |
      | Implementation Class UID | \(DICOMFile.implementationClassUID) | the same |
      | Implementation Version Name | \(DICOMFile.implementationVersionName) | the same |
      | Maximum length received | \(Association.Options().maximumLength) | \(ProviderConfiguration.usualMaximumLength) |
      | Associations at once | \(Site.Archive().associations); configurable to 16 | \(Archive.Options().maximumAssociations); configurable |
      | Asynchronous operations | up to 8 invoked for C-STORE where the acceptor grants it; else 1 | 1 |
      | Extended negotiation | none needed | none |
      | User identity | not sent | not asked for |

      Rejections are shown with result, source and reason, in words: \(AssociateReject.unknownCalledAETitle),
      \(AssociateReject.unknownCallingAETitle), \(AssociateReject.localLimitExceeded). A transient rejection is
      tried again with growing pauses, then ends with exit status 75; a permanent one with 69.

      ### 4.2 PUSH2PACS: contexts proposed

      Each transfer syntax of a class that is sent is a context of its own, so that the acceptor's choice is known for
      each. Images that are sent as they are keep their SOP class and are proposed in the transfer syntax of
      their file, and in explicit and implicit VR little endian.

      \(Self.contexts(own))

      For C-GET the roles are negotiated (SCU 0, SCP 1) for the classes that the archive lists; where it
      lists none, for these: \(subOperationClasses).
      Transfer syntaxes: \(Self.names(NegotiationTable.fetching.flatMap(\.self))).

      ### 4.3 PUSH2PACS: contexts accepted while it waits

      \(Self.contexts(node))

      All storage classes of the standard are taken while a C-MOVE is under way, in
      \(Self.names(ContextTable.everyTransferSyntax)).

      ### 4.4 ARCHIVE: contexts accepted

      \(Self.contexts(archive))

      All storage classes of the standard (below 1.2.840.10008.5.1.4.1.1) are taken in
      \(Self.names(Archive.contexts.storage?.transferSyntaxes ?? [])),
      and kept byte for byte. C-MOVE goes to the AE titles named with --peer, in the syntax an instance
      is kept in, or unpacked.

      ### 4.5 DICOMweb

      STOW-RS (multipart/related; type="application/dicom"), QIDO-RS for studies, series and instances
      (application/dicom+json), WADO-RS (multipart/related; type="application/dicom"; transfer-syntax=*).
      https, or http on this machine alone; bearer token from an environment variable.

      ### 4.6 Queries

      \(queries)

      Keys are matched as single values, lists of UIDs, wildcards (* ?) and ranges. Relational queries,
      fuzzy matching and time zone adjustment are not negotiated.

      ### 4.7 Statuses

      What the program does with each status of an answer. Every other code of C-STORE is a failure.

      \(statuses)

      Silence ends with exit status 75; what was sent is journaled, and the same command goes on.

      ### 4.8 Network interfaces

      TCP/IP, IPv4 and IPv6, whatever interface the system gives. Default ports: \(Site().port) to listen,
      11112 for ARCHIVE.

      ### 4.9 Configuration

      The configuration file is JSON; `push2pacs config schema` documents it.

      \(configuration)
      """
  }

  private func isListed(_ context: ConformanceTables.Context) -> Bool {
    !NegotiationTable.usualClasses.contains(context.sopClassUID)
  }

  private var subOperationClasses: String {
    NegotiationTable.usualClasses.map { Dictionary.name(ofUID: $0) ?? $0 }
      .joined(separator: "; ")
  }

  private var queries: String {
    func names(_ tags: [Tag]) -> String {
      tags.map { Dictionary.name(of: $0) ?? $0.number }.joined(separator: ", ")
    }
    return Self.table(
      ["Level", "Asked by PUSH2PACS", "Answered by ARCHIVE"],
      QueryLevel.allCases.map {
        [$0.rawValue, names(ArchiveQuery.told[$0] ?? []), names(QueryAttributes.keys($0))]
      })
  }

  private var statuses: String {
    Self.table(
      ["Request", "Status", "Meaning", "Behaviour"],
      ConformanceTables.requests.flatMap(ConformanceTables.statuses).map {
        ["\($0.request)", $0.text, $0.meaning, $0.behaviour]
      })
  }

  private var configuration: String {
    Self.table(
      ["Key", "Default", "Meaning"],
      SiteSchema.table.filter {
        ["aeTitle", "port"].contains($0.path) || $0.path.hasPrefix("pacs.")
      }.map { [$0.path, $0.standard ?? "required", $0.help] })
  }

  private var created: String {
    let parts = WrittenAttribute.Kind.allCases.map { kind in
      let name = Dictionary.name(ofUID: kind.sopClassUID) ?? kind.sopClassUID
      let number = (WrittenAttribute.Kind.allCases.firstIndex(of: kind) ?? 0) + 1
      let rows = WrittenAttribute.all(in: kind).map {
        ["(\($0.tag.number))", Dictionary.name(of: $0.tag) ?? "", $0.source]
      }
      return "### 5.\(number) \(name)\n\n"
        + Self.table(["Tag", "Attribute", "Source of the value"], rows)
    }
    return (["## 5 Created SOP instances"] + parts).joined(separator: "\n\n")
  }

  private var characterSets: String {
    """
    ## 6 Support of character sets

    Read: the default repertoire, ISO_IR 100, 101, 109, 110, 126, 127, 138, 144, 148, 166, 203, 13, 192,
    GB18030 and GBK, and ISO 2022 with code extensions for these and for ISO 2022 IR 87, 149, 58, 159.
    Written: patient and study attributes byte for byte as in the scan, with its Specific Character
    Set; other texts within that set. Burned-in text is drawn in ASCII.
    """
  }

  private var security: String {
    """
    ## 7 Security

    DIMSE goes over plain TCP; TLS by a tunnel on the machine (the README has one). DICOMweb goes over
    TLS with the system's certificates. No user identity is negotiated. Access to ARCHIVE can be
    limited to AE titles. Audit records are kept in a hash-chained file and can be written as DICOM
    audit messages (PS3.15 A.5). Stages and configuration are readable by their owner alone, or by a
    group that the site names.
    """
  }

  private var annexes: String {
    """
    ## 8 Annexes

    Private attributes, private SOP classes and private transfer syntaxes: none are written. Standard
    extended SOP classes: Secondary Captures carry Frame of Reference, Image Plane and General
    Reference attributes, so that viewers place them in space. Grayscale Standard Display Function:
    presentation states hold P-values. Media storage: none.
    """
  }

  private static func names(_ syntaxes: [TransferSyntax]) -> String {
    syntaxes.map(\.name).joined(separator: "; ")
  }

  private static func contexts(_ contexts: [Context]) -> String {
    table(
      ["Purpose", "SOP class", "UID", "Transfer syntaxes", "Role"],
      contexts.map {
        [$0.purpose, $0.name, $0.sopClassUID, names($0.transferSyntaxes), $0.role]
      })
  }

  private static func table(_ titles: [String], _ rows: [[String]]) -> String {
    ([titles, titles.map { _ in "---" }] + rows)
      .map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}

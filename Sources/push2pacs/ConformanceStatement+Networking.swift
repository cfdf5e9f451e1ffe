import Archive
import Configuration
import DICOM
import DIMSE
import Delivery

/// Section 4: the application entities, what each proposes and takes, and how it is set up.
extension ConformanceStatement {
  var networking: String {
    """
    ## 4 Networking

    ### 4.1 Implementation model

    #### 4.1.1 Application data flow

    | Application entity | Runs | Does |
    |---|---|---|
    | PUSH2PACS | while a command runs | sends, queries, retrieves, commits; listens only while it waits for a C-MOVE or a commitment |
    | ARCHIVE | while `push2pacs archive` runs | a PACS for trying things out |

    #### 4.1.2 Functional definition

    PUSH2PACS reads a course from files, draws a map, has it confirmed, stores it beside its scan,
    fetches it back and compares. ARCHIVE keeps what it is sent byte for byte, answers queries, sends
    instances back, and promises to keep what it holds.

    #### 4.1.3 Sequencing

    1. Query: is the study there for the same patient, is the name free, what is there already?
    2. A person confirms the map. Nothing is sent before that.
    3. Store what is missing.
    4. Query at IMAGE level, retrieve, compare.
    5. Where configured: storage commitment. On request, later: the rejection note.

    ### 4.2 Application entity specifications

    \(ownEntity)

    \(archiveEntity)

    #### 4.2.3 PUSH2PACS over DICOMweb

    | Service | As user agent |
    |---|---|
    | STOW-RS | POST studies; multipart/related; type="application/dicom"; some 8 MB in a request, a multi-frame instance alone; what counts are the lists of the answer (application/dicom+json) |
    | QIDO-RS | GET studies, studies/{uid}/series, .../instances; application/dicom+json; limit and offset, includefield |
    | WADO-RS | GET studies/{uid}/series/{uid}/instances/{uid}; multipart/related; type="application/dicom"; transfer-syntax=* |

    https, or http on this machine alone; HTTP/1.1 or 2; bearer token from an environment variable.
    Retry-After is kept. Storage commitment is not asked for over the web.

    ### 4.3 Network interfaces

    TCP/IP, IPv4 and IPv6, whatever physical interface the system gives.

    ### 4.4 Configuration

    #### 4.4.1 AE titles and addresses

    The title of PUSH2PACS is `aeTitle` (\(Site().aeTitle)), its port `port` (\(Site().port)). ARCHIVE: `--ae-title`
    (ARCHIVE), `--port` (11112), `--host` (127.0.0.1). Remote entities are the entries of `pacs`, or typed as
    AETITLE@host:port; for ARCHIVE those of `--peer`.

    #### 4.4.2 Parameters

    The configuration file is JSON; `push2pacs config schema` documents all of it.

    \(configuration)
    """
  }

  private var ownEntity: String {
    let numbered = ConformanceTables.activities.enumerated().map { index, activity in
      """
      ##### 4.2.1.3.\(index + 1) \(activity.name)

      Commands: \(activity.commands).
      \(activity.sequence)

      \(Self.contexts(activity.contexts))
      """
    }
    return """
      #### 4.2.1 PUSH2PACS

      ##### 4.2.1.1 SOP classes

      The tables of sections 4.2.1.3 and 4.2.1.4; the storage classes are those of section 8.7.

      ##### 4.2.1.2 Association policies

      \(policies(maximum: Association.Options().maximumLength,
        associations: "\(Site.Archive().associations); configurable to 16",
        asynchronous: "proposes 8 operations invoked for C-STORE; else 1"))

      Rejections are shown with result, source and reason, in words: \(AssociateReject.unknownCalledAETitle),
      \(AssociateReject.unknownCallingAETitle), \(AssociateReject.localLimitExceeded). A transient rejection is
      tried again with growing pauses, then ends with exit status 75; a permanent one with 69.
      Silence, an abort and a lost connection end the association; what was sent is journaled, and the
      same command goes on (75). A breach of the protocol is answered with an abort (76).

      ##### 4.2.1.3 Association initiation by activity

      Each transfer syntax of a class that is sent is a context of its own, so that the acceptor's choice is
      known for each.

      \(numbered.joined(separator: "\n\n"))

      ##### 4.2.1.4 Association acceptance

      While a C-MOVE is under way:

      \(Self.contexts(ConformanceTables.acceptedWhileWaiting.filter { $0.purpose.contains("C-MOVE") }))

      While a promise of storage is awaited:

      \(Self.contexts(ConformanceTables.acceptedWhileWaiting.filter { !$0.purpose.contains("C-MOVE") }))

      ##### 4.2.1.5 SOP specific behaviour: statuses of answers

      What the program does with each status. Every other code of C-STORE is a failure.

      \(statuses)
      """
  }

  private var archiveEntity: String {
    """
    #### 4.2.2 ARCHIVE

    ##### 4.2.2.1 Association policies

    \(policies(maximum: ProviderConfiguration.usualMaximumLength,
        associations: "\(Archive.Options().maximumAssociations); --associations, to 256",
        asynchronous: "1"))

    ##### 4.2.2.2 Association acceptance

    \(Self.contexts(ConformanceTables.acceptedByArchive))

    What is stored is kept byte for byte. Another instance of a UID that is there is refused (0111), the same
    bytes are taken. An instance without patient, study or series UID is refused.

    ##### 4.2.2.3 Association initiation

    C-MOVE and the events of storage commitment go to the AE titles named with --peer: the class of each
    instance in the transfer syntax it is kept in, and in explicit and implicit VR little endian,
    unpacked.

    ##### 4.2.2.4 SOP specific behaviour: queries

    \(queries)

    Keys are matched as single values, lists of UIDs, wildcards (* ?) and ranges. Relational queries,
    fuzzy matching and time zone adjustment are not negotiated.
    """
  }

  private func policies(maximum: UInt32, associations: String, asynchronous: String) -> String {
    Self.table(
      ["Policy", "Value"],
      [
        ["Application context", "1.2.840.10008.3.1.1.1"],
        ["Implementation Class UID", DICOMFile.implementationClassUID],
        ["Implementation Version Name", DICOMFile.implementationVersionName],
        ["Maximum length received", "\(maximum)"], ["Associations at once", associations],
        ["Asynchronous operations", asynchronous],
        ["Extended negotiation", "none needed"], ["User identity", "neither sent nor asked for"],
      ])
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
}

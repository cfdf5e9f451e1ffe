#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A record as a DICOM audit message: XML for an audit repository.
///
/// PS3.15 A.5: the general message format and the events of A.5.3.
package struct AuditMessage: Sendable {
  private let record: AuditRecord
  /// What calls itself the source of the messages.
  private let application: String

  package init(_ record: AuditRecord, application: String) {
    self.record = record
    self.application = application
  }

  /// The message, without an XML declaration.
  package var xml: String {
    var lines = ["<AuditMessage>"]
    let event = Self.event(record.event)
    lines.append(
      #"  <EventIdentification EventActionCode="\#(event.action)" EventDateTime="\#(Self.escaped(record.at))" EventOutcomeIndicator="\#(record.outcome.rawValue)">"#
    )
    lines.append("    " + Self.code("EventID", event.code, "DCM", event.name))
    lines.append(
      "    " + Self.code("EventTypeCode", record.event.rawValue, "99PUSH2PACS", event.meaning))
    if let detail = record.detail {
      lines.append(
        "    <EventOutcomeDescription>\(Self.escaped(detail))</EventOutcomeDescription>")
    }
    lines.append("  </EventIdentification>")
    // The account on this machine, which starts everything.
    lines.append(
      #"  <ActiveParticipant UserID="\#(Self.escaped(record.account))" UserIsRequestor="true" NetworkAccessPointID="\#(Self.escaped(record.host))" NetworkAccessPointTypeCode="1">"#
    )
    // What is fetched goes the other way.
    let comesHere = record.event == .fetching || record.event == .fetched
    let source = Self.code("RoleIDCode", "110153", "DCM", "Source Role ID")
    let target = Self.code("RoleIDCode", "110152", "DCM", "Destination Role ID")
    lines.append("    " + (comesHere ? target : source))
    lines.append("  </ActiveParticipant>")
    for person in record.people {
      lines.append(
        #"  <ActiveParticipant UserID="\#(Self.escaped(record.account))" UserName="\#(Self.escaped(person))" UserIsRequestor="true"/>"#
      )
    }
    lines.append(
      #"  <ActiveParticipant UserID="\#(Self.escaped(application))" UserIsRequestor="false">"#)
    lines.append("    " + Self.code("RoleIDCode", "110150", "DCM", "Application"))
    lines.append("  </ActiveParticipant>")
    if let destination = record.destination {
      lines.append(
        #"  <ActiveParticipant UserID="\#(Self.escaped(destination))" UserIsRequestor="false" NetworkAccessPointID="\#(Self.escaped(Self.machine(of: destination)))" NetworkAccessPointTypeCode="1">"#
      )
      lines.append("    " + (comesHere ? source : target))
      lines.append("  </ActiveParticipant>")
    }
    lines.append(
      #"  <AuditSourceIdentification AuditSourceID="\#(Self.escaped(application))@\#(Self.escaped(record.host))"/>"#
    )
    lines.append(
      #"  <ParticipantObjectIdentification ParticipantObjectID="\#(Self.escaped(record.studyInstanceUID))" ParticipantObjectTypeCode="2" ParticipantObjectTypeCodeRole="3">"#
    )
    lines.append(
      "    " + Self.code("ParticipantObjectIDTypeCode", "110180", "DCM", "Study Instance UID"))
    for (type, value) in [
      ("SeriesInstanceUIDs", record.seriesInstanceUIDs.joined(separator: " ")),
      ("ManifestSHA256", record.manifestSHA256),
    ] {
      // The value is base64, as the schema's type says.
      lines.append(
        #"    <ParticipantObjectDetail type="\#(type)" value="\#(Self.base64(value))"/>"#)
    }
    lines.append("    <ParticipantObjectDescription>")
    for (uid, count) in record.sopClasses.sorted(by: { $0.key < $1.key }) {
      lines.append(
        #"      <SOPClass UID="\#(Self.escaped(uid))" NumberOfInstances="\#(count)"/>"#)
    }
    lines.append("    </ParticipantObjectDescription>")
    lines.append("  </ParticipantObjectIdentification>")
    lines.append(
      #"  <ParticipantObjectIdentification ParticipantObjectID="\#(Self.escaped(record.patientID))" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1">"#
    )
    lines.append(
      "    " + Self.code("ParticipantObjectIDTypeCode", "2", "RFC-3881", "Patient Number"))
    lines.append("  </ParticipantObjectIdentification>")
    lines.append("</AuditMessage>")
    return lines.joined(separator: "\n")
  }

  private struct EventWords {
    let code: String
    let name: String
    /// C create, R read, U update, D delete, E execute.
    let action: String
    let meaning: String
  }

  private static func event(_ event: AuditRecord.Event) -> EventWords {
    func words(_ code: String, _ name: String, _ action: String, _ meaning: String) -> EventWords {
      EventWords(code: code, name: name, action: action, meaning: meaning)
    }
    let accessed = "DICOM Instances Accessed"
    let begin = "Begin Transferring DICOM Instances"
    let transferred = "DICOM Instances Transferred"
    return switch event {
    case .staged: words("110103", accessed, "C", "Dose map drawn and staged")
    case .confirmed: words("110103", accessed, "R", "Dose map reviewed and confirmed")
    case .sending: words("110102", begin, "E", "Dose map about to be sent")
    case .sent: words("110104", transferred, "C", "Dose map sent")
    case .verified: words("110112", "Query", "E", "Dose map asked for again and compared")
    case .retracting: words("110102", begin, "E", "Rejection note about to be sent")
    case .retracted: words("110104", transferred, "C", "Rejection note sent")
    case .queried: words("110112", "Query", "E", "Archive asked what it holds")
    case .fetching: words("110102", begin, "E", "Instances about to be fetched")
    case .fetched: words("110104", transferred, "C", "Instances fetched")
    }
  }

  private static func code(
    _ element: String, _ value: String, _ scheme: String, _ text: String
  ) -> String {
    #"<\#(element) csd-code="\#(escaped(value))" codeSystemName="\#(scheme)" originalText="\#(escaped(text))"/>"#
  }

  /// The host of `AETITLE@host:port` or of a URL.
  private static func machine(of destination: String) -> String {
    if let scheme = destination.firstRange(of: "://") {
      let authority = destination[scheme.upperBound...].prefix { $0 != "/" }
      return authority.lastIndex(of: ":").map { String(authority[..<$0]) } ?? String(authority)
    }
    guard let at = destination.firstIndex(of: "@") else { return destination }
    let rest = destination[destination.index(after: at)...]
    return rest.lastIndex(of: ":").map { String(rest[..<$0]) } ?? String(rest)
  }

  /// Text for an attribute or an element: XML 1.0 knows no other control characters.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += "&#\(character.value);"
      case _ where character.value < 0x20 || (0xFFFE...0xFFFF).contains(character.value):
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  private static func base64(_ text: String) -> String {
    Data(text.utf8).base64EncodedString()
  }
}

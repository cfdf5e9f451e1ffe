package import JSON

/// One thing that was done to a map, or asked of an archive, by whom, where and with what outcome.
///
/// The fields are those of IHE ATNA and DICOM PS3.15 A.5, under names of our own.
package struct AuditRecord: Sendable, Equatable {
  package enum Event: String, Sendable, CaseIterable {
    /// A map was drawn and lies in a stage.
    case staged
    /// A person confirmed it.
    case confirmed
    /// Instances are about to leave for an archive.
    case sending
    /// They were acknowledged, or not.
    case sent
    /// The archive was asked, and what it holds was compared.
    case verified
    /// A rejection note is about to leave for an archive.
    case retracting
    case retracted
    /// An archive was asked what it holds of somebody.
    case queried
    /// Instances are about to be fetched from an archive.
    case fetching
    case fetched
  }

  /// Event Outcome Indicator: PS3.15 A.5.
  package enum Outcome: Int, Sendable {
    case success = 0
    /// Something failed, and the same command goes on with it.
    case minorFailure = 4
    case seriousFailure = 8
    case majorFailure = 12
  }

  package var event: Event
  package var outcome: Outcome
  /// ISO 8601, UTC.
  package var at: String
  /// The account and the machine that it was done on.
  package var account: String
  package var host: String
  /// Those who confirmed, by name.
  package var people: [String]
  package var patientID: String
  package var studyInstanceUID: String
  package var seriesInstanceUIDs: [String]
  /// How many instances of which SOP class.
  package var sopClasses: [String: Int]
  /// The digest of the manifest, which binds every slice.
  package var manifestSHA256: String
  /// The archive or server: `AETITLE@host:port` or a URL; `nil` where nothing left the machine.
  package var destination: String?
  package var detail: String?

  package init(
    event: Event, outcome: Outcome = .success, at: String, account: String, host: String,
    people: [String] = [], patientID: String, studyInstanceUID: String,
    seriesInstanceUIDs: [String], sopClasses: [String: Int], manifestSHA256: String,
    destination: String? = nil, detail: String? = nil
  ) {
    self.event = event
    self.outcome = outcome
    self.at = at
    self.account = account
    self.host = host
    self.people = people
    self.patientID = patientID
    self.studyInstanceUID = studyInstanceUID
    self.seriesInstanceUIDs = seriesInstanceUIDs
    self.sopClasses = sopClasses
    self.manifestSHA256 = manifestSHA256
    self.destination = destination
    self.detail = detail
  }

  /// The record as it stands in the log.
  package var object: JSONObject {
    var classes = JSONObject()
    for (uid, count) in sopClasses.sorted(by: { $0.key < $1.key }) {
      classes[uid] = .integer(count)
    }
    var object = JSONObject()
    object["at"] = .string(at)
    object["event"] = .string(event.rawValue)
    object["outcome"] = .integer(outcome.rawValue)
    object["account"] = .string(account)
    object["host"] = .string(host)
    object["people"] = JSON(people)
    object["patientID"] = .string(patientID)
    object["studyInstanceUID"] = .string(studyInstanceUID)
    object["seriesInstanceUIDs"] = JSON(seriesInstanceUIDs)
    object["sopClasses"] = .object(classes)
    object["manifestSHA256"] = .string(manifestSHA256)
    if let destination { object["destination"] = .string(destination) }
    if let detail { object["detail"] = .string(detail) }
    return object
  }

  init?(_ document: JSON) {
    guard let event = document["event"]?.stringValue.flatMap(Event.init(rawValue:)),
      let outcome = document["outcome"]?.integerValue.flatMap(Outcome.init(rawValue:)),
      let at = document["at"]?.stringValue, let account = document["account"]?.stringValue,
      let host = document["host"]?.stringValue, let people = document["people"]?.arrayValue,
      let patientID = document["patientID"]?.stringValue,
      let study = document["studyInstanceUID"]?.stringValue,
      let series = document["seriesInstanceUIDs"]?.arrayValue,
      let classes = document["sopClasses"]?.objectValue,
      let manifest = document["manifestSHA256"]?.stringValue
    else { return nil }
    var counts: [String: Int] = [:]
    for uid in classes.keys { counts[uid] = classes[uid]?.integerValue }
    self.init(
      event: event, outcome: outcome, at: at, account: account, host: host,
      people: people.compactMap(\.stringValue), patientID: patientID, studyInstanceUID: study,
      seriesInstanceUIDs: series.compactMap(\.stringValue), sopClasses: counts,
      manifestSHA256: manifest, destination: document["destination"]?.stringValue,
      detail: document["detail"]?.stringValue)
  }
}

import Audit
import Console
import Digest
import FHIR
import HTTP
import JSON
import TreatmentSummary

/// What the commands do with a FHIR server: name it, send a confirmed summary, read one.
struct SummaryServer {
  let context: Context
  let server: FHIRServer
  var name: String { server.base.text }

  /// - Parameter text: the base address, or a name of the configuration.
  init(_ text: String, _ context: Context) throws(CommandFailure) {
    let (address, token) = try context.fhirService(text)
    try self.init(address, token: token, context)
  }

  /// - Parameter token: the environment variable of the bearer token.
  init(_ address: String, token: String?, _ context: Context) throws(CommandFailure) {
    self.context = context
    server = try Self.server(
      address, token: token, seconds: context.arguments.integer("timeout") ?? 60)
  }

  /// - Parameter variable: the environment variable of the bearer token; else FHIR_TOKEN, if it is set.
  private static func server(
    _ text: String, token variable: String?, seconds: Int
  ) throws(CommandFailure) -> FHIRServer {
    StopOnSignal.install {}
    let stop: @Sendable () -> Bool = { Interruption.isRequested }
    do {
      let token: BearerToken? =
        if let variable {
          try BearerToken(variable: variable)
        } else if Surroundings.variable("FHIR_TOKEN") != nil {
          try BearerToken(variable: "FHIR_TOKEN")
        } else { nil }
      let client = try WebClient(token: token, silence: Double(seconds))
      return FHIRServer(base: try WebAddress(text), client: client, isStopped: stop)
    } catch { throw CommandFailure(.web(error)) }
  }

  /// Refuses what the server would contradict, and joins what it has of the course's maps.
  ///
  /// The first requests that it gets: nothing is sent by them.
  func prepared(
    _ bundle: JSON, of summary: TreatmentSummary, _ links: DoseMapLinks?
  ) throws(CommandFailure) -> JSON {
    let push = SummaryPush(to: server)
    do {
      try push.requireProgress(summary)
      let reports = try push.reports(of: summary, besides: links?.series.first?.uid)
      let kept = DoseMapLinks.reporting(reports, in: bundle)
      guard let links else { return kept }
      return try push.completed(links).added(to: kept, of: summary)
    } catch { throw CommandFailure(error) }
  }

  /// Sends, reads back and compares; everything stands in the audit log.
  ///
  /// - Parameter series: the map that the summary refers to.
  @discardableResult
  func send(
    _ summary: TreatmentSummary, _ bundle: JSON, confirmedBy people: [String],
    map series: String? = nil
  ) throws(CommandFailure) -> SummaryPush.Outcome {
    let log = Auditing(try context.site())
    let digest = SHA256.hex(bundle.bytes())
    func record(
      _ event: AuditRecord.Event, _ outcome: AuditRecord.Outcome, _ detail: String
    ) throws(CommandFailure) {
      do {
        try log.log.append(
          AuditRecord(
            event: event, outcome: outcome, at: Surroundings.now(), account: Surroundings.account,
            host: Surroundings.host, people: people, patientID: summary.patient.id ?? "",
            studyInstanceUID: "", seriesInstanceUIDs: series.map { [$0] } ?? [], sopClasses: [:],
            manifestSHA256: digest,
            destination: name, detail: detail))
      } catch { throw CommandFailure(.inputOutput, "\(error)") }
    }
    let push = SummaryPush(to: server)
    do { try push.requireProgress(summary) } catch { throw CommandFailure(error) }
    try record(
      .sending, .success, "treatment summary, \(summary.course.treated?.status ?? "planned")")
    let outcome: SummaryPush.Outcome
    do throws(FHIRError) {
      outcome = try push.push(bundle)
      try verify(summary)
      if let series, try !push.hasDocument(ofSeries: series) {
        throw .differs("there is no DocumentReference of series \(series)")
      }
    } catch {
      try record(.sent, .seriousFailure, "\(error)")
      throw CommandFailure(error)
    }
    try record(.sent, .success, "\(outcome.created) made, \(outcome.updated) updated")
    context.terminal.note(
      "\(name): \(outcome.created) resources made, \(outcome.updated) updated\(outcome.isTransaction ? "" : ", one by one"); read back, it is what was sent."
    )
    return outcome
  }

  func document(_ outcome: SummaryPush.Outcome) -> JSON {
    [
      "fhir": .string(name), "created": .integer(outcome.created),
      "updated": .integer(outcome.updated), "transaction": .bool(outcome.isTransaction),
    ]
  }

  /// Whether the server gives back what it was sent.
  private func verify(_ summary: TreatmentSummary) throws(FHIRError) {
    guard let sent = summary.course.treated else {
      guard let planned = summary.course.planned else { return }
      let there = try server.find(
        "ServiceRequest", system: CodeSystem.dicomUID, value: "urn:oid:\(planned.uid)")
      guard there.count == 1, there[0]["status"]?.stringValue == planned.status else {
        throw .differs("there is no Planned Course \(planned.uid)")
      }
      return
    }
    guard let index = try SummaryFetch(from: server).resources(ofCourse: sent.uid) else {
      throw .differs("there is no Course Summary \(sent.uid)")
    }
    let read: TreatmentSummary
    do { read = try BundleReading.summary(in: index, course: sent.uid) } catch {
      throw .differs("\(error)")
    }
    guard let there = read.course.treated, there.status == sent.status, there.start == sent.start,
      there.end == sent.end
    else { throw .differs("status or period of the course") }
    guard read.patient.id == summary.patient.id else { throw .differs("the patient") }
    func doses(_ summary: TreatmentSummary) -> [String] {
      (summary.course.treated?.doses ?? []).map { dose in
        "\(summary.volumes[dose.volume].uid) \(dose.total?.hundredths ?? -1) \(dose.fractions ?? -1)"
      }.sorted()
    }
    guard doses(read) == doses(summary) else { throw .differs("doses or fractions of the course") }
    let treated = { (parts: [TreatmentSummary.Part]) in
      parts.compactMap(\.treated).map { "\($0.uid) \($0.status) \($0.fractions ?? -1)" }.sorted()
    }
    guard treated(read.plans) == treated(summary.plans),
      treated(read.phases) == treated(summary.phases)
    else { throw .differs("phases or plans") }
  }

  /// What a server has: of a patient, or at an address.
  static func read(_ source: String, _ context: Context) throws(CommandFailure) -> ResourceIndex {
    let arguments = context.arguments
    let (address, token) = try context.fhirService(source)
    return try fetch(
      address, patient: arguments.string("patient"), token: token,
      seconds: arguments.integer("timeout") ?? 60)
  }

  /// The resources of a patient, or those at an address.
  static func fetch(
    _ source: String, patient: String?, token: String?, seconds: Int
  ) throws(CommandFailure) -> ResourceIndex {
    let types = ["Procedure", "ServiceRequest", "Bundle"]
    let parts = source.split(separator: "/").map(String.init)
    do {
      if let patient {
        let server = try server(source, token: token, seconds: seconds)
        return try SummaryFetch(from: server).resources(ofPatient: patient)
      }
      guard parts.count > 3, let place = parts.indices.dropLast().last,
        types.contains(parts[place]),
        let end = source.firstRange(of: "/\(parts[place])/")
      else {
        throw CommandFailure(
          .usage,
          "of whom? --read URL --patient ID, or the address of a Course Summary (.../Procedure/ID)")
      }
      let server = try server(
        String(source[..<end.lowerBound]), token: token, seconds: seconds)
      return try SummaryFetch(from: server).resources(
        at: parts[place...].joined(separator: "/"))
    } catch let error as FHIRError {
      throw CommandFailure(error)
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
  }
}

extension CommandFailure {
  init(_ error: FHIRError) {
    let status: ExitStatus =
      switch error {
      case .web(let error):
        switch error.kind {
        case .permanent: .unavailable
        case .transient, .cancelled: .tryAgain
        case .protocolViolation: .peerBrokeProtocol
        case .configuration: .configuration
        case .local: .inputOutput
        }
      case .refused: error.isTransient ? .tryAgain : .unavailable
      case .changedMeanwhile, .brokenOff: .tryAgain
      case .badAnswer, .tooMany, .endlessSearch: .peerBrokeProtocol
      case .noPatient, .noSummary: .noInput
      case .severalMatches, .goesBack, .severalPatients, .differs: .wrongInput
      }
    self.init(status, "\(error)".printable)
  }
}

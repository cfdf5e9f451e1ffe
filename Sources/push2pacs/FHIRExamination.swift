import Console
import FHIR

/// What `doctor` tries of a FHIR server: what it is, whether it lets us in, how it can be sent to.
struct FHIRExamination {
  let server: SummaryServer

  init(_ server: SummaryServer) { self.server = server }

  func report(showing: @escaping (DoctorReport.Step) -> Void) -> DoctorReport {
    var report = DoctorReport(showing: showing)
    let description: FHIRServer.Description
    do { description = try server.server.describe() } catch {
      report.add("FHIR metadata", "\(error)", .failed)
      report.fail(CommandFailure(error))
      return report
    }
    let isR4 = description.version?.hasPrefix("4.0") ?? true
    let software = description.software.map { " (\($0))" } ?? ""
    report.add(
      "FHIR metadata", "FHIR \(description.version ?? "of a version it does not tell")\(software)",
      isR4 ? .ok : .failed)
    if !isR4, let version = description.version {
      report.fail(
        CommandFailure(
          .unavailable,
          "\(server.name) speaks FHIR \(version.printable); summaries are R4 (4.0): ask its administrators for the address of R4"
        ))
    }
    // A search as sending begins with, for a course that nobody has: metadata is open to all.
    do {
      _ = try server.server.find("Procedure", system: "urn:ietf:rfc:3986", value: "urn:oid:2.25.0")
      report.add("FHIR search", "answers a search for a course")
    } catch {
      report.add("FHIR search", "\(error)", .failed)
      report.fail(CommandFailure(error))
    }
    switch description.takesTransactions {
    case true?: report.add("FHIR transaction", "offered: a summary goes in whole or not at all")
    case false?:
      report.add("FHIR transaction", "not offered: resources go one by one", .missing)
    case nil: report.add("FHIR transaction", "it does not tell; it is tried when sending", .missing)
    }
    return report
  }
}

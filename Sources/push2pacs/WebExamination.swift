import Console
import DICOMweb
import DIMSE
import Delivery
import HTTP

/// What `doctor` tries of an archive that is spoken to over DICOMweb.
struct WebExamination {
  let destination: Destination
  let interruption: DIMSE.Interruption

  func report(showing: @escaping (DoctorReport.Step) -> Void) -> DoctorReport {
    var report = DoctorReport(showing: showing)
    report.request = request
    guard let service = destination.web?.stopping(when: { interruption.isInterrupted }) else {
      report.fail(CommandFailure(.ourFault, "\(destination.name) has no address"))
      return report
    }
    for step in WebArchive.Service.allCases {
      do {
        switch try service.probe(step) {
        case .works: report.add(step.rawValue, Self.done[step] ?? "answers")
        case .untried:
          report.add(step.rawValue, "nothing to try it on: the archive is empty")
        case .absent:
          report.add(step.rawValue, "not offered", .failed)
          report.fail(
            CommandFailure(
              .unavailable,
              "\(destination.name) does not offer \(step.rawValue); ask its administrators to switch it on"
            ))
        }
      } catch {
        report.add(step.rawValue, "\(error)", .failed)
        report.fail(CommandFailure(.web(error), at: destination))
        // What cannot be reached fails at each step in the same way.
        break
      }
    }
    return report
  }

  private static let done: [WebArchive.Service: String] = [
    .search: "answers a search for studies",
    .store: "takes store requests (nothing was stored)",
    .retrieve: "gives the attributes of an instance",
  ]

  private var request: [(what: String, value: String)] {
    [
      ("host", Surroundings.host), ("calls", destination.name),
      ("stores", "STOW-RS, Secondary Capture Image Storage"),
      ("searches", "QIDO-RS: studies, series, instances"),
      ("retrieves", "WADO-RS: instances as they are kept"),
    ]
  }
}

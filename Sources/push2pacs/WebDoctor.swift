import Console
import DICOMweb
import DIMSE
import Delivery
import HTTP
import JSON

/// `push2pacs doctor` for an archive that is spoken to over DICOMweb.
struct WebDoctor {
  let context: Context
  let destination: Destination

  func run(_ interruption: DIMSE.Interruption) throws(CommandFailure) {
    guard let service = destination.web?.stopping(when: { interruption.isInterrupted }) else {
      throw CommandFailure(.ourFault, "\(destination.name) has no address")
    }
    var steps: [(service: WebArchive.Service, isDone: Bool, detail: String)] = []
    var failure: CommandFailure?
    for step in WebArchive.Service.allCases {
      do {
        switch try service.probe(step) {
        case .works: steps.append((step, true, Self.done[step] ?? "answers"))
        case .untried: steps.append((step, true, "nothing to try it on: the archive is empty"))
        case .absent:
          steps.append((step, false, "not offered"))
          failure =
            failure
            ?? CommandFailure(
              .unavailable,
              "\(destination.name) does not offer \(step.rawValue); ask its administrators to switch it on"
            )
        }
      } catch {
        steps.append((step, false, "\(error)"))
        failure = failure ?? CommandFailure(.web(error), at: destination)
        // What cannot be reached fails at each step in the same way.
        break
      }
    }
    show(steps)
    if let failure { throw failure }
  }

  private static let done: [WebArchive.Service: String] = [
    .search: "answers a search for studies",
    .store: "takes store requests (nothing was stored)",
    .retrieve: "gives the attributes of an instance",
  ]

  private func show(_ steps: [(service: WebArchive.Service, isDone: Bool, detail: String)]) {
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "pacs": .string(destination.name),
        "steps": .array(
          steps.map {
            [
              "step": .string($0.service.rawValue), "ok": .bool($0.isDone),
              "detail": .string($0.detail),
            ]
          }),
      ])
      return
    }
    for step in steps {
      let head =
        (step.isDone ? "ok" : "FAILED").padded(to: 8) + step.service.rawValue.padded(to: 23)
      for (index, part) in CheckTable.wrapped(step.detail, width: 80 - 31).enumerated() {
        terminal.print((index == 0 ? head : String(repeating: " ", count: 31)) + part)
      }
    }
    terminal.print("")
    terminal.print("What the PACS team needs to know of this machine:")
    terminal.print("  host       \(Surroundings.host)")
    terminal.print("  stores     STOW-RS, Secondary Capture Image Storage")
    terminal.print("  searches   QIDO-RS: studies, series, instances")
    terminal.print("  retrieves  WADO-RS: instances as they are kept")
  }
}

import Console
import Workers

/// Where the time of an export went: `--timings`.
struct ExportTimings {
  private let timings: Timings

  init(_ timings: Timings) { self.timings = timings }

  /// A line a phase: processor time and the time that passed, both over all threads.
  func lines(width: Int?) -> [String] {
    let phases = timings.all
    var table = Table([.init("Phase"), .init("Processor", .right), .init("Elapsed", .right)])
    for phase in phases {
      table.add([
        phase.name, Self.milliseconds(phase.processor), Self.milliseconds(phase.elapsed),
      ])
    }
    table.add([
      "all, from the first file to the stage",
      Self.milliseconds(phases.map(\.processor).reduce(0, +)), Self.milliseconds(timings.elapsed),
    ])
    return table.lines(width: width)
  }

  private static func milliseconds(_ seconds: Double) -> String {
    "\(Int((seconds * 1000).rounded())) ms"
  }
}

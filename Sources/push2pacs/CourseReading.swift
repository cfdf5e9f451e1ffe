import Console
import DICOM
import Quality
import Radiotherapy

/// From folders to a course that has been judged.
enum CourseReading {
  static func inventory(
    _ context: Context, looksAtValues: Bool = false
  ) throws(CommandFailure) -> Inventory {
    let bar = ProgressBar("Reading", total: nil, unit: .items("files"), on: context.terminal)
    defer { bar.finish() }
    do {
      return try Inventory(
        paths: context.arguments.positionals, looksAtValues: looksAtValues
      ) { _, _ in bar.advance() }
    } catch { throw CommandFailure(.noInput, "\(error)") }
  }

  /// The course that the files make; where there are several candidates, a person at the terminal
  /// chooses.
  static func course(
    from inventory: Inventory, _ request: CourseRequest, _ context: Context, mayAsk: Bool
  ) throws(CommandFailure) -> Course {
    var request = request
    while true {
      do { return try Course(from: inventory, request: request) } catch {
        guard case .several(let kind, _, let candidates) = error, mayAsk,
          let prompter = try? Prompter(context.terminal)
        else { throw CommandFailure(inputError: error) }
        let chosen: Int
        do {
          chosen = try prompter.choose(
            "\(candidates.count) candidates for \(kind.rawValue):", candidates.map(\.description))
        } catch { throw CommandFailure(error.exitStatus, "\(error)") }
        switch kind {
        case .scan: request.image = candidates[chosen].uid
        case .dose: request.dose = candidates[chosen].uid
        case .plan: request.plan = candidates[chosen].uid
        case .registration: request.registration = candidates[chosen].uid
        }
      }
    }
  }

  static func prepared(
    _ course: Course, _ settings: MapSettings
  ) throws(CommandFailure) -> PreparedMap {
    do {
      return try PreparedMap(course: course, settings: settings, today: Surroundings.today)
    } catch { throw CommandFailure(.wrongInput, "\(error)") }
  }
}

extension CommandFailure {
  init(inputError error: InputError) {
    let lines = error.description.split(separator: "\n").map(String.init)
    self.init(.wrongInput, lines[0], lines: Array(lines.dropFirst()))
  }
}

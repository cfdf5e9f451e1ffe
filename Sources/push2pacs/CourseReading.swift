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
      let course: Course
      do { course = try Course(from: inventory, request: request) } catch {
        guard mayAsk, let prompter = try? Prompter(context.terminal) else {
          throw CommandFailure(inputError: error)
        }
        do {
          switch error {
          case .several(let kind, _, let candidates):
            try choose(kind, candidates, inventory, &request, prompter)
          case .sumUnsaid(let dose, let plans):
            let chosen = try prompter.choose(
              "\(dose) is the dose of \(plans) plans. How do they belong together?",
              sums.map(\.words))
            request.sum = sums[chosen].sum
          default: throw CommandFailure(inputError: error)
          }
        } catch let failure as CommandFailure {
          throw failure
        } catch let error as PromptError {
          throw CommandFailure(error.exitStatus, "\(error)")
        } catch { throw CommandFailure(.ourFault, "\(error)") }
        continue
      }
      let ways = mayAsk ? registrations(for: course, inventory) : []
      guard ways.count > 1, let prompter = try? Prompter(context.terminal) else { return course }
      do { try choose(.registration, ways, inventory, &request, prompter) } catch {
        guard let error = error as? PromptError else {
          throw CommandFailure(.ourFault, "\(error)")
        }
        throw CommandFailure(error.exitStatus, "\(error)")
      }
    }
  }

  /// The registrations that each lead from dose to scan, where nobody has chosen and they disagree.
  static func registrations(for course: Course, _ inventory: Inventory) -> [InputError.Candidate] {
    guard case .failure(.ambiguous) = course.join, course.request.registration == nil else {
      return []
    }
    return inventory.registrations.compactMap { registration in
      let uid = registration.identity.sopInstanceUID
      var request = course.request
      request.registration = uid
      guard let other = try? Course(from: inventory, request: request),
        case .success = other.join
      else { return nil }
      let words = [
        registration.isDeformable ? "deformable" : "rigid or affine",
        registration.label ?? "no label", registration.contentDate ?? "no date",
        registration.identity.fileName,
      ]
      return InputError.Candidate(uid: uid, description: words.joined(separator: ", "))
    }
  }

  /// What several plans may be to one another; never guessed.
  private static let sums: [(sum: DoseSum, words: String)] = [
    (.sequential, "add up: one target, one plan after the other (--sum sequential)"),
    (.concurrent, "add up: other targets or isocentres in the same sessions (--sum concurrent)"),
  ]

  private static func choose(
    _ kind: InputError.Kind, _ candidates: [InputError.Candidate], _ inventory: Inventory,
    _ request: inout CourseRequest, _ prompter: Prompter
  ) throws {
    // Doses of different plans may be parts of one course.
    let plans = candidates.compactMap { candidate in
      inventory.doses.first { $0.identity.sopInstanceUID == candidate.uid }?.referencedPlans.first
    }
    let mayAdd =
      kind == .dose && plans.count == candidates.count
      && Set(plans.map(\.sopInstanceUID)).count == plans.count
    let chosen = try prompter.choose(
      "\(candidates.count) candidates for \(kind.rawValue):",
      candidates.map(\.description) + (mayAdd ? sums.map(\.words) : []))
    guard candidates.indices.contains(chosen) else {
      request.sum = sums[chosen - candidates.count].sum
      return
    }
    let uid = candidates[chosen].uid
    switch kind {
    case .scan: request.image = uid
    case .dose: request.doses = [uid]
    case .plan: request.plans = [uid]
    case .registration: request.registration = uid
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

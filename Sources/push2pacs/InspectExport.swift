import Console
import DICOM
import DoseMap
import Quality
import Radiotherapy

/// One export that the files allow, judged.
struct InspectExport {
  let request: CourseRequest
  /// The dose, for people.
  let subject: String
  let course: Course?
  let checks: [Check]
  let label: String?
  /// Why it cannot even be judged.
  let refusal: CommandFailure?

  static func all(
    in inventory: Inventory, _ requests: [CourseRequest], _ arguments: CourseArguments,
    _ context: Context
  ) -> [InspectExport] {
    let bar = ProgressBar(
      "Judging", total: requests.count, unit: .items("exports"), on: context.terminal)
    defer { bar.finish() }
    return requests.map { request in
      defer { bar.advance() }
      var course: Course?
      let subject = Self.subject(of: request, in: inventory)
      do throws(CommandFailure) {
        let found = try CourseReading.course(from: inventory, request, context, mayAsk: false)
        course = found
        // What is kept of it is small: the dose grid goes as soon as it is judged.
        let prepared = try CourseReading.prepared(found, arguments.settings)
        return InspectExport(
          request: request, subject: subject, course: found, checks: prepared.checks,
          label: (try? prepared.facts.get())?.label.text, refusal: nil)
      } catch {
        return InspectExport(
          request: request, subject: subject, course: course, checks: [], label: nil, refusal: error
        )
      }
    }
  }

  private static func subject(of request: CourseRequest, in inventory: Inventory) -> String {
    if let uid = request.dose {
      return inventory.doses.first { $0.identity.sopInstanceUID == uid }
        .map { "dose \($0.identity.fileName)" } ?? "dose \(uid)"
    }
    let plan = request.plan.flatMap { uid in
      inventory.plans.first { $0.identity.sopInstanceUID == uid }?.label
    }
    return request.sum == nil
      ? "a dose" : "the sum of doses" + (plan.map { " of plan \($0)" } ?? "")
  }

  /// How the verdicts add up, the gravest first.
  var verdict: String {
    guard refusal == nil else { return "NOT POSSIBLE" }
    let blocked = checks.filter { $0.status == .failure && $0.remedy == .blocked }.count
    let counts = [
      (blocked, "blocked"), (checks.overridable.count, "to override"),
      (checks.warnings.count, checks.warnings.count == 1 ? "warning" : "warnings"),
      (checks.filter { $0.status == .pass }.count, "pass"),
    ]
    let text = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return (blocked > 0 ? "BLOCKED: " : "possible: ") + text
  }

  /// The last word on it: the label, how the checks add up, and which of them did not pass.
  var conclusion: String {
    let ids = checks.filter { $0.status != .pass }.map(\.id.rawValue)
    return (label.map { "\($0): " } ?? "") + verdict
      + (ids.isEmpty ? "" : " (\(ids.joined(separator: ", ")))")
  }

  var isPossible: Bool { refusal == nil && !checks.isBlocked }

  /// What is drawn on what.
  var description: String {
    guard let course else { return "" }
    let dose =
      course.doseParts.count > 1
      ? "sum of \(course.doseParts.count) doses" : "dose \(course.dose.identity.fileName)"
    let labels = course.plans.compactMap { $0.plan?.label }.joined(separator: ", ")
    let plan = labels.isEmpty ? "no plan" : "plan \(labels)"
    let scan = course.scan
    let text =
      (scan.description.map { " \"\($0)\"" } ?? "") + (scan.part.map { ", \($0)," } ?? "")
    let way: String
    switch course.join {
    case .success(let join):
      way =
        join.registrations.isEmpty
        ? join.kind.rawValue
        : "\(join.kind.rawValue), over \(InspectText.counted(join.registrations.count, "registration"))"
    case .failure: way = "not joined"
    }
    return
      "\(dose), \(plan), on \(scan.modality)\(text) of \(scan.date?.iso ?? "no date"), \(InspectText.counted(scan.slices.count, "image")); \(way)"
  }

  /// The options that choose this export.
  var options: [(name: String, value: String)] {
    var options: [(String, String)] = []
    for dose in request.doses { options.append(("--dose", dose)) }
    if let sum = request.sum { options.append(("--sum", sum.rawValue)) }
    for plan in request.plans { options.append(("--plan", plan)) }
    if let image = request.image { options.append(("--image", image)) }
    if let registration = request.registration { options.append(("--registration", registration)) }
    return options
  }

  /// - Parameters:
  ///   - number: which of several it is; `nil` for the only one.
  ///   - isVerbose: whether the checks that pass are shown as well.
  func lines(number: Int?, isVerbose: Bool, width: Int) -> [String] {
    let indent = number == nil ? "" : "   "
    let width = width - indent.count
    var lines: [String] = []
    let title = label ?? (number == nil ? nil : subject)
    if let title { lines.append((number.map { "\($0). ".padded(to: 3) } ?? "") + title) }
    if course != nil {
      lines += description.printable.wrapped(width: width).map { indent + $0 }
    }
    lines.append(indent + verdict)
    if let refusal {
      lines += InspectText.note(refusal.message, width: width).map { indent + $0 }
      lines += refusal.lines.map { indent + $0.printable }
    }
    let shown = isVerbose ? checks : checks.filter { $0.status != .pass }
    lines += CheckTable.lines(shown, width: width).map { indent + $0.printable }
    return lines
  }

  /// The command that makes it, on as many lines as it needs.
  func command(_ paths: [String], choosing: Bool, width: Int) -> [String] {
    let head = "push2pacs export " + paths.map(\.shellQuoted).joined(separator: " ")
    let options = (choosing ? options : []) + [("--pacs", "NAME")]
    var lines = [head]
    for option in options {
      let word = "\(option.name) \(option.value.shellQuoted)"
      if let last = lines.last, last.count + 1 + word.count <= width - 4 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines[lines.count - 1] += " \\"
        lines.append("  " + word)
      }
    }
    return lines
  }
}

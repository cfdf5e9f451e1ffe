import JSON

/// What has been tried of a service, in its order, and why it would not do.
struct DoctorReport {
  enum Verdict: String {
    case ok
    /// Not there, and only some uses need it.
    case missing
    case failed

    var word: String { self == .failed ? "FAILED" : rawValue }
  }

  struct Step {
    let name: String
    let detail: String
    let verdict: Verdict

    var document: JSON {
      [
        "step": .string(name), "ok": .bool(verdict == .ok),
        "verdict": .string(verdict.rawValue), "detail": .string(detail),
      ]
    }
  }

  /// Called with each step as soon as its outcome is known.
  let showing: (Step) -> Void
  private(set) var steps: [Step] = []
  /// What those who run it need to know to grant access.
  var request: [(what: String, value: String)] = []
  /// The first thing that stands in the way.
  private(set) var failure: CommandFailure?

  init(showing: @escaping (Step) -> Void) { self.showing = showing }

  mutating func add(_ name: String, _ detail: String, _ verdict: Verdict = .ok) {
    let step = Step(name: name, detail: detail, verdict: verdict)
    steps.append(step)
    showing(step)
  }

  mutating func fail(_ failure: CommandFailure) {
    if self.failure == nil { self.failure = failure }
  }

  /// Puts another one, whose steps have been shown, behind this one.
  mutating func add(_ other: DoctorReport) {
    steps += other.steps
    request += other.request
    if let failure = other.failure { fail(failure) }
  }
}

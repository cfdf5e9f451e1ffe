import Radiotherapy

/// Where orders and deliveries stand, from what was said of the course and what was delivered.
struct SummaryStatus: Hashable {
  /// Of prescriptions and plans.
  let order: String
  /// Of what was delivered; `nil`: nothing is told of it yet.
  let delivery: String?

  init(order: String, delivery: String?) {
    self.order = order
    self.delivery = delivery
  }

  /// That of a course.
  init(_ status: SummaryDetails.Status) {
    switch status {
    case .planned: self.init(order: "active", delivery: nil)
    case .inProgress: self.init(order: "active", delivery: "in-progress")
    case .onHold: self.init(order: "on-hold", delivery: "on-hold")
    case .completed: self.init(order: "completed", delivery: "completed")
    case .stopped: self.init(order: "revoked", delivery: "stopped")
    case .notDone: self.init(order: "revoked", delivery: "not-done")
    }
  }

  /// That of a plan.
  init(of plan: PlanCourse, isReplaced: Bool, in status: SummaryDetails.Status) {
    if isReplaced {
      self.init(order: "revoked", delivery: plan.isBegun ? "stopped" : "not-done")
    } else if plan.isComplete {
      self.init(order: "completed", delivery: "completed")
    } else if !plan.isBegun {
      let open = status == .onHold ? "on-hold" : "active"
      self.init(
        order: status.hasEnded ? "revoked" : open, delivery: status.hasEnded ? "not-done" : nil)
    } else {
      self.init(status)
    }
  }

  /// That of a phase, from its plans that were not replaced.
  init(ofPhase plans: [SummaryStatus], in status: SummaryDetails.Status) {
    let kinds = Set(plans)
    if kinds.count == 1, let only = plans.first {
      self = only
    } else if status.hasEnded {
      self.init(order: "revoked", delivery: "stopped")
    } else {
      self.init(status)
    }
  }

  /// Refuses a status that the records do not bear out.
  ///
  /// - Parameter kept: the plans that were not replaced.
  static func check(
    _ status: SummaryDetails.Status, of plans: [PlanCourse], kept: [PlanCourse]
  ) throws(SummaryError) {
    func refuse(_ why: String) -> SummaryError { .status(status.rawValue, why) }
    let open = kept.first { !$0.isComplete }
    let begun = plans.first(where: \.isBegun)
    switch status {
    case .planned, .notDone:
      if let begun {
        throw refuse("\(begun.fractionsDelivered) fractions of plan \(begun.name) were delivered")
      }
    case .completed:
      if let open {
        throw refuse(
          "\(open.fractionsDelivered) of \(open.fractionsPlanned) fractions of plan \(open.name) were delivered"
        )
      }
    case .inProgress, .onHold:
      if begun == nil { throw refuse("nothing was delivered yet; 'planned' says that") }
    case .stopped:
      if begun == nil { throw refuse("nothing was delivered; 'not-done' says that") }
      if open == nil { throw refuse("all planned fractions were delivered; 'completed' says that") }
    }
    for plan in kept {
      guard let said = plan.summary?.record.status else { continue }
      let isEnd = said.hasEnded
      if status == .completed || status == .stopped, !isEnd, plan.summary?.isSuperseded == false {
        throw refuse("the treatment summary record of plan \(plan.name) says \(said.rawValue)")
      }
      if status == .inProgress, isEnd, !plan.isComplete {
        throw refuse("the treatment summary record of plan \(plan.name) says \(said.rawValue)")
      }
    }
  }
}

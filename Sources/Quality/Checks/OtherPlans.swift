import DICOM
import Radiotherapy

/// The plans among the files that a map does not show: waiting, given in part, or given as well.
struct OtherPlans {
  /// Of which nothing was delivered.
  let waiting: [RTPlan]
  /// Of which less was delivered than planned: how many fractions of how many.
  let unfinished: [(plan: RTPlan, delivered: Int, planned: Int)]
  /// Of which something was delivered.
  let treated: [RTPlan]

  /// Plans that are no treatment of a patient, or were refused, are none.
  init(beside course: Course) {
    let own = Set(course.plans.compactMap { $0.plan?.identity.sopInstanceUID })
    var waiting: [RTPlan] = []
    var unfinished: [(plan: RTPlan, delivered: Int, planned: Int)] = []
    var treated: [RTPlan] = []
    for plan in course.allPlans
    where !own.contains(plan.identity.sopInstanceUID) && plan.approval != "REJECTED"
      && !TreatmentChecks.isTest(plan)
    {
      let uid = plan.identity.sopInstanceUID
      let records = course.otherRecords.filter { record in
        record.referencedPlans.contains { $0.sopInstanceUID == uid }
      }
      guard !records.isEmpty || SummaryChecks.isDelivered(plan, of: course) else {
        waiting.append(plan)
        continue
      }
      treated.append(plan)
      let summaries = course.otherSummaries.filter { summary in
        summary.referencedPlans.contains { $0.sopInstanceUID == uid }
      }
      let counted = DeliveredCourse(plan: plan, records: records).wholeFractions
      let delivered = max(counted, summaries.compactMap(\.delivered).max() ?? 0)
      if let planned = plan.fractionsPlanned, delivered < planned, !plan.hasBrachytherapy {
        unfinished.append((plan, delivered, planned))
      }
    }
    self.waiting = waiting
    self.unfinished = unfinished
    self.treated = treated
  }

  /// Their names, in words.
  static func names(_ plans: [RTPlan]) -> String {
    plans.map { $0.label.isEmpty ? $0.identity.fileName : $0.label }.joined(separator: ", ")
  }
}

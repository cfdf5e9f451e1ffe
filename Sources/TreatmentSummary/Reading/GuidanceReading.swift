import Radiotherapy

/// Breathing, image guidance and verification of a plan: as said; breathing else from its setups.
enum GuidanceReading {
  static func guidance(
    of plan: PlanCourse, _ details: SummaryDetails
  ) -> TreatmentSummary.Guidance {
    var guidance = details.said(of: plan.plan)?.guidance ?? details.guidance ?? .init()
    guard guidance.motion.isEmpty else { return guidance }
    for term in plan.plan.motionManagement {
      guard let (motion, technique) = Self.meaning(of: term),
        let coding = Terminology.motions[motion]
      else { continue }
      let concept = Concept(coding)
      if !guidance.motion.contains(concept) { guidance.motion.append(concept) }
      if let technique, let coding = Terminology.freeBreathingTechniques[technique] {
        guidance.freeBreathing.append(Concept(coding))
      }
    }
    // Several setups that say different things: none of them says that nothing was done.
    return TreatmentSummary.Guidance(merging: [guidance])
  }

  /// What a term of Respiratory Motion Compensation Technique (0018,9170) says in SNOMED's.
  private static func meaning(of term: String) -> (motion: String, technique: String?)? {
    switch term {
    case "NONE": ("none", nil)
    case "BREATH_HOLD": ("breath-hold", nil)
    case "GATING": ("free-breathing", "gating")
    case "REALTIME", "TRACKING": ("free-breathing", "tracking")
    default: nil
    }
  }
}

/// Puts what was said to be prescribed in the place of what was planned.
struct PrescriptionMaking {
  let basis: MakingBasis
  let phases: [CoursePhase]

  /// What was said to be prescribed in a phase.
  func said(_ phase: CoursePhase) -> SummaryDetails.Prescription? {
    phase.prescription ?? (phases.count == 1 ? basis.details.prescription : nil)
  }

  func apply(
    _ said: SummaryDetails.Prescription?, to order: inout TreatmentSummary.Order
  ) throws(SummaryError) {
    guard let said else { return }
    if let fractions = said.fractions {
      for index in order.doses.indices where order.doses[index].fractions == order.fractions {
        order.doses[index].fractions = fractions
      }
      order.fractions = fractions
    }
    for (name, gray) in said.doses.sorted(by: { $0.key < $1.key }) {
      guard let total = CentiGray(gray: gray) else { throw .dose("\(gray) Gy to \(name)") }
      let place = order.doses.firstIndex {
        basis.volumes.volumes[$0.volume].name == name
      }
      guard let place else {
        throw .volume(name, "prescription.dosesGy names it, and no plan treats it")
      }
      order.doses[place].total = total
    }
    for index in order.doses.indices {
      guard let total = order.doses[index].total,
        order.doses[index].fractions == order.fractions
      else {
        order.doses[index].perFraction = nil
        continue
      }
      order.doses[index].perFraction = order.fractions.flatMap { DoseSums.share(of: total, $0) }
    }
    if let date = said.authoredOn { order.authoredOn = date }
    if let requester = said.requester { order.requester = requester }
  }
}

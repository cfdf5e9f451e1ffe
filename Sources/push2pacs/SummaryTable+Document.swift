import JSON
import TreatmentSummary

/// What `summary --read --json` writes.
extension SummaryTable {
  /// The same for programs: doses in cGy, as the resources have them.
  var document: JSON {
    var patient: JSON = .object([:])
    patient["system"] = summary.patient.system.map(JSON.string)
    patient["id"] = summary.patient.id.map(JSON.string)
    patient["reference"] = .string(summary.patient.reference)
    let phases = summary.phases.map { part($0) }
    return [
      "patient": patient, "course": part(summary.course), "phases": .array(phases),
      "plans": .array(
        summary.plans.map { plan in
          var json = part(plan)
          json["phase"] = plan.phase.map { .integer($0) }
          json["rtPlan"] = plan.plan.map { .string($0.uid) }
          return json
        }),
      "volumes": .array(
        summary.volumes.map { volume in
          var json: JSON = ["name": .string(volume.name), "uid": .string(volume.uid)]
          json["type"] = volume.morphology.map { .string($0.words) }
          json["location"] = volume.location.map { .string($0.words) }
          return json
        }),
    ]
  }

  private func part(_ part: TreatmentSummary.Part) -> JSON {
    var json: JSON = [
      "name": .string(part.treated?.name ?? part.planned?.name ?? part.prescribed?.name ?? "")
    ]
    json["status"] = (part.treated?.status ?? part.planned?.status).map(JSON.string)
    json["uid"] = part.treated.map { .string($0.uid) }
    json["start"] = part.treated?.start.map(JSON.string)
    json["end"] = part.treated?.end.map(JSON.string)
    json["sessions"] = part.treated?.sessions.map { .integer($0) }
    json["fractionsPrescribed"] = part.prescribed?.fractions.map { .integer($0) }
    json["fractionsPlanned"] = part.planned?.fractions.map { .integer($0) }
    json["fractionsDelivered"] = part.treated?.fractions.map { .integer($0) }
    json["doses"] = .array(
      Self.volumes(of: part).map { volume in
        func dose(_ doses: [TreatmentSummary.Dose]?) -> TreatmentSummary.Dose? {
          doses?.first { $0.volume == volume }
        }
        var json: JSON = ["volume": .string(summary.volumes[volume].name)]
        json["prescribedCentigray"] = dose(part.prescribed?.doses)?.total?.number
        json["plannedCentigray"] = dose(part.planned?.doses)?.total?.number
        json["deliveredCentigray"] = dose(part.treated?.doses)?.total?.number
        json["fractionsPlanned"] = dose(part.planned?.doses)?.fractions.map { .integer($0) }
        json["fractionsDelivered"] = dose(part.treated?.doses)?.fractions.map { .integer($0) }
        return json
      })
    return json
  }
}

import Console
import Delivery
import JSON
import Quality

/// What `push --json` writes: what became of each instance, however the run ended.
struct PushDocument {
  let stage: Stage
  let destination: Destination
  let outcome: Sending.Outcome
  let timings: PushTimings
  /// What was sent to a FHIR server beside the map.
  var summary: JSON?

  var json: JSON {
    let instances = stage.manifest.instances
    var document: JSON = [
      "stage": .string(stage.path), "pacs": .string(destination.name),
      "complete": .bool(outcome.sent + outcome.alreadyThere == instances.count),
      "sent": .integer(outcome.sent), "alreadyThere": .integer(outcome.alreadyThere),
      "refused": .integer(outcome.refused.count), "warnings": .integer(outcome.warnings.count),
      "bytes": .integer(outcome.bytes), "seconds": timings.document(sending: outcome.duration),
      "instances": .array(rows(instances)),
    ]
    document["summary"] = summary
    return document
  }

  private func rows(_ instances: [Manifest.Instance]) -> [JSON] {
    var reasons: [String: String] = [:]
    for refusal in outcome.refused { reasons[refusal.instance.sopInstanceUID] = refusal.reason }
    var warnings: [String: String] = [:]
    for (instance, answer) in outcome.warnings { warnings[instance.sopInstanceUID] = "\(answer)" }
    return instances.map { instance in
      let uid = instance.sopInstanceUID
      let (what, detail): (String, String?) =
        if let reason = reasons[uid] {
          ("refused", reason)
        } else if let warning = warnings[uid] {
          ("warning", warning)
        } else if outcome.acknowledged.contains(uid) {
          ("sent", nil)
        } else if outcome.held.contains(uid) {
          ("alreadyThere", nil)
        } else {
          ("notSent", nil)
        }
      return [
        "sopInstanceUID": .string(uid), "instanceNumber": .integer(instance.instanceNumber),
        "outcome": .string(what), "detail": JSON(detail),
      ]
    }
  }
}

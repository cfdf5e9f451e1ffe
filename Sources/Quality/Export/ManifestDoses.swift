import DICOM
import DoseMap
import Geometry
import JSON
import Radiotherapy

/// What a manifest says of the doses: each by itself, and of a sum the whole.
struct ManifestDoses {
  let prepared: PreparedMap
  let facts: CourseFacts

  private var course: Course { prepared.course }
  private var isSum: Bool { course.doseParts.count > 1 }

  /// One entry for each dose: its own highest dose as delivered, and where in the scan's frame.
  var documents: [JSON] {
    course.plans.enumerated().flatMap { index, plan in
      plan.doses.map { dose in
        let own = maximum(of: dose, index)
        var item: JSONObject = [
          "sopInstanceUID": .string(dose.identity.sopInstanceUID),
          "frameOfReferenceUID": JSON(dose.identity.frameOfReferenceUID),
          "type": JSON(dose.type), "summation": JSON(dose.summation),
          "units": JSON(dose.units), "factor": .number(facts.plans[index].doseFactor),
          "isPartOfSum": .bool(isSum),
          "maximumGy": JSON(own?.gray),
          "maximumAt": own?.position.map { JSON([$0.x, $0.y, $0.z]) } ?? .null,
        ]
        if isSum {
          item["planSOPInstanceUID"] = JSON(plan.plan?.identity.sopInstanceUID)
          item["registration"] = Self.registration(try? plan.join.get())
          item["isZeroBeyondGrid"] = .bool(
            prepared.dose?.parts.first {
              $0.instances.contains(dose.identity.sopInstanceUID)
            }?.isZeroBeyond ?? false)
        }
        return .object(item)
      }
    }
  }

  /// How the doses were put together, each plan's share, and the highest dose of the whole.
  var sum: JSON? {
    guard let how = course.request.sum, let dose = prepared.dose else { return nil }
    return [
      "kind": .string(how.rawValue), "atLeast": .bool(dose.isAtLeast),
      "maximumGy": .number(dose.maximum.gray),
      "maximumAt": dose.maximum.position.map { JSON([$0.x, $0.y, $0.z]) } ?? .null,
      "plans": .array(
        zip(course.plans, facts.plans).map { plan, own in
          [
            "sopInstanceUID": JSON(plan.plan?.identity.sopInstanceUID),
            "label": .string(own.name), "doseGy": .number(own.highestGy),
            "deliveredGy": .number(own.highestGy * own.share),
            "fractionsPlanned": .integer(own.fractionsPlanned),
            "fractionsDelivered": .integer(own.fractionsDelivered),
            "completed": .string(own.completed.iso),
          ]
        }),
    ]
  }

  /// The registration that the map rests on; of several parts' the freest one.
  var registration: JSON {
    let joins = course.plans.compactMap { try? $0.join.get() }
    return Self.registration(joins.filter { $0.registration != nil }.max { $0.kind < $1.kind })
  }

  private static func registration(_ join: FrameJoin?) -> JSON {
    guard let join, let registration = join.registration else { return .null }
    return [
      "sopInstanceUID": .string(registration.identity.sopInstanceUID),
      "kind": .string(join.kind.rawValue),
      "matrix": join.doseToScan.map { JSON($0.rowMajor) } ?? .null,
      "sopInstanceUIDs": JSON(join.registrations.map(\.identity.sopInstanceUID)),
    ]
  }

  private func maximum(
    of dose: RTDose, _ plan: Int
  ) -> (gray: Double, position: PatientPoint?)? {
    guard isSum else { return prepared.dose?.maximum }
    guard let grid = try? SoundDose.grid(of: dose) else { return nil }
    let highest = grid.maximum
    return (
      highest.gray * facts.plans[plan].doseFactor,
      (try? course.plans[plan].join.get())?.toScan(highest.position)
    )
  }
}

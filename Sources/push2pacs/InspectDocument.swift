import DICOM
import JSON
import Quality
import Radiotherapy

/// What `inspect --json` prints.
struct InspectDocument {
  let inventory: Inventory
  let exports: [InspectExport]
  let plansWithoutDose: [RTPlan]
  let summablePlans: [RTPlan]

  var document: JSON {
    var document = JSONObject()
    document["patients"] = JSON(inventory.patients.map { $0.id ?? "" })
    document["scans"] = .array(inventory.scans.map(scan))
    document["doses"] = .array(inventory.doses.map(dose))
    document["plans"] = .array(inventory.plans.map(plan))
    document["structureSets"] = .array(
      inventory.structureSets.map { set in
        [
          "sopInstanceUID": .string(set.identity.sopInstanceUID), "label": JSON(set.label),
          "regions": JSON(set.regions.map(\.name)),
        ]
      })
    document["records"] = .array(
      inventory.records.map { record in
        [
          "sopInstanceUID": .string(record.identity.sopInstanceUID),
          "date": JSON(record.date?.iso),
          "plans": JSON(record.referencedPlans.map(\.sopInstanceUID)),
          "isIon": .bool(record.identity.sopClassUID == SOPClass.rtIonBeamsTreatmentRecord),
        ]
      })
    document["summaries"] = .array(inventory.summaries.map(summary))
    document["registrations"] = .array(
      inventory.registrations.map { registration in
        [
          "sopInstanceUID": .string(registration.identity.sopInstanceUID),
          "isDeformable": .bool(registration.isDeformable),
          "registeredFrame": JSON(registration.registeredFrame),
          "sourceFrames": JSON(registration.items.compactMap(\.sourceFrame)),
        ]
      })
    let unsupported =
      inventory.otherObjects.filter { SOPClass.isSecondGeneration($0.sopClassUID) }
      + inventory.brachyRecords.map(\.identity)
    document["notSupported"] = .array(unsupported.map(object))
    document["others"] = .array(
      inventory.otherObjects.filter { !SOPClass.isSecondGeneration($0.sopClassUID) }.map(object))
    document["skipped"] = .integer(inventory.skipped)
    document["repeated"] = JSON(inventory.repeated)
    document["forgiven"] = .array(
      inventory.forgiven.map {
        ["file": .string($0.path), "what": JSON($0.what.map(\.description))]
      })
    document["unreadable"] = .array(
      inventory.broken.map { file in
        [
          "file": .string(file.path), "reason": .string("\(file.error)"),
          "sopClass": JSON(file.remains?.sopClassUID),
          "seriesInstanceUID": JSON(file.remains?.seriesInstanceUID),
        ]
      })
    document["exports"] = .array(exports.map(export))
    document["plansWithoutDose"] = JSON(plansWithoutDose.map(\.identity.sopInstanceUID))
    document["summablePlans"] = JSON(summablePlans.map(\.identity.sopInstanceUID))
    // Of a single export the verdicts stand at the top as well.
    let only = exports.count == 1 ? exports.first : nil
    document["checks"] = .array(only?.checks.map(\.document) ?? [])
    document["refusal"] = JSON(only?.refusal?.message)
    return .object(document)
  }

  private func object(_ identity: ObjectIdentity) -> JSON {
    [
      "sopInstanceUID": .string(identity.sopInstanceUID),
      "sopClassUID": .string(identity.sopClassUID),
      "name": .string(InspectNotes.name(of: identity.sopClassUID)),
    ]
  }

  private func scan(_ scan: ScanSeries) -> JSON {
    [
      "seriesInstanceUID": .string(scan.seriesInstanceUID), "choice": .string(scan.choice),
      "studyInstanceUID": .string(scan.studyInstanceUID), "modality": .string(scan.modality),
      "slices": .integer(scan.slices.count), "date": JSON(scan.date?.iso),
      "description": JSON(scan.description), "spacing": JSON(scan.spacing),
      "frameOfReferenceUID": JSON(scan.frameOfReferenceUID),
    ]
  }

  private func dose(_ dose: RTDose) -> JSON {
    [
      "sopInstanceUID": .string(dose.identity.sopInstanceUID), "units": JSON(dose.units),
      "type": JSON(dose.type), "summation": JSON(dose.summation),
      "frameOfReferenceUID": JSON(dose.identity.frameOfReferenceUID),
      "plans": JSON(dose.referencedPlans.map(\.sopInstanceUID)),
    ]
  }

  private func plan(_ plan: RTPlan) -> JSON {
    [
      "sopInstanceUID": .string(plan.identity.sopInstanceUID), "label": .string(plan.label),
      "approval": JSON(plan.approval), "fractionsPlanned": JSON(plan.fractionsPlanned),
      "isIon": .bool(plan.isIon), "isBrachytherapy": .bool(plan.hasBrachytherapy),
    ]
  }

  private func summary(_ summary: SummaryRecord) -> JSON {
    [
      "sopInstanceUID": .string(summary.identity.sopInstanceUID),
      "status": JSON(summary.statusText), "fractionsDelivered": JSON(summary.delivered),
      "fractionsPlanned": JSON(summary.planned), "first": JSON(summary.firstDate?.iso),
      "last": JSON(summary.last?.iso),
      "plans": JSON(summary.referencedPlans.map(\.sopInstanceUID)),
    ]
  }

  private func export(_ export: InspectExport) -> JSON {
    var document = JSONObject()
    document["label"] = JSON(export.label)
    document["isPossible"] = .bool(export.isPossible)
    document["dose"] = JSON(
      export.course?.doseParts.map(\.identity.sopInstanceUID)
        ?? [export.request.dose].compactMap(\.self))
    document["plan"] = JSON(export.course?.plan?.identity.sopInstanceUID ?? export.request.plan)
    document["image"] = JSON(export.course?.scan.seriesInstanceUID ?? export.request.image)
    document["registrations"] = JSON(
      ((try? export.course?.join.get()) ?? nil)?.registrations.map(\.identity.sopInstanceUID) ?? [])
    var options = JSONObject()
    for option in export.options {
      options[String(option.name.dropFirst(2))] = .string(option.value)
    }
    document["options"] = .object(options)
    document["checks"] = .array(export.checks.map(\.document))
    document["refusal"] = JSON(export.refusal?.message)
    return .object(document)
  }
}

extension Check {
  /// As `--json` shows it.
  var document: JSON {
    [
      "id": .string(id.rawValue), "status": .string(status.rawValue),
      "remedy": .string(remedy.rawValue), "detail": .string(detail),
    ]
  }
}

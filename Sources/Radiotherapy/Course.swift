import DICOM
import Geometry

/// The objects of one course that make one map: chosen, not yet judged.
package struct Course: Sendable {
  package let request: CourseRequest
  package let scan: ScanSeries
  package let dose: RTDose
  /// What is added up: the dose alone, or the parts of a sum, the first of which is `dose`.
  package let doseParts: [RTDose]
  /// The plan that the dose names, or that was asked for.
  package let plan: RTPlan?
  /// Every plan among the files.
  package let allPlans: [RTPlan]
  /// The records of the plan.
  package let records: [TreatmentRecord]
  /// Whether the records name another plan's UID, but have the plan's beams and metersets.
  package let areRecordsOfRenamedPlan: Bool
  /// Records of other plans.
  package let otherRecords: [TreatmentRecord]
  /// What the treatment summary records of the plan say; `nil` where there are none.
  package let summary: SummaryEvidence?
  package let summaries: [SummaryRecord]
  /// Treatment summary records of other plans.
  package let otherSummaries: [SummaryRecord]
  package let brachyRecords: [BrachyRecord]
  package let structureSet: StructureSet?
  package let join: Result<FrameJoin, FrameJoin.Failure>
  package let delivered: DeliveredCourse?

  /// Chooses from what was found; where there is more than one candidate, the caller must say.
  package init(from inventory: Inventory, request: CourseRequest) throws(InputError) {
    self.request = request
    let isAnythingThere =
      !inventory.scans.isEmpty || !inventory.doses.isEmpty || !inventory.plans.isEmpty
      || !inventory.otherObjects.isEmpty || !inventory.broken.isEmpty
      || !inventory.structureSets.isEmpty || !inventory.records.isEmpty
      || !inventory.summaries.isEmpty || !inventory.registrations.isEmpty
    guard isAnythingThere else { throw .noDICOM(files: inventory.fileCount) }
    let ids = Set(inventory.patients.compactMap(\.id)).sorted()
    let dose: RTDose
    let scan: ScanSeries
    do {
      if request.sum == .beams {
        doseParts = try DoseParts.beams(from: inventory, request)
        dose = doseParts[0]
      } else {
        dose = try Self.dose(from: inventory, request)
        doseParts = [dose]
      }
      scan = try Self.scan(from: inventory, dose: dose, request)
    } catch {
      // Two courses are no choice between doses; one strange object is the checks' business.
      if ids.count > 1, case .several = error { throw .patients(ids) }
      // What is missing may be what cannot be read.
      if case .missing(let kind) = error,
        let broken = inventory.broken.first(where: { $0.mayBe(kind) })
      {
        throw .broken(broken.error, because: "it may be what is missing")
      }
      throw error
    }
    self.dose = dose
    self.scan = scan
    if let odd = scan.oddlySized {
      throw .file(
        .unreadable(
          path: odd.identity.path,
          reason: "another pixel spacing or matrix than the other images of its series"))
    }
    if let second = scan.duplicates.first {
      let pair = [scan.slices[second - 1], scan.slices[second]]
      throw .slicesAtOnePlace(
        z: (pair[1].plane.distance(along: scan.normal) * 100).rounded() / 100,
        files: pair.map(\.identity.fileName))
    }
    allPlans = inventory.plans
    let plan = try Self.plan(from: inventory, dose: dose, request)
    self.plan = plan
    let planUID = plan?.identity.sopInstanceUID
    let own = inventory.records.filter { record in
      record.referencedPlans.contains { $0.sopInstanceUID == planUID }
    }
    let others = inventory.records.filter { record in
      !record.referencedPlans.contains { $0.sopInstanceUID == planUID }
    }
    let known = Set(inventory.plans.map(\.identity.sopInstanceUID))
    let isRenamed =
      own.isEmpty && !others.isEmpty
      && others.allSatisfy { record in
        record.referencedPlans.allSatisfy { !known.contains($0.sopInstanceUID) }
          && (plan.map(record.matches) ?? false)
      }
    areRecordsOfRenamedPlan = isRenamed
    records = isRenamed ? others : own
    otherRecords = isRenamed ? [] : others
    let counted = records
    delivered =
      counted.isEmpty ? nil : plan.map { DeliveredCourse(plan: $0, records: counted) }
    summaries = inventory.summaries.filter { summary in
      summary.referencedPlans.contains { $0.sopInstanceUID == planUID }
    }
    otherSummaries = inventory.summaries.filter { summary in
      !summary.referencedPlans.contains { $0.sopInstanceUID == planUID }
    }
    brachyRecords = inventory.brachyRecords
    summary = plan.flatMap { [summaries, delivered] in
      SummaryEvidence(plan: $0, summaries: summaries, counted: delivered)
    }
    let referencedSets = plan?.referencedStructureSets.map(\.sopInstanceUID) ?? []
    structureSet =
      inventory.structureSets.first { referencedSets.contains($0.identity.sopInstanceUID) }
    if let wanted = request.registration {
      guard inventory.registrations.contains(where: { $0.identity.sopInstanceUID == wanted })
      else { throw .notFound(.registration, uid: wanted) }
    }
    join = Self.join(dose, with: scan, from: inventory, request)
    try refuseBroken(among: inventory)
  }

  /// The way from a dose's frame of reference to the scan's.
  static func join(
    _ dose: RTDose, with scan: ScanSeries, from inventory: Inventory, _ request: CourseRequest
  ) -> Result<FrameJoin, FrameJoin.Failure> {
    var imageFrames: [String: String] = [:]
    for slice in inventory.scans.flatMap(\.slices) {
      imageFrames[slice.identity.sopInstanceUID] = slice.identity.frameOfReferenceUID
    }
    return Result { () throws(FrameJoin.Failure) in
      try FrameJoin.find(
        doseFrame: dose.identity.frameOfReferenceUID, scanFrame: scan.frameOfReferenceUID,
        registrations: inventory.registrations, chosen: request.registration,
        reach: (try? dose.geometry.get().corners) ?? [], imageFrames: imageFrames)
    }
  }

  private static func dose(
    from inventory: Inventory, _ request: CourseRequest
  ) throws(InputError) -> RTDose {
    if let wanted = request.dose {
      guard let dose = inventory.doses.first(where: { $0.identity.sopInstanceUID == wanted })
      else { throw .notFound(.dose, uid: wanted) }
      return dose
    }
    // Doses of beams lie beside the plan's in many exports; the whole one is meant.
    let whole = inventory.doses.filter {
      ["PLAN", "MULTI_PLAN", "RECORD"].contains($0.summation ?? "")
    }
    let candidates = whole.isEmpty ? inventory.doses : whole
    guard let dose = candidates.first else { throw .missing(.dose) }
    guard candidates.count == 1 else {
      throw .several(
        .dose, option: "--dose",
        candidates.map {
          .init(
            uid: $0.identity.sopInstanceUID,
            description: "\($0.summation ?? "no summation type"), \($0.identity.fileName)")
        })
    }
    return dose
  }

  private static func scan(
    from inventory: Inventory, dose: RTDose, _ request: CourseRequest
  ) throws(InputError) -> ScanSeries {
    if let wanted = request.image {
      if let scan = inventory.scans.first(where: { $0.choice == wanted }) { return scan }
    }
    let candidates = inventory.scans.filter {
      request.image == nil || $0.seriesInstanceUID == request.image
    }
    guard let scan = candidates.first else {
      throw request.image.map { .notFound(.scan, uid: $0) } ?? .missing(.scan)
    }
    guard candidates.count == 1 else {
      throw .several(
        .scan, option: "--image",
        candidates.map { scan in
          let frame =
            scan.frameOfReferenceUID == dose.identity.frameOfReferenceUID
            ? "same frame as the dose" : "another frame than the dose"
          return .init(
            uid: scan.choice,
            description:
              "\(scan.modality), \(scan.slices.count) images, \(scan.date?.iso ?? "no date"), \(scan.description ?? "no description"), \(scan.part.map { "\($0), " } ?? "")\(frame)"
          )
        })
    }
    return scan
  }

  private static func plan(
    from inventory: Inventory, dose: RTDose, _ request: CourseRequest
  ) throws(InputError) -> RTPlan? {
    if let wanted = request.plan {
      guard let plan = inventory.plans.first(where: { $0.identity.sopInstanceUID == wanted })
      else { throw .notFound(.plan, uid: wanted) }
      return plan
    }
    let referenced = dose.referencedPlans.map(\.sopInstanceUID)
    return inventory.plans.first { referenced.contains($0.identity.sopInstanceUID) }
  }
}

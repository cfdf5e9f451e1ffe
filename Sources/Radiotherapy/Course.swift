import DICOM
import Geometry

/// The objects of one course that make one map: chosen, not yet judged.
package struct Course: Sendable {
  package let request: CourseRequest
  package let scan: ScanSeries
  /// The plans that the map shows, in the order in which they were begun; never empty.
  package let plans: [CoursePlan]
  /// Every plan among the files.
  package let allPlans: [RTPlan]
  /// Records of plans that the map does not show.
  package let otherRecords: [TreatmentRecord]
  /// Treatment summary records of such plans.
  package let otherSummaries: [SummaryRecord]
  package let brachyRecords: [BrachyRecord]

  /// What is added up: one dose alone, or the parts of a sum.
  package var doseParts: [RTDose] { plans.flatMap(\.doses) }
  /// The dose, or the first part of a sum.
  package let dose: RTDose
  /// The plan that the dose names, or that was asked for; of several the first.
  package var plan: RTPlan? { plans[0].plan }
  /// The records of all the plans that the map shows.
  package var records: [TreatmentRecord] { plans.flatMap(\.records) }
  /// The treatment summary records of these plans.
  package var summaries: [SummaryRecord] { plans.flatMap(\.summaries) }
  /// The structure sets of the plans, each once, in the plans' order.
  package var structureSets: [StructureSet] {
    var seen: Set<String> = []
    return plans.compactMap(\.structureSet).filter {
      seen.insert($0.identity.sopInstanceUID).inserted
    }
  }

  /// The way from a frame of reference to the scan's, where a dose lies in that frame or the scan.
  package func way(from frame: String?) -> FrameJoin? {
    let doses = plans.filter { plan in
      (plan.doses.first ?? dose).identity.frameOfReferenceUID == frame
    }
    if let join = doses.lazy.compactMap({ try? $0.join.get() }).first { return join }
    return frame != nil && frame == scan.frameOfReferenceUID ? .same : nil
  }

  /// The way of the doses to the scan: of several one that fails, else one with a registration.
  package var join: Result<FrameJoin, FrameJoin.Failure> {
    let ways = plans.map(\.join)
    return ways.first { (try? $0.get()) == nil }
      ?? ways.first { (try? $0.get().registrations.isEmpty) == false } ?? plans[0].join
  }

  /// The dose that was written last: what is made from several is no older.
  package var newestDose: RTDose {
    func key(_ dose: RTDose) -> String { (dose.creationDate ?? "") + (dose.creationTime ?? "") }
    return doseParts.dropFirst().reduce(dose) { key($1) > key($0) ? $1 : $0 }
  }

  /// Whether several plans are put together.
  package var isOfSeveralPlans: Bool { plans.count > 1 }

  /// Every registration on the way of a dose to the scan, each once.
  package var registrations: [SpatialRegistration] {
    var seen: Set<String> = []
    return plans.flatMap { (try? $0.join.get().registrations) ?? [] }
      .filter { seen.insert($0.identity.sopInstanceUID).inserted }
  }

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
    let groups: [[RTDose]]
    let scan: ScanSeries
    do {
      groups = try DoseParts.chosen(from: inventory, request)
      scan = try Self.scan(from: inventory, dose: groups[0][0], request)
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
    if let wanted = request.registration {
      guard inventory.registrations.contains(where: { $0.identity.sopInstanceUID == wanted })
      else { throw .notFound(.registration, uid: wanted) }
    }
    allPlans = inventory.plans
    let pairs = try Self.pairs(groups, from: inventory, request)
    let plans = pairs.map { plan, doses in
      CoursePlan(
        plan: plan, doses: doses,
        others: pairs.compactMap(\.plan).filter {
          $0.identity.sopInstanceUID != plan?.identity.sopInstanceUID
        },
        inventory: inventory,
        join: Self.join(doses.first ?? groups[0][0], with: scan, from: inventory, request))
    }
    // In the order of treatment; what has no date stays where it was. The dose comes first.
    self.plans = plans.enumerated().sorted { a, b in
      if a.element.doses.isEmpty != b.element.doses.isEmpty { return b.element.doses.isEmpty }
      guard let first = a.element.begin, let second = b.element.begin, first != second else {
        return a.offset < b.offset
      }
      return first < second
    }.map(\.element)
    dose = self.plans[0].doses.first ?? groups[0][0]
    let taken = Set(plans.flatMap(\.records).map(\.identity.sopInstanceUID))
    otherRecords = inventory.records.filter { !taken.contains($0.identity.sopInstanceUID) }
    let own = Set(plans.flatMap(\.summaries).map(\.identity.sopInstanceUID))
    otherSummaries = inventory.summaries.filter { !own.contains($0.identity.sopInstanceUID) }
    brachyRecords = inventory.brachyRecords
    try refuseBroken(among: inventory)
  }

  /// Each plan with its doses; of a dose of several plans all that it names.
  private static func pairs(
    _ groups: [[RTDose]], from inventory: Inventory, _ request: CourseRequest
  ) throws(InputError) -> [(plan: RTPlan?, doses: [RTDose])] {
    let first = groups[0][0]
    let isOfSeveral =
      groups.count == 1 && first.summation == "MULTI_PLAN" && first.referencedPlans.count > 1
    guard isOfSeveral, request.plans.isEmpty else {
      var pairs: [(plan: RTPlan?, doses: [RTDose])] = []
      for doses in groups {
        let plan = try plan(
          from: inventory, dose: doses[0], groups.count == 1 ? request.plan : nil)
        pairs.append((plan, doses))
      }
      return pairs
    }
    guard request.sum?.isOfPlans == true else {
      throw .sumUnsaid(dose: first.identity.fileName, plans: first.referencedPlans.count)
    }
    return first.referencedPlans.enumerated().map { index, reference in
      let plan = inventory.plans.first {
        $0.identity.sopInstanceUID == reference.sopInstanceUID
      }
      return (plan, index == 0 ? [first] : [])
    }
  }

  /// The way from a dose's frame of reference to the scan's.
  static func join(
    _ dose: RTDose, with scan: ScanSeries, from inventory: Inventory, _ request: CourseRequest
  ) -> Result<FrameJoin, FrameJoin.Failure> {
    var imageFrames: [String: String] = [:]
    for slice in inventory.scans.flatMap(\.slices) {
      imageFrames[slice.identity.sopInstanceUID] = slice.identity.frameOfReferenceUID
    }
    func found(_ chosen: String?) -> Result<FrameJoin, FrameJoin.Failure> {
      Result { () throws(FrameJoin.Failure) in
        try FrameJoin.find(
          doseFrame: dose.identity.frameOfReferenceUID, scanFrame: scan.frameOfReferenceUID,
          registrations: inventory.registrations, chosen: chosen,
          reach: (try? dose.geometry.get().corners) ?? [], imageFrames: imageFrames)
      }
    }
    let join = found(request.registration)
    // The registration that was chosen for one part of a sum need not be another part's.
    guard request.sum?.isOfPlans == true, case .failure(.noPath) = join else { return join }
    return found(nil)
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
    from inventory: Inventory, dose: RTDose, _ wanted: String?
  ) throws(InputError) -> RTPlan? {
    if let wanted {
      guard let plan = inventory.plans.first(where: { $0.identity.sopInstanceUID == wanted })
      else { throw .notFound(.plan, uid: wanted) }
      return plan
    }
    let referenced = dose.referencedPlans.map(\.sopInstanceUID)
    return inventory.plans.first { referenced.contains($0.identity.sopInstanceUID) }
  }
}

/// Whether a file that cannot be read may belong to a course.
///
/// Decided by what can still be read of it; where that does not suffice, it may.
package enum Relevance: Hashable, Sendable {
  /// It has nothing to do with the course: named, and passed over.
  case none(because: String)
  /// It belongs to the course, or may: refused.
  case possible(because: String)

  package var isPossible: Bool {
    if case .possible = self { true } else { false }
  }

  package var reason: String {
    switch self {
    case .none(let reason), .possible(let reason): reason
    }
  }
}

extension BrokenFile {
  /// Judges whether this file may belong to a course that was chosen without it.
  package func relevance(to course: Course, among inventory: Inventory) -> Relevance {
    if isTwin { return twinRelevance(course) }
    if let own = remains?.patientID, let patient = course.scan.patient.id, own != patient {
      return .none(because: "it is of another patient")
    }
    switch kind {
    case .bystander: return .none(because: "no map is made from such an object")
    case .scan: return scanRelevance(course)
    case .dose: return doseRelevance(course)
    case .plan:
      if let wanted = remains?.sopInstanceUID, wanted == course.plan?.identity.sopInstanceUID {
        return .none(because: "the plan is there in another file")
      }
      return .possible(because: "it is a plan, perhaps one of this course that is still to come")
    case .record: return recordRelevance(course, inventory)
    case .structureSet:
      guard let plan = course.plan, let own = remains?.sopInstanceUID else {
        return .possible(because: "it may be the plan's structure set")
      }
      return plan.referencedStructureSets.contains { $0.sopInstanceUID == own }
        ? .possible(because: "it is the plan's structure set")
        : .none(because: "the plan does not use this structure set")
    case .registration: return registrationRelevance(course)
    case nil: return neighbours(course, inventory)
    }
  }

  /// Of two files that contradict each other: whether the course uses the instance.
  private func twinRelevance(_ course: Course) -> Relevance {
    let own = remains?.sopInstanceUID
    let isUsed =
      switch kind {
      case .scan: remains?.seriesInstanceUID == course.scan.seriesInstanceUID
      case .dose: course.doseParts.contains { $0.identity.sopInstanceUID == own }
      case .structureSet:
        course.plans.contains { part in
          part.plan?.referencedStructureSets.contains { $0.sopInstanceUID == own } ?? false
        }
      case .registration: (try? course.join.get().registrations.isEmpty) != true
      case .bystander: false
      // What a plan or a record says counts even where the map does not show it.
      case .plan, .record, nil: true
      }
    return isUsed
      ? .possible(because: "two files are one instance and contradict each other")
      : .none(because: "the course does not use this instance")
  }

  /// Whether it may be an object of the kind that is missing.
  func mayBe(_ missing: InputError.Kind) -> Bool {
    switch (missing, kind) {
    case (_, nil), (.scan, .scan), (.dose, .dose), (.plan, .plan), (.registration, .registration):
      true
    default: false
    }
  }

  private func scanRelevance(_ course: Course) -> Relevance {
    let scan = course.scan
    if let series = remains?.seriesInstanceUID {
      return series == scan.seriesInstanceUID
        ? .possible(because: "it is an image of the scan")
        : .none(because: "it is of another series than the scan")
    }
    if let modality = remains?.modality, modality != scan.modality {
      return .none(because: "it is a \(modality) image, the scan is \(scan.modality)")
    }
    if let study = remains?.studyInstanceUID, study != scan.studyInstanceUID {
      return .none(because: "it is of another study than the scan")
    }
    return .possible(because: "it may be an image of the scan")
  }

  private func doseRelevance(_ course: Course) -> Relevance {
    if let own = remains?.sopInstanceUID,
      course.doseParts.contains(where: { $0.identity.sopInstanceUID == own })
    {
      return .none(because: "the dose is there in another file")
    }
    if course.request.dose != nil, remains?.sopInstanceUID != nil {
      return .none(because: "another dose was chosen")
    }
    if let plan = course.plan, let plans = remains?.referencedPlans, !plans.isEmpty,
      !plans.contains(plan.identity.sopInstanceUID),
      plans.allSatisfy({ uid in course.allPlans.contains { $0.identity.sopInstanceUID == uid } })
    {
      return .none(because: "it is a dose of another plan")
    }
    return .possible(because: "it may be a dose of this course")
  }

  private func recordRelevance(_ course: Course, _ inventory: Inventory) -> Relevance {
    // Without its record another plan looks undelivered, and that is refused by itself.
    if let plan = course.plan, let plans = remains?.referencedPlans, !plans.isEmpty,
      !plans.contains(plan.identity.sopInstanceUID),
      plans.allSatisfy({ uid in inventory.plans.contains { $0.identity.sopInstanceUID == uid } })
    {
      return .none(because: "it is a record of another plan")
    }
    return .possible(because: "it may be a record of this treatment")
  }

  private func registrationRelevance(_ course: Course) -> Relevance {
    if let join = try? course.join.get(), join.registrations.isEmpty {
      return .none(because: "dose and scan share their frame of reference")
    }
    if course.request.registration != nil, (try? course.join.get()) != nil {
      return .none(because: "another registration was chosen")
    }
    return .possible(because: "it may join dose and scan")
  }

  /// What the files around it say of a file that says nothing.
  ///
  /// Beside several images of one series that the course does not use, and nothing else, it is
  /// taken for one of them.
  private func neighbours(_ course: Course, _ inventory: Inventory) -> Relevance {
    if let series = remains?.seriesInstanceUID, series == course.scan.seriesInstanceUID {
      return .possible(because: "it is of the scan's series")
    }
    if let around = inventory.neighbours[folder], around.count == 1, let only = around.first,
      only.value >= Self.fewestNeighbours, only.key != course.scan.seriesInstanceUID,
      inventory.scans.contains(where: { $0.seriesInstanceUID == only.key })
    {
      return .none(because: "all else in its folder is another series than the scan")
    }
    return .possible(because: "nothing of it says what it is")
  }

  /// So many images of a series make a folder the series' own.
  static let fewestNeighbours = 3
}

extension Course {
  /// The broken files that have nothing to do with this course, each with the reason.
  package func passedOver(
    among inventory: Inventory
  ) -> [(file: BrokenFile, because: String)] {
    inventory.broken.map { ($0, $0.relevance(to: self, among: inventory).reason) }
  }

  /// Refuses a course that a broken file belongs to, or may belong to.
  func refuseBroken(among inventory: Inventory) throws(InputError) {
    for file in inventory.broken {
      let relevance = file.relevance(to: self, among: inventory)
      if relevance.isPossible { throw .broken(file.error, because: relevance.reason) }
    }
  }
}

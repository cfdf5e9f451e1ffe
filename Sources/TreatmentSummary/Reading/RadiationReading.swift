import Radiotherapy

/// Modality, technique and energies of a plan, from its beams and from what was said.
enum RadiationReading {
  /// The radiation, and what of it could not be told.
  static func radiation(
    of course: PlanCourse, _ details: SummaryDetails
  ) throws(SummaryError) -> (radiation: TreatmentSummary.Radiation, notes: [String]) {
    let said = details.said(of: course.plan)
    let all: [Int: BeamDelivery]
    do { all = try course.plan.deliveries.get() } catch {
      throw .attribute(file: course.plan.identity.fileName, error)
    }
    let beams = course.plan.beams.filter(\.isTreatment).compactMap { all[$0.number] }
    let modality: Concept
    if let coding = said?.modality ?? details.modality {
      modality = Concept(coding)
    } else {
      let found = Set(beams.map(Self.modality))
      guard found.count <= 1 else {
        throw .modality(
          plan: course.name,
          "has beams of \(found.map(\.words).sorted().joined(separator: " and ")); say which one counts in plans.\(course.name).modality"
        )
      }
      modality = found.first ?? Terminology.unknown("the plan has no treatment beam")
    }
    let codings = said.flatMap { $0.techniques.isEmpty ? nil : $0.techniques } ?? details.techniques
    let techniques: [Concept] =
      codings.isEmpty
      ? Set(beams.map(Self.technique)).sorted { $0.words < $1.words } : codings.map { Concept($0) }
    var radiation = TreatmentSummary.Radiation(
      modality: modality, techniques: techniques, energies: [])
    if let isotope = said?.isotope ?? details.isotope {
      // A source has no accelerating voltage, whatever a plan writes there.
      radiation.isotopes = [Concept(isotope)]
      return (radiation, [])
    }
    let isPhotons = modality.codes().contains(Terminology.photons)
    let energies = Set(beams.flatMap(\.energies)).filter { $0 > 0 && $0 < 10_000 }.sorted()
    // PS3.3 C.8.8.25 counts an ion's energy per nucleon, the profiles know MeV alone: of what is
    // heavier than a proton that would be another energy.
    let isIon = beams.contains { $0.radiation == "ION" && $0.atomicNumber != 1 }
    if isIon || modality.codes().contains(Terminology.carbonIons) {
      return (
        radiation,
        energies.isEmpty
          ? []
          : [
            "plan \(course.name): energies per nucleon are left out, the profiles have no unit for them"
          ]
      )
    }
    let hasUnit = isPhotons || modality.codes().contains(where: Terminology.particles.contains)
    guard hasUnit || energies.isEmpty else {
      return (
        radiation,
        [
          "plan \(course.name): energies are left out, as the radiation they belong to is not known; say it in plans.\(course.name).modality"
        ]
      )
    }
    radiation.energies = energies.map { TreatmentSummary.Energy($0, isPhotons ? "MV" : "MeV") }
    return (radiation, [])
  }

  private static func modality(_ beam: BeamDelivery) -> Concept {
    let word: String? =
      switch beam.radiation {
      case "PHOTON": "photons"
      case "ELECTRON": "electrons"
      case "PROTON": "protons"
      case "NEUTRON": "neutrons"
      case "ION" where beam.atomicNumber == 6: "carbon-ions"
      case "ION" where beam.atomicNumber == 1: "protons"
      default: nil
      }
    if let coding = word.flatMap({ Terminology.modalities[$0] }) { return Concept(coding) }
    let number = beam.atomicNumber.map { ", atomic number \($0)" } ?? ""
    return Terminology.unknown((beam.radiation?.lowercased() ?? "radiation not said") + number)
  }

  /// No attribute names the technique: it follows from what moves while the beam is on.
  private static func technique(_ beam: BeamDelivery) -> Concept {
    let word: String
    switch beam.radiation {
    case "PROTON", "ION":
      switch beam.scanMode {
      case "MODULATED", "MODULATED_SPEC": word = "spot-scanning"
      case "UNIFORM": word = "scanning"
      case "NONE": word = "passive-scattering"
      default: return Terminology.unknown("scan mode not said")
      }
    case "PHOTON", "ELECTRON", "NEUTRON":
      // Leaves that move on an arc: VMAT, or a dynamic conformal arc, which is 3D.
      if beam.isArc, beam.isModulated { return Terminology.unknown("arc with moving MLC") }
      word = beam.isModulated ? "IMRT" : "3D"
    default: return Terminology.unknown("technique not said")
    }
    return Terminology.techniques[word].map { Concept($0) } ?? Terminology.unknown(word)
  }
}

import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// Whether the dose is one that may be shown.
enum DoseChecks {
  static func units(_ dose: RTDose) -> Check {
    switch dose.units {
    case "GY": .pass(.doseUnits, "\(Tag.doseUnits) GY")
    case let other?:
      .blocked(
        .doseUnits,
        "\(Tag.doseUnits) is \(other), of which nothing says how many Gy it is; export the dose in Gy"
      )
    case nil: .blocked(.doseUnits, "\(Tag.doseUnits) is missing; export the dose in Gy")
    }
  }

  static func type(_ dose: RTDose, plan: RTPlan?) -> Check {
    let isIon = plan?.isIon ?? false
    switch dose.type {
    case "PHYSICAL" where isIon:
      return .warning(
        .doseType,
        "physical dose of an ion plan: the map says Gy, the prescription may mean Gy(RBE)")
    case "PHYSICAL": return .pass(.doseType, "\(Tag.doseType) PHYSICAL")
    case "EFFECTIVE" where isIon:
      return .pass(.doseType, "\(Tag.doseType) EFFECTIVE of an ion plan: Gy(RBE)")
    case let other?:
      return .blocked(
        .doseType, "\(Tag.doseType) is \(other); export the physical dose of the plan")
    case nil:
      return .blocked(.doseType, "\(Tag.doseType) is missing; export the dose again")
    }
  }

  static func scaling(_ dose: RTDose) -> Check {
    let scaling: Double
    do { scaling = try dose.scaling.get() } catch {
      return .blocked(
        .doseScaling, "\(error); a dose without it has no unit. Export the dose again")
    }
    guard scaling.isFinite, scaling > 0 else {
      return .blocked(
        .doseScaling, "\(Tag.doseGridScaling) is \(scaling), not above 0; export the dose again")
    }
    let pixels: PixelDescription
    do { pixels = try dose.pixels.get() } catch {
      return .blocked(.doseScaling, "\(error)")
    }
    guard !pixels.isSigned, [16, 32].contains(pixels.bitsAllocated), pixels.samplesPerPixel == 1
    else {
      return .blocked(
        .doseScaling,
        "\(pixels.isSigned ? "signed" : "unsigned") pixels of \(pixels.bitsAllocated) bits; a dose has unsigned ones of 16 or 32"
      )
    }
    if case .failure(.geometry(.offsetCount(let offsets, let planes))) = dose.geometry {
      return .blocked(
        .doseScaling, "\(offsets) frame offsets for \(planes) frames; export the dose again")
    }
    return .pass(
      .doseScaling, "\(scaling) Gy a count, \(pixels.bitsAllocated) bits, \(pixels.frames) frames")
  }

  static func geometry(_ dose: RTDose) -> Check {
    do {
      let grid = try dose.geometry.get()
      let offsets = grid.offsets
      let step = offsets.count > 1 ? abs(offsets[1] - offsets[0]) : 0
      return .pass(
        .doseGeometry,
        "\(grid.plane.columns) x \(grid.plane.rows) x \(offsets.count) points, \(millimetres(grid.plane.columnSpacing)) x \(millimetres(grid.plane.rowSpacing)) x \(millimetres(step)) mm"
      )
    } catch {
      return .blocked(.doseGeometry, "\(error); export the dose again")
    }
  }

  static func summation(_ dose: RTDose) -> Check {
    switch dose.summation {
    case "PLAN", "MULTI_PLAN", "RECORD":
      .pass(.doseSummation, "\(Tag.doseSummationType) \(dose.summation ?? "")")
    case let other?:
      .blocked(
        .doseSummation,
        "\(Tag.doseSummationType) is \(other): a part of the dose; export the dose of the plan")
    case nil:
      .blocked(.doseSummation, "\(Tag.doseSummationType) is missing; export the dose of the plan")
    }
  }

  /// - Parameter shared: the dose of a plan that has none of its own: one of several plans.
  static func plan(_ part: CoursePlan, dose shared: RTDose) -> Check {
    let named = (part.doses.first ?? shared).referencedPlans
    guard let plan = part.plan else {
      return .blocked(
        .dosePlan,
        named.isEmpty
          ? "the dose names no plan (\(Tag.referencedRTPlanSequence)); export it again with its plan"
          : "the plan that the dose names is not among the files; add it")
    }
    guard !plan.hasBrachytherapy else {
      return .blocked(
        .dosePlan, "plan \(plan.label) is brachytherapy, of which no map is made")
    }
    guard named.contains(where: { $0.sopInstanceUID == plan.identity.sopInstanceUID }) else {
      return .blocked(
        .dosePlan, "the dose names another plan than \(plan.label); use the dose of this plan")
    }
    return .pass(.dosePlan, "the dose names plan \(plan.label)")
  }

  /// - Parameters:
  ///   - maximum: the highest planned dose, Gy.
  ///   - prescribed: the highest planned prescription, Gy, in so many fractions.
  static func plausible(
    maximum: Double, prescribed: Double, fractions: Int, site: SiteLimits
  ) -> Check {
    let limits = site.plausible(fractions: fractions)
    let ratio = maximum / prescribed
    let text =
      "maximum \(DoseText.gray(maximum)) Gy, \(DoseText.percent(ratio)) % of \(DoseText.gray(prescribed)) Gy; expected \(DoseText.percent(limits.lowerBound)) to \(DoseText.percent(limits.upperBound)) %"
    return limits.contains(ratio)
      ? .pass(.dosePlausible, text)
      : .overridable(
        .dosePlausible, text + "; is it the dose of all fractions, and of this plan?")
  }

  /// - Parameter edge: the highest planned dose where the dose ends, Gy.
  static func covered(maximum: Double, edge: Double, prescribed: Double) -> Check {
    guard maximum >= prescribed else {
      return .overridable(
        .doseCovered,
        "no point of the dose reaches the prescription of \(DoseText.gray(prescribed)) Gy; its isodose does not exist"
      )
    }
    guard edge < prescribed else {
      return .overridable(
        .doseCovered,
        "the prescription isodose is cut by the edge of the dose grid (\(DoseText.gray(edge)) Gy there); export the dose on a larger grid"
      )
    }
    return .pass(
      .doseCovered,
      "the prescription isodose is closed; at most \(DoseText.gray(edge)) Gy at the grid's edge")
  }

  static func lowestCovered(_ dose: MapDose, facts: CourseFacts, lowest: Double) -> Check {
    let grid = dose.grid
    let edge = dose.edgeGray * facts.factor
    guard edge < lowest else {
      return .warning(
        .doseLowestCovered,
        "the \(DoseText.gray(lowest)) Gy isodose is cut by the edge of the dose grid (\(DoseText.gray(edge)) Gy there)"
      )
    }
    // Fewer points across than three, and a line round them is a guess. A grid of one plane has no
    // thickness to judge.
    let thin = grid.regions(atOrAbove: lowest / facts.factor).count { region in
      grid.planes > 1
        ? region.thinnest < 3 : min(region.rows.count, region.columns.count) < 3
    }
    guard thin == 0 else {
      return .warning(
        .doseLowestCovered,
        "\(thin) region\(thin == 1 ? " is" : "s are") thinner than three points of the dose grid: lines there are rough"
      )
    }
    return .pass(
      .doseLowestCovered, "the \(DoseText.gray(lowest)) Gy isodose is closed within the grid")
  }

  private static func millimetres(_ value: Double) -> String { DoseText.gray(value) }
}

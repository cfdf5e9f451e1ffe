package import DICOM
import DoseMap
package import Radiotherapy

/// All checks of a course that need no drawing: the table, read from top to bottom.
package enum CourseChecks {
  /// Judges a course.
  ///
  /// - Parameters:
  ///   - dose: `nil` where it could not be read, which a check says.
  ///   - lowest: the lowest isodose that will be drawn, Gy as delivered.
  package static func verdicts(
    of course: Course, facts: Result<CourseFacts, CourseFacts.Missing>, dose: MapDose?,
    lowest: Double?, site: SiteLimits, today: CalendarDate
  ) -> [Check] {
    var checks: [Check] = [
      IdentityChecks.patient(course),
      SumChecks.each(course, DoseChecks.units),
      SumChecks.type(course),
      SumChecks.each(course, DoseChecks.scaling),
      SumChecks.each(course, DoseChecks.geometry),
      SumChecks.summation(course),
      SumChecks.eachPlan(course) { DoseChecks.plan($0, dose: course.dose) },
    ]
    checks += SumChecks.extent(course, dose)
    if course.plans.allSatisfy({ $0.plan != nil }) {
      checks.append(SumChecks.eachPlan(course, TreatmentChecks.approved))
    }
    let judged = lowest.map { $0 / ((try? facts.get())?.factor ?? 1) }
    checks += [
      TreatmentChecks.prescription(course, facts, dose: dose),
      TreatmentChecks.complete(course, facts),
      TreatmentChecks.plan(course),
      SumChecks.eachPlan(course) { GeometryChecks.frame(course, $0) },
      SumChecks.eachPlan(course) {
        RegistrationChecks.verdict(course, $0, dose: dose, lowest: lowest)
      },
      GeometryChecks.prior(course, facts),
      GeometryChecks.slices(course, dose: dose, lowest: judged),
    ]
    if let facts = try? facts.get() {
      checks += [
        TreatmentChecks.fractions(course, facts: facts),
        TreatmentChecks.dates(course, facts: facts, today: today),
        LabelChecks.form(facts),
        LabelChecks.facts(course, facts),
      ]
      if let dose {
        checks += [
          SumChecks.plausible(course, dose, facts: facts, site: site),
          SumChecks.covered(course, dose, facts: facts),
          GeometryChecks.overlap(course, dose: dose, facts: facts),
        ]
        if let lowest {
          checks.append(DoseChecks.lowestCovered(dose, facts: facts, lowest: lowest))
        }
      }
    }
    if case .failure(let missing) = facts {
      checks += TreatmentChecks.unclear(course, because: missing)
    }
    return checks.inTableOrder
  }
}

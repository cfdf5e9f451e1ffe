package import DICOM
package import DoseMap
package import Radiotherapy

/// All checks of a course that need no drawing: the table, read from top to bottom.
package enum CourseChecks {
  /// Judges a course.
  ///
  /// - Parameters:
  ///   - grid: the dose in Gy; `nil` where it could not be read, which a check says.
  ///   - lowest: the lowest isodose that will be drawn, Gy as delivered.
  package static func verdicts(
    of course: Course, facts: Result<CourseFacts, CourseFacts.Missing>, grid: DoseGrid?,
    lowest: Double?, site: SiteLimits, today: CalendarDate
  ) -> [Check] {
    var checks: [Check] = [
      IdentityChecks.patient(course),
      SumChecks.each(course, DoseChecks.units),
      SumChecks.each(course) { DoseChecks.type($0, plan: course.plan) },
      SumChecks.each(course, DoseChecks.scaling),
      SumChecks.each(course, DoseChecks.geometry),
      SumChecks.summation(course),
      DoseChecks.plan(course),
    ]
    checks += SumChecks.extent(course)
    if let plan = course.plan { checks.append(TreatmentChecks.approved(plan)) }
    checks += [
      TreatmentChecks.prescription(course, facts, grid: grid),
      TreatmentChecks.complete(course, facts),
      TreatmentChecks.plan(course),
      GeometryChecks.frame(course),
      RegistrationChecks.verdict(
        course, grid: grid, lowest: lowest.map { $0 / ((try? facts.get())?.factor ?? 1) }),
      GeometryChecks.prior(course, facts),
    ]
    checks.append(
      GeometryChecks.slices(
        course, grid: grid, lowest: lowest.map { $0 / ((try? facts.get())?.factor ?? 1) }))
    if let facts = try? facts.get() {
      checks += [
        TreatmentChecks.fractions(course, facts: facts),
        TreatmentChecks.dates(course, facts: facts, today: today),
        LabelChecks.form(facts),
        LabelChecks.facts(course, facts),
      ]
      if let grid {
        checks += [
          DoseChecks.plausible(grid, facts: facts, site: site),
          DoseChecks.covered(grid, facts: facts),
          GeometryChecks.overlap(course, grid: grid, facts: facts),
        ]
        if let lowest {
          checks.append(DoseChecks.lowestCovered(grid, facts: facts, lowest: lowest))
        }
      }
    }
    if case .failure = facts { checks += TreatmentChecks.unclear(course) }
    return checks.inTableOrder
  }
}

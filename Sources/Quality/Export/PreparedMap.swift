package import DICOM
package import DoseMap
package import Radiotherapy

/// A course that has been judged as far as it can be without drawing.
package struct PreparedMap: Sendable {
  package let course: Course
  package let settings: MapSettings
  package let facts: Result<CourseFacts, CourseFacts.Missing>
  /// The dose; `nil` where it cannot be read, which the checks say.
  package let grid: DoseGrid?
  /// Highest dose first; empty where there are none to draw.
  package let levels: [IsodoseLevel]
  package let checks: [Check]

  /// Reads the dose and judges the course.
  ///
  /// - Throws: where the dose's pixels cannot be read, or levels were asked for that cannot be.
  package init(
    course: Course, settings: MapSettings, today: CalendarDate
  ) throws(PreparationError) {
    self.course = course
    self.settings = settings
    let facts = Result { () throws(CourseFacts.Missing) in try CourseFacts(of: course) }
    self.facts = facts
    let areNumbersSound =
      SumChecks.each(course, DoseChecks.units).status == .pass
      && SumChecks.each(course, DoseChecks.scaling).status == .pass
      && SumChecks.each(course, DoseChecks.geometry).status == .pass
    if areNumbersSound, course.doseParts.count > 1 {
      grid = try SummedGrid.grid(of: course.doseParts)
    } else if areNumbersSound, let geometry = try? course.dose.geometry.get(),
      let scaling = try? course.dose.scaling.get()
    {
      let counts: [UInt32]
      do { counts = try course.dose.counts() } catch { throw .file(error) }
      do {
        grid = try DoseGrid(geometry: geometry, counts: counts, grayPerCount: scaling)
      } catch { throw .drawing(error) }
    } else {
      grid = nil
    }
    if let known = try? facts.get() {
      let prescription = MapPrescription(
        targets: known.targets.map { .init(name: $0.name, gray: $0.doseGy * known.factor) },
        fractions: known.fractionsDelivered)
      do {
        levels = try settings.scheme.levels(settings.levels, for: prescription)
      } catch { throw .drawing(error) }
    } else {
      levels = []
    }
    checks = CourseChecks.verdicts(
      of: course, facts: facts, grid: grid, lowest: levels.map(\.gray).min(),
      site: settings.site, today: today)
  }
}

/// Why a course cannot even be judged.
package enum PreparationError: Error, Equatable {
  case file(FileError)
  case drawing(DoseMapError)
}

extension PreparationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .drawing(let error): "\(error)"
    }
  }
}

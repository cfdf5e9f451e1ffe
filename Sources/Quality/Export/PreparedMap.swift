package import DICOM
package import DoseMap
package import Radiotherapy

/// A course that has been judged as far as it can be without drawing.
package struct PreparedMap: Sendable {
  package let course: Course
  package let settings: MapSettings
  package let facts: Result<CourseFacts, CourseFacts.Missing>
  /// The dose; `nil` where it cannot be read, which the checks say.
  package let dose: MapDose?
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
    if let known = try? facts.get() {
      let prescription = MapPrescription(
        targets: known.targets.map { .init(name: $0.name, gray: $0.deliveredGy) },
        fractions: known.fractionsDelivered)
      do {
        levels = try settings.scheme.levels(settings.levels, for: prescription)
      } catch { throw .drawing(error) }
    } else {
      levels = []
    }
    let areNumbersSound =
      SumChecks.each(course, DoseChecks.units).status == .pass
      && SumChecks.each(course, DoseChecks.scaling).status == .pass
      && SumChecks.each(course, DoseChecks.geometry).status == .pass
    dose =
      areNumbersSound
      ? try MapDose(of: course, facts: try? facts.get(), lowest: levels.last?.gray) : nil
    checks = CourseChecks.verdicts(
      of: course, facts: facts, dose: dose, lowest: levels.map(\.gray).min(),
      site: settings.site, today: today)
  }

  /// The planned dose on one grid, which the map is judged by; ``field`` is what is drawn.
  package var grid: DoseGrid? { dose?.grid }
  /// The way from the frame of ``grid`` to the scan's.
  package var join: FrameJoin? { dose?.join }
  /// The delivered dose in the scan's frame.
  package var field: DoseField? { dose?.field }
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

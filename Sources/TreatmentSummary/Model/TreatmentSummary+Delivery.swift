extension TreatmentSummary {
  /// What was done so that the beam met its target: breathing, images before and during the beam.
  package struct Guidance: Sendable, Hashable {
    package struct Imaging: Sendable, Hashable {
      package var modality: Concept
      /// `kV` or `MV`, of what has an energy.
      package var energy: Concept?

      package init(modality: Concept, energy: Concept? = nil) {
        self.modality = modality
        self.energy = energy
      }
    }

    package struct Verification: Sendable, Hashable {
      package var procedure: Concept
      /// One image or several, of plain X-ray.
      package var qualifier: Concept?

      package init(procedure: Concept, qualifier: Concept? = nil) {
        self.procedure = procedure
        self.qualifier = qualifier
      }
    }

    package var motion: [Concept] = []
    /// With free breathing only.
    package var freeBreathing: [Concept] = []
    package var imaging: [Imaging] = []
    package var verification: [Verification] = []

    package init() {}

    /// What holds of several parts together.
    ///
    /// That breathing was not managed holds of a whole only where it holds of every part.
    package init(merging parts: [Guidance]) {
      func merged<Value: Hashable>(_ values: [[Value]]) -> [Value] {
        var seen: Set<Value> = []
        return values.flatMap(\.self).filter { seen.insert($0).inserted }
      }
      motion = merged(parts.map(\.motion))
      if motion.count > 1 {
        motion.removeAll { $0.codes().contains(Terminology.noMotionManagement) }
      }
      freeBreathing = merged(parts.map(\.freeBreathing))
      imaging = merged(parts.map(\.imaging))
      verification = merged(parts.map(\.verification))
    }
  }

  /// A treatment machine.
  package struct Device: Sendable, Hashable {
    /// What people call it.
    package var name: String
    package var manufacturer: String?
    package var model: String?
    package var serial: String?
    /// Its resource, where there is one; else it is only named.
    package var reference: String?

    package init(name: String) { self.name = name }

    /// `LINAC1, Example Medical Accelerator 6, serial number 4711`.
    package var words: String {
      let make = [manufacturer, model].compactMap(\.self).filter { $0 != name }
      return
        ([name] + (make.isEmpty ? [] : [make.joined(separator: " ")])
        + [serial.map { "serial number \($0)" }].compactMap(\.self)).joined(separator: ", ")
    }
  }
}

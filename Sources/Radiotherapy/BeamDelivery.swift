import DICOM

/// How a planned beam is delivered: its radiation, and what moves while it is on.
///
/// PS3.3 C.8.8.14 and, for ions, C.8.8.25.
package struct BeamDelivery: Hashable, Sendable {
  /// `PHOTON`, `ELECTRON`, `NEUTRON`, `PROTON` or `ION`.
  package let radiation: String?
  /// Of ions: 6 is carbon.
  package let atomicNumber: Int?
  /// Nominal Beam Energy (300A,0114), MV of photons, else MeV; each value once, ascending.
  package let energies: [Double]
  /// Whether the gantry turns while the beam is on.
  package let isArc: Bool
  /// Whether leaves or jaws move from control point to control point.
  package let isModulated: Bool
  /// Scan Mode (300A,0308) of an ion beam.
  package let scanMode: String?

  init(of beam: DataSet) throws(AttributeError) {
    radiation = beam.string(.radiationType)?.uppercased()
    atomicNumber = try beam.integer(.radiationAtomicNumber)
    scanMode = beam.string(.scanMode)?.uppercased()
    var energies: Set<Double> = []
    var isArc = false
    var shapes: [String: [Double]] = [:]
    var isModulated = false
    for point in beam.items(.controlPointSequence) + beam.items(.ionControlPointSequence) {
      if let energy = try point.number(.nominalBeamEnergy) { energies.insert(energy) }
      if let turn = point.string(.gantryRotationDirection)?.uppercased(), turn != "NONE" {
        isArc = true
      }
      for device in point.items(.beamLimitingDevicePositionSequence) {
        let kind = device.string(.rtBeamLimitingDeviceType) ?? ""
        let positions = try device.numbers(.leafJawPositions)
        if let before = shapes[kind], before != positions { isModulated = true }
        shapes[kind] = positions
      }
    }
    self.energies = energies.sorted()
    self.isArc = isArc
    self.isModulated = isModulated
  }
}

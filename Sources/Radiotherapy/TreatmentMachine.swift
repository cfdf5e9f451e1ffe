package import DICOM

/// The machine that treats, as a plan's beam or a treatment record names it.
///
/// PS3.3 C.8.8.14 and C.8.8.19.
package struct TreatmentMachine: Hashable, Sendable {
  /// What the department calls it.
  package let name: String?
  package let manufacturer: String?
  package let model: String?
  package let serial: String?

  /// `nil` where the item does not say which machine.
  package init?(of item: DataSet) {
    name = item.string(.treatmentMachineName)
    serial = item.string(.deviceSerialNumber)
    manufacturer = item.string(.manufacturer)
    model = item.string(.manufacturerModelName)
    guard name != nil || serial != nil || model != nil else { return nil }
  }
}

import DICOM
import DIMSE
import Delivery
import SecondaryCapture

/// Section 8: what is written, attribute by attribute, and what is read of what was received.
extension ConformanceStatement {
  var annexes: String {
    """
    ## 8 Annexes

    ### 8.1 IOD contents

    #### 8.1.1 Created SOP instances

    \(created)

    #### 8.1.2 Attributes used of received instances

    Scan: patient, study and series identification, frame of reference, image plane, pixel description
    and pixels, rescale, VOI windows, lookup tables. RT Dose: scaling, units, type, summation, grid, frames,
    referenced plan. RT Plan: approval, prescription, fraction groups, beams. RT Structure Set: regions
    and contours. Treatment records: session and beam records, fraction numbers, metersets. Registrations:
    matrices and deformation grids.

    #### 8.1.3 Coerced attributes

    PUSH2PACS coerces nothing in what it sends as it is; what an archive has changed in what it was sent
    is listed by `verify`. ARCHIVE changes nothing.

    ### 8.2 Data dictionary of private attributes

    None are written.

    ### 8.3 Coded terminology and templates

    Derivation Code Sequence and purposes of reference: DCM (PS3.16). Rejection notes: TID 2010, titles
    \(RejectionNote.Reason.allCases.map(\.meaning).joined(separator: ", ")) (DCM).

    ### 8.4 Grayscale image consistency

    Secondary Captures are RGB: window and lookup tables of the scan are burned in. Presentation states
    hold P-values, for displays that keep the Grayscale Standard Display Function (PS3.14).

    ### 8.5 Extended, specialized and private SOP classes

    Standard extended: Secondary Captures carry Frame of Reference, Image Plane and General Reference
    attributes, so that viewers place them in space. No specialized, no private SOP classes.

    ### 8.6 Private transfer syntaxes

    None.

    ### 8.7 Storage classes

    \(Self.table(
      ["Name", "UID"],
      ConformanceTables.storageClasses.map { [Dictionary.name(ofUID: $0) ?? $0, $0] }))

    Those of radiotherapy that a C-GET proposes where the archive does not tell what a series has:
    \(NegotiationTable.usualClasses.joined(separator: ", ")).
    """
  }

  private var created: String {
    WrittenAttribute.Kind.allCases.enumerated().map { index, kind in
      let name = Dictionary.name(ofUID: kind.sopClassUID) ?? kind.sopClassUID
      let rows = WrittenAttribute.all(in: kind).map {
        ["(\($0.tag.number))", Dictionary.name(of: $0.tag) ?? "", $0.source]
      }
      return "##### 8.1.1.\(index + 1) \(name)\n\n"
        + Self.table(["Tag", "Attribute", "Source of the value"], rows)
    }.joined(separator: "\n\n")
  }
}

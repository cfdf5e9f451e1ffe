import DICOM
import DIMSE
import Delivery
import Radiotherapy

/// What exports need of an archive, for trying it and for the page of the PACS team.
extension ArchiveExamination {
  /// A SOP class that something needs, and what.
  struct Need {
    let sopClassUID: String
    let syntax: TransferSyntax
    let use: String
    let isEssential: Bool
  }

  /// What exports send, in each form.
  static let needs: [Need] = [
    .init(
      sopClassUID: Radiotherapy.SOPClass.secondaryCapture, syntax: .explicitVRLittleEndian,
      use: "export", isEssential: true),
    .init(
      sopClassUID: Radiotherapy.SOPClass.secondaryCapture, syntax: .implicitVRLittleEndian,
      use: "export", isEssential: true),
    .init(
      sopClassUID: Radiotherapy.SOPClass.secondaryCapture, syntax: .rleLossless,
      use: "export --compress (else sent unpacked)", isEssential: false),
    .init(
      sopClassUID: "1.2.840.10008.5.1.4.1.1.7.4", syntax: .explicitVRLittleEndian,
      use: "export --multiframe", isEssential: false),
    .init(
      sopClassUID: "1.2.840.10008.5.1.4.1.1.11.1", syntax: .explicitVRLittleEndian,
      use: "export --overlay", isEssential: false),
    .init(
      sopClassUID: "1.2.840.10008.5.1.4.1.1.88.59", syntax: .explicitVRLittleEndian,
      use: "retract", isEssential: false),
  ]

  /// What the PACS team needs to know.
  var request: [(what: String, value: String)] {
    func named(_ uid: String) -> String { "\(Dictionary.name(ofUID: uid) ?? uid) (\(uid))" }
    var classes: [String] = []
    for need in Self.needs where !classes.contains(need.sopClassUID) {
      classes.append(need.sopClassUID)
    }
    let syntaxes: [TransferSyntax] = [
      .explicitVRLittleEndian, .implicitVRLittleEndian, .rleLossless,
    ]
    return [
      ("AE title", title), ("host", Surroundings.host),
      (
        "port",
        "\(destination.ownPort), where it listens for C-MOVE and storage commitment while it asks"
      ),
      (
        "calls",
        "\(destination.peer.aeTitle.text) at \(destination.peer.host) port \(destination.peer.port)"
      ),
    ] + classes.map { ("stores", named($0)) }
      + syntaxes.map { ("encoded as", named($0.uid)) }
      + [
        ("asks", named(QueryRoot.study.findSOPClass)),
        (
          "retrieves",
          named(
            destination.retrieval == .move
              ? QueryRoot.study.moveSOPClass : QueryRoot.study.getSOPClass)
        ),
        ("commits", named(DIMSE.SOPClass.storageCommitment)),
      ]
  }
}

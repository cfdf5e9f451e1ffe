/// How a data set and its pixels are written down.
///
/// PS3.5 section 10 and PS3.6 annex A.
package struct TransferSyntax: Hashable, Sendable {
  package let uid: String

  package init(uid: String) { self.uid = uid }

  package static let implicitVRLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2")
  package static let explicitVRLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2.1")
  package static let encapsulatedUncompressed = TransferSyntax(uid: "1.2.840.10008.1.2.1.98")
  package static let deflatedExplicitVRLittleEndian = TransferSyntax(uid: "1.2.840.10008.1.2.1.99")
  package static let explicitVRBigEndian = TransferSyntax(uid: "1.2.840.10008.1.2.2")
  package static let jpegBaseline = TransferSyntax(uid: "1.2.840.10008.1.2.4.50")
  package static let jpegExtended = TransferSyntax(uid: "1.2.840.10008.1.2.4.51")
  package static let jpegLossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.57")
  package static let jpegLosslessSV1 = TransferSyntax(uid: "1.2.840.10008.1.2.4.70")
  package static let jpegLSLossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.80")
  package static let jpegLSNearLossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.81")
  package static let jpeg2000Lossless = TransferSyntax(uid: "1.2.840.10008.1.2.4.90")
  package static let jpeg2000 = TransferSyntax(uid: "1.2.840.10008.1.2.4.91")
  package static let deflatedImageFrame = TransferSyntax(uid: "1.2.840.10008.1.2.8.1")
  package static let rleLossless = TransferSyntax(uid: "1.2.840.10008.1.2.5")

  package var isImplicitVR: Bool { self == .implicitVRLittleEndian }
  package var isBigEndian: Bool { self == .explicitVRBigEndian }
  package var isDeflated: Bool { self == .deflatedExplicitVRLittleEndian }

  /// Whether pixel data stand bare in the data set rather than in fragments.
  package var isNative: Bool {
    isImplicitVR || self == .explicitVRLittleEndian || isBigEndian || isDeflated
  }

  /// Whether fragments hold video: all frames in one stream, which is not decoded here.
  package var isVideo: Bool {
    let root = "1.2.840.10008.1.2.4."
    guard uid.hasPrefix(root),
      let number = uid.dropFirst(root.count).split(separator: ".").first.flatMap({ Int($0) })
    else { return false }
    return (100...109).contains(number)
  }

  /// Whether fragments hold native frames, bare or deflated.
  package var holdsRawFrames: Bool {
    self == .encapsulatedUncompressed || self == .deflatedImageFrame
  }

  package var name: String { Dictionary.name(ofUID: uid) ?? uid }
}

import DICOM
import DIMSE
import PixelCodecs

/// What is done with bytes of the fuzzer's: everything that a file or a peer could make us do.
enum FuzzTarget {
  /// A whole file: header, values, frames, display; and what was read must read back the same.
  static func file(_ bytes: [UInt8]) {
    _ = try? DICOMFile.read(bytes: bytes, extent: .pixelData)
    guard let file = try? DICOMFile.read(bytes: bytes) else { return }
    visit(file.dataSet)
    if let description = try? PixelDescription(of: file.dataSet),
      let reader = try? FrameReader(file, description: description)
    {
      for index in 0..<min(2, description.frames) {
        guard let frame = try? reader.frame(index) else { continue }
        let stored = (try? StoredValues.signed(frame.bytes, of: frame.description)) ?? []
        for groups in [file.dataSet, file.dataSet.displayAttributes(frame: index)] {
          let window = (try? GrayscaleTransform.windows(of: groups))?.first
          let transform = try? GrayscaleTransform(
            description: description, dataSet: groups, window: window)
          _ = transform?.display(stored)
        }
      }
    }
    guard file.damage == nil else { return }
    roundTrip(file.dataSet)
  }

  /// A data set as it comes over a network; the first byte picks the transfer syntax.
  static func dataSet(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let syntaxes: [TransferSyntax] = [
      .implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian,
      .deflatedExplicitVRLittleEndian,
    ]
    let syntax = syntaxes[Int(first) % syntaxes.count]
    guard let dataSet = try? DataSetDecoder.decode(Array(bytes.dropFirst()), transferSyntax: syntax)
    else { return }
    visit(dataSet)
    roundTrip(dataSet)
  }

  /// The first byte picks the character sets, the second the VR.
  static func text(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else { return }
    let terms = [
      [], ["ISO_IR 100"], ["ISO_IR 192"], ["GB18030"], ["", "ISO 2022 IR 87", "ISO 2022 IR 159"],
      ["ISO 2022 IR 13", "ISO 2022 IR 87"], ["", "ISO 2022 IR 149"], ["", "ISO 2022 IR 58"],
      ["ISO 2022 IR 100", "ISO 2022 IR 144", "ISO 2022 IR 166"], ["ISO_IR 13"],
    ]
    let vrs: [VR] = [.PN, .LO, .LT, .UT]
    let encoding = TextEncoding(terms: terms[Int(bytes[0]) % terms.count])
    let vr = vrs[Int(bytes[1]) % vrs.count]
    let text = encoding.decode(bytes[2...], vr: vr)
    guard let written = encoding.encode(text, vr: vr) else { return }
    precondition(encoding.decode(written[...], vr: vr) == text, "text changed on its way")
  }

  /// The first bytes say how large the image is; the first of all whether it is RLE.
  static func codec(_ bytes: [UInt8]) {
    guard bytes.count >= 5,
      let shape = ImageShape(
        rows: Int(bytes[1]) + 1, columns: Int(bytes[2]) + 1, components: Int(bytes[3]) % 4 + 1,
        bitsAllocated: [8, 16, 32, 12][Int(bytes[4]) % 4])
    else { return }
    let stream = Array(bytes[5...])
    let span = stream.span.bytes
    if bytes[0] & 1 == 1 {
      _ = try? RLE.decode(span, expecting: shape)
    } else if let image = try? PixelCodec.decode(span, expecting: shape) {
      _ = image.convertedToRGB()
    }
  }

  static func pdu(_ bytes: [UInt8]) {
    var received = ReceiveBuffer(bytes)
    while let pdu = try? PDU.next(in: &received, limit: 1 << 20) {
      guard case .data(let values) = pdu else { continue }
      for value in values { _ = try? Command(parsing: value.fragment) }
    }
  }

  private static func visit(_ dataSet: DataSet) {
    for element in dataSet.elements {
      _ = dataSet.strings(element.tag)
      _ = try? dataSet.numbers(element.tag)
      _ = try? dataSet.integers(element.tag)
      _ = try? dataSet.date(element.tag)
      _ = dataSet.tags(element.tag)
      if case .items(let items) = element.value { items.forEach(visit) }
    }
    _ = dataSet.irregularValues
  }

  private static func roundTrip(_ dataSet: DataSet) {
    let syntax = TransferSyntax.explicitVRLittleEndian
    guard let written = try? DataSetEncoder.encode(dataSet, transferSyntax: syntax) else { return }
    guard let again = try? DataSetDecoder.decode(written, transferSyntax: syntax) else {
      preconditionFailure("what was written cannot be read")
    }
    precondition(again.elements.count == dataSet.elements.count, "elements were lost")
  }
}

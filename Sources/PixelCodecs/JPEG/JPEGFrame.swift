/// A frame header: the image that a JPEG or JPEG-LS code stream holds.
///
/// T.81 B.2.2, T.87 C.2.2.
struct JPEGFrame {
  struct Component {
    let identifier: Int
    /// Horizontal and vertical sampling factors, 1 to 4.
    let horizontal: Int
    let vertical: Int
    let quantisationTable: Int
  }

  let precision: Int
  /// Count of lines; where the header leaves it open (0), what the owner of the bytes expects.
  let rows: Int
  let columns: Int
  let components: [Component]

  /// Reads a header and compares it with the image that is expected.
  init(
    _ segment: JPEGSegments.Segment, in segments: JPEGSegments, precisions: ClosedRange<Int>,
    expecting shape: ImageShape
  ) throws(CodecError) {
    let codec = segments.codec
    let start = segment.parameters.lowerBound
    precision = try segments.byte(0, of: segment)
    let lines = try segments.word(1, of: segment)
    rows = lines == 0 ? shape.rows : lines
    columns = try segments.word(3, of: segment)
    let count = try segments.byte(5, of: segment)
    guard precisions.contains(precision) else {
      throw .malformed(codec, "a precision of \(precision) bits", at: start)
    }
    guard
      rows == shape.rows, columns == shape.columns, count == shape.components,
      precision <= shape.bitsAllocated
    else {
      throw .otherImage(
        codec, found: "\(rows) rows x \(columns) columns x \(count) of \(precision) bits",
        expected: shape)
    }
    var components: [Component] = []
    for index in 0..<count {
      let component = Component(
        identifier: try segments.byte(6 + 3 * index, of: segment),
        horizontal: try segments.byte(7 + 3 * index, of: segment) >> 4,
        vertical: try segments.byte(7 + 3 * index, of: segment) & 15,
        quantisationTable: try segments.byte(8 + 3 * index, of: segment))
      guard 1...4 ~= component.horizontal, 1...4 ~= component.vertical else {
        throw .malformed(codec, "a sampling factor outside 1 to 4", at: start)
      }
      guard !components.contains(where: { $0.identifier == component.identifier }) else {
        throw .malformed(codec, "component \(component.identifier) twice in a frame", at: start)
      }
      components.append(component)
    }
    self.components = components
  }
}

/// A scan header: which components follow, and by which rules.
///
/// T.81 B.2.3, T.87 C.2.3.
struct JPEGScan {
  struct Component {
    /// Index into the components of the frame.
    let index: Int
    /// JPEG: tables for DC and AC coefficients; JPEG-LS: the mapping table.
    let tables: Int

    var dcTable: Int { tables >> 4 }
    var acTable: Int { tables & 15 }
  }

  let components: [Component]
  /// Start of spectral selection; the predictor of lossless JPEG; the tolerance of JPEG-LS.
  let first: Int
  /// End of spectral selection; the interleave mode of JPEG-LS.
  let second: Int
  /// Successive approximation; the low half is the point transform.
  let approximation: Int

  var pointTransform: Int { approximation & 15 }

  init(
    _ segment: JPEGSegments.Segment, in segments: JPEGSegments, of frame: JPEGFrame
  ) throws(CodecError) {
    let start = segment.parameters.lowerBound
    let count = try segments.byte(0, of: segment)
    guard 1...4 ~= count else {
      throw .malformed(segments.codec, "a scan of \(count) components", at: start)
    }
    var components: [Component] = []
    for position in 0..<count {
      let identifier = try segments.byte(1 + 2 * position, of: segment)
      guard let index = frame.components.firstIndex(where: { $0.identifier == identifier }),
        !components.contains(where: { $0.index == index })
      else {
        throw .malformed(segments.codec, "component \(identifier) is not of the frame", at: start)
      }
      components.append(
        Component(index: index, tables: try segments.byte(2 + 2 * position, of: segment)))
    }
    self.components = components
    first = try segments.byte(1 + 2 * count, of: segment)
    second = try segments.byte(2 + 2 * count, of: segment)
    approximation = try segments.byte(3 + 2 * count, of: segment)
  }
}

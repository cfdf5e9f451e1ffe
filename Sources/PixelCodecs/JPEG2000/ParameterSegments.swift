/// The parameters of one marker segment, read in turn.
///
/// T.800 A.
struct SegmentReader {
  let bytes: UnsafeRawBufferPointer
  var offset: Int
  let end: Int

  var left: Int { end - offset }

  mutating func read(_ byteCount: Int) throws(CodecError) -> Int {
    guard left >= byteCount else {
      throw .malformed(.jpeg2000, "a marker segment that is too short", at: offset)
    }
    var value = 0
    for _ in 0..<byteCount {
      value = value << 8 | Int(bytes[offset])
      offset += 1
    }
    return value
  }
}

extension ImageAndTileSize {
  /// Reads SIZ and compares it with the image that is expected.
  init(_ segment: inout SegmentReader, expecting shape: ImageShape) throws(CodecError) {
    let start = segment.offset
    capabilities = try segment.read(2)
    let x1 = try segment.read(4)
    let y1 = try segment.read(4)
    let x0 = try segment.read(4)
    let y0 = try segment.read(4)
    image = GridRectangle(x0: x0, y0: y0, x1: x1, y1: y1)
    tileWidth = try segment.read(4)
    tileHeight = try segment.read(4)
    tileX = try segment.read(4)
    tileY = try segment.read(4)
    componentCount = try segment.read(2)
    let depth = try segment.read(1)
    precision = depth & 0x7F + 1
    isSigned = depth & 0x80 != 0
    guard
      image.width == shape.columns, image.height == shape.rows,
      componentCount == shape.components, precision <= shape.bitsAllocated
    else {
      throw .otherImage(
        .jpeg2000,
        found: "\(image.height) rows x \(image.width) columns x \(componentCount) of "
          + "\(precision) bits", expected: shape)
    }
    guard
      tileWidth > 0, tileHeight > 0, tileX <= x0, tileY <= y0, tileX + tileWidth > x0,
      tileY + tileHeight > y0
    else { throw .malformed(.jpeg2000, "a tile outside the image", at: start) }
    for index in 0..<componentCount {
      if index > 0, try segment.read(1) != depth {
        throw .unsupported(.jpeg2000, "components of different depths")
      }
      guard try segment.read(1) == 1, try segment.read(1) == 1 else {
        throw .unsupported(.jpeg2000, "subsampled components")
      }
    }
  }
}

extension TileParameters {
  /// Reads a segment that the main header and tile-part headers share; others are skipped.
  mutating func read(_ marker: Int, _ segment: inout SegmentReader) throws(CodecError) {
    let start = segment.offset
    let indexSize = coding.count < 257 ? 1 : 2
    switch marker {
    case 0xFF52:
      let flags = try segment.read(1)
      guard let order = Progression.Order(rawValue: try segment.read(1)) else {
        throw .malformed(.jpeg2000, "an unknown progression order", at: start)
      }
      style.progression = order
      style.layers = try segment.read(2)
      let transform = try segment.read(1)
      guard style.layers > 0 else { throw .malformed(.jpeg2000, "no quality layer", at: start) }
      guard transform <= 1 else {
        throw .unsupported(.jpeg2000, "a component transform of part 2 of the standard")
      }
      style.hasComponentTransform = transform == 1
      let common = try CodingStyle(&segment, hasPrecincts: flags & 1 == 1)
      for component in coding.indices where !hasOwnCoding.contains(component) {
        coding[component] = common
      }
    case 0xFF53:
      let component = try index(&segment, indexSize)
      let flags = try segment.read(1)
      coding[component] = try CodingStyle(&segment, hasPrecincts: flags & 1 == 1)
      hasOwnCoding.insert(component)
    case 0xFF5C:
      let common = try Quantisation(&segment)
      for component in quantisation.indices where !hasOwnQuantisation.contains(component) {
        quantisation[component] = common
      }
    case 0xFF5D:
      let component = try index(&segment, indexSize)
      quantisation[component] = try Quantisation(&segment)
      hasOwnQuantisation.insert(component)
    case 0xFF5E:
      let component = try index(&segment, indexSize)
      guard try segment.read(1) == 0 else {
        throw .unsupported(.jpeg2000, "a region of interest of part 2 of the standard")
      }
      regionShift[component] = try segment.read(1)
    case 0xFF5F:
      while segment.left >= 5 + 2 * indexSize {
        progressionChanges.append(try Progression(&segment, indexSize: indexSize))
      }
    default: break
    }
  }

  /// A component's index, checked.
  private func index(_ segment: inout SegmentReader, _ size: Int) throws(CodecError) -> Int {
    let start = segment.offset
    let index = try segment.read(size)
    guard coding.indices.contains(index) else {
      throw .malformed(
        .jpeg2000, "parameters for component \(index), which is not there", at: start)
    }
    return index
  }
}

extension CodingStyle {
  /// Reads the part that COD and COC share.
  ///
  /// T.800 Table A.20.
  init(_ segment: inout SegmentReader, hasPrecincts: Bool) throws(CodecError) {
    let start = segment.offset
    levels = try segment.read(1)
    blockWidthExponent = try segment.read(1) + 2
    blockHeightExponent = try segment.read(1) + 2
    let style = try segment.read(1)
    guard style & 0x40 == 0 else { throw .unsupported(.htj2k, "its block coder is not known") }
    guard levels <= 32, blockWidthExponent <= 10, blockHeightExponent <= 10,
      blockWidthExponent + blockHeightExponent <= 12, style < 0x40
    else { throw .malformed(.jpeg2000, "an impossible coding style", at: start) }
    passes = PassStyle(rawValue: style)
    switch try segment.read(1) {
    case 0: isReversible = false
    case 1: isReversible = true
    default: throw .unsupported(.jpeg2000, "a wavelet of part 2 of the standard")
    }
    for resolution in 0...levels {
      let size = hasPrecincts ? try segment.read(1) : 0xFF
      // Above the lowest resolution a precinct holds as much of each sub-band as half its width.
      guard resolution == 0 || (size & 15 > 0 && size >> 4 > 0) else {
        throw .malformed(.jpeg2000, "a precinct of no width", at: start)
      }
      precincts.append((size & 15, size >> 4))
    }
  }
}

extension Quantisation {
  /// Reads the part that QCD and QCC share.
  ///
  /// T.800 Table A.28.
  init(_ segment: inout SegmentReader) throws(CodecError) {
    let start = segment.offset
    let style = try segment.read(1)
    guardBits = style >> 5
    switch style & 0x1F {
    case 0:
      kind = .none
      while segment.left >= 1 { steps.append((try segment.read(1) >> 3, 0)) }
    case 1, 2:
      kind = style & 0x1F == 1 ? .derived : .expounded
      while segment.left >= 2 {
        let step = try segment.read(2)
        steps.append((step >> 11, step & 0x7FF))
      }
    default: throw .malformed(.jpeg2000, "an unknown quantisation", at: start)
    }
  }
}

extension Progression {
  /// Reads one entry of a progression order change.
  ///
  /// T.800 A.6.6.
  init(_ segment: inout SegmentReader, indexSize: Int) throws(CodecError) {
    let start = segment.offset
    let firstResolution = try segment.read(1)
    let firstComponent = try segment.read(indexSize)
    layers = 0..<(try segment.read(2))
    let lastResolution = try segment.read(1)
    var lastComponent = try segment.read(indexSize)
    if lastComponent == 0 { lastComponent = indexSize == 1 ? 256 : 16384 }
    guard let order = Order(rawValue: try segment.read(1)), firstResolution <= lastResolution,
      firstComponent <= lastComponent
    else { throw .malformed(.jpeg2000, "an impossible progression order change", at: start) }
    self.order = order
    resolutions = firstResolution..<lastResolution
    components = firstComponent..<lastComponent
  }
}

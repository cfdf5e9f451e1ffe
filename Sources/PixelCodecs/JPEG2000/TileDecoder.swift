/// Decodes one tile of a code stream into the samples of the image.
struct TileDecoder {
  /// The coefficients, later the samples, of one component.
  private enum Plane {
    case whole([Int32])
    case real([Float])
  }

  let stream: CodeStream
  let area: GridRectangle
  let parameters: TileParameters
  private var components: [TileComponent] = []
  private var precincts: [Precinct] = []

  /// Lays out a tile and reads its packets.
  ///
  /// - Parameters:
  ///   - data: All its tile-parts, one after the other.
  ///   - headers: Its packet headers, where they are packed apart.
  init(
    _ stream: CodeStream, index: Int, _ parameters: TileParameters, data: UnsafeRawBufferPointer,
    headers: UnsafeRawBufferPointer?
  ) throws(CodecError) {
    self.stream = stream
    self.parameters = parameters
    area = stream.size.tile(index)
    let byteCount = headers?.count ?? data.count
    let layers = parameters.progressionChanges.isEmpty ? parameters.style.layers : 1
    for component in 0..<stream.size.componentCount {
      components.append(
        try TileComponent(
          area, index: component, parameters, precision: stream.size.precision,
          precincts: &precincts, limit: byteCount / layers))
    }
    try readPackets(PacketReader(data: data, headers: headers), byteCount: byteCount)
  }

  private mutating func readPackets(
    _ start: PacketReader, byteCount: Int
  ) throws(CodecError) {
    var reader = start
    var order = parameters.progressionChanges
    if order.isEmpty {
      order = [
        Progression(
          parameters.style.progression, layers: 0..<parameters.style.layers, resolutions: 0..<33,
          components: components.indices)
      ]
    }
    var precincts = precincts
    let places = precincts
    // Progressions may repeat what others brought, within reason.
    var visitsLeft = 64 * (byteCount + 1024)
    let components = components
    for progression in order {
      let layers = progression.layers.clamped(to: 0..<parameters.style.layers)
      visitsLeft -= layers.count
      let bounded = Progression(
        progression.order, layers: layers, resolutions: progression.resolutions,
        components: progression.components)
      try bounded.walk(components, places) { (precinct, layer) throws(CodecError) in
        visitsLeft -= 1
        guard visitsLeft > 0 else {
          throw .malformed(.jpeg2000, "progressions without end", at: 0)
        }
        guard precincts[precinct].nextLayer == layer else { return }
        precincts[precinct].nextLayer += 1
        try reader.read(
          &precincts[precinct], layer: layer,
          style: components[precincts[precinct].component].style.passes)
      }
    }
    self.precincts = precincts
  }

  /// Decodes the tile's samples into the image.
  func decode<Container: SampleContainer>(
    _ data: UnsafeRawBufferPointer, _ decoder: inout BlockDecoder,
    into samples: UnsafeMutableBufferPointer<Container>
  ) throws(CodecError) {
    var planes: [Plane] = []
    for index in components.indices {
      planes.append(
        components[index].style.isReversible
          ? .whole(try wholePlane(index, data, &decoder))
          : .real(try realPlane(index, data, &decoder)))
    }
    if parameters.style.hasComponentTransform { try reverseComponentTransform(&planes) }
    for (component, plane) in planes.enumerated() {
      switch plane {
      case .whole(let values): store(values, component, into: samples) { Int($0) }
      case .real(let values):
        store(values, component, into: samples) { Int($0.rounded(.toNearestOrEven)) }
      }
    }
  }

  /// Calls `body` after each block of a component is decoded.
  private func forEachBlock(
    of component: Int, _ data: UnsafeRawBufferPointer, _ decoder: inout BlockDecoder,
    _ body: (borrowing BlockDecoder, CodeBlock, SubBand) -> Void
  ) throws(CodecError) {
    let layout = components[component]
    for precinct in layout.resolutions.lazy.flatMap(\.precincts) {
      for part in precincts[precinct].bands {
        let band = layout.bands[part.band]
        for block in part.blocks where block.passCount > 0 {
          try decoder.decode(block, of: band, layout.style.passes, data)
          body(decoder, block, band)
        }
      }
    }
  }

  private func wholePlane(
    _ index: Int, _ data: UnsafeRawBufferPointer, _ decoder: inout BlockDecoder
  ) throws(CodecError) -> [Int32] {
    let component = components[index]
    let stride = component.area.width
    var values = [Int32](repeating: 0, count: stride * component.area.height)
    try values.withUnsafeMutableBufferPointer { (values) throws(CodecError) in
      guard let base = values.baseAddress else { return }
      try forEachBlock(of: index, data, &decoder) { decoder, block, band in
        let shift = component.regionShift
        for row in 0..<block.area.height {
          let line = base + Self.place(block, band, row: row, stride: stride)
          for column in 0..<block.area.width {
            let value = decoder.coefficient(column: column, row: row)
            let magnitude = Int32(
              truncatingIfNeeded: Self.magnitude(value, regionShift: shift) &>> 1)
            line[column] = value &>> 31 == 1 ? 0 &- magnitude : magnitude
          }
        }
      }
    }
    Wavelet.reverse(&values, component)
    return values
  }

  private func realPlane(
    _ index: Int, _ data: UnsafeRawBufferPointer, _ decoder: inout BlockDecoder
  ) throws(CodecError) -> [Float] {
    let component = components[index]
    let stride = component.area.width
    var values = [Float](repeating: 0, count: stride * component.area.height)
    try values.withUnsafeMutableBufferPointer { (values) throws(CodecError) in
      guard let base = values.baseAddress else { return }
      try forEachBlock(of: index, data, &decoder) { decoder, block, band in
        let shift = component.regionShift
        let step = band.step * 0.5
        for row in 0..<block.area.height {
          let line = base + Self.place(block, band, row: row, stride: stride)
          for column in 0..<block.area.width {
            let value = decoder.coefficient(column: column, row: row)
            let magnitude = Float(Self.magnitude(value, regionShift: shift)) * step
            line[column] = value &>> 31 == 1 ? -magnitude : magnitude
          }
        }
      }
    }
    Wavelet.reverse(&values, component)
    return values
  }

  /// Where a row of a block stands among the coefficients of its component.
  private static func place(_ block: CodeBlock, _ band: SubBand, row: Int, stride: Int) -> Int {
    (band.row + block.area.y0 - band.area.y0 + row) * stride
      + band.column + block.area.x0 - band.area.x0
  }

  /// Twice the magnitude; what reaches into the region of interest's planes is shifted back.
  ///
  /// T.800 H.1.
  @inline(__always)
  private static func magnitude(_ value: UInt32, regionShift: Int) -> UInt32 {
    let doubled = value & 0x7FFF_FFFF
    guard regionShift > 0, regionShift < 31 else { return doubled }
    return doubled >> UInt32(regionShift + 1) > 0 ? doubled >> UInt32(regionShift) : doubled
  }

  /// Turns the first three components back into red, green and blue.
  ///
  /// T.800 Annex G.
  private func reverseComponentTransform(_ planes: inout [Plane]) throws(CodecError) {
    guard planes.count >= 3 else {
      throw .malformed(.jpeg2000, "a component transform of \(planes.count) components", at: 0)
    }
    switch (planes[0], planes[1], planes[2]) {
    case (.whole(var y), .whole(var u), .whole(var v)):
      planes.replaceSubrange(0..<3, with: repeatElement(.whole([]), count: 3))
      for index in y.indices {
        let green = y[index] &- ((u[index] &+ v[index]) &>> 2)
        let red = v[index] &+ green
        let blue = u[index] &+ green
        (y[index], u[index], v[index]) = (red, green, blue)
      }
      planes.replaceSubrange(0..<3, with: [.whole(y), .whole(u), .whole(v)])
    case (.real(var y), .real(var u), .real(var v)):
      planes.replaceSubrange(0..<3, with: repeatElement(.real([]), count: 3))
      for index in y.indices {
        let red = y[index] + 1.402 * v[index]
        let green = y[index] - 0.34413 * u[index] - 0.71414 * v[index]
        let blue = y[index] + 1.772 * u[index]
        (y[index], u[index], v[index]) = (red, green, blue)
      }
      planes.replaceSubrange(0..<3, with: [.real(y), .real(u), .real(v)])
    default:
      throw .malformed(.jpeg2000, "a component transform of different wavelets", at: 0)
    }
  }

  /// Shifts a component to its range and stores it.
  ///
  /// T.800 G.1.
  @inline(__always)
  private func store<Value, Container: SampleContainer>(
    _ values: [Value], _ component: Int, into samples: UnsafeMutableBufferPointer<Container>,
    _ rounded: (Value) -> Int
  ) {
    let size = stream.size
    let middle = size.isSigned ? 0 : 1 << (size.precision - 1)
    let minimum = size.isSigned ? -(1 << (size.precision - 1)) : 0
    let maximum = minimum + (1 << size.precision) - 1
    let width = area.width
    values.withUnsafeBufferPointer { values in
      for row in 0..<area.height {
        var target =
          ((area.y0 - size.image.y0 + row) * size.image.width + area.x0 - size.image.x0)
          * size.componentCount + component
        for column in 0..<width {
          let value = max(minimum, min(maximum, rounded(values[row &* width &+ column]) &+ middle))
          samples[target] = Container(truncatingIfNeeded: value)
          target &+= size.componentCount
        }
      }
    }
  }
}

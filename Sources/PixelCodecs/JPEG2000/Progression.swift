/// A piece of the order in which packets follow each other.
///
/// T.800 B.12.
struct Progression {
  enum Order: Int {
    case layerResolution = 0
    case resolutionLayer
    case resolutionPosition
    case positionComponent
    case componentPosition
  }

  let order: Order
  let layers: Range<Int>
  let resolutions: Range<Int>
  let components: Range<Int>

  init(_ order: Order, layers: Range<Int>, resolutions: Range<Int>, components: Range<Int>) {
    self.order = order
    self.layers = layers
    self.resolutions = resolutions
    self.components = components
  }

  /// Calls `visit` with precinct and layer of every packet in turn.
  ///
  /// Packets that an earlier progression brought already are among them.
  func walk(
    _ tile: [TileComponent], _ precincts: [Precinct],
    _ visit: (_ precinct: Int, _ layer: Int) throws(CodecError) -> Void
  ) throws(CodecError) {
    let components = components.clamped(to: tile.indices)
    let levels = tile.map(\.resolutions.count).max() ?? 0
    let resolutions = resolutions.clamped(to: 0..<levels)
    /// All precincts of one resolution of one component.
    func precinctsOf(_ component: Int, _ resolution: Int) -> Range<Int> {
      let all = tile[component].resolutions
      return all.indices.contains(resolution) ? all[resolution].precincts : 0..<0
    }
    /// Some precincts by their place; those in one place as they were listed.
    func byPosition(_ list: [Range<Int>]) -> [Int] {
      list.joined().enumerated().sorted {
        let (a, b) = (precincts[$0.element], precincts[$1.element])
        return (a.y, a.x, $0.offset) < (b.y, b.x, $1.offset)
      }.map(\.element)
    }
    switch order {
    case .layerResolution:
      for layer in layers {
        for resolution in resolutions {
          for component in components {
            for precinct in precinctsOf(component, resolution) { try visit(precinct, layer) }
          }
        }
      }
    case .resolutionLayer:
      for resolution in resolutions {
        for layer in layers {
          for component in components {
            for precinct in precinctsOf(component, resolution) { try visit(precinct, layer) }
          }
        }
      }
    case .resolutionPosition:
      for resolution in resolutions {
        for precinct in byPosition(components.map { precinctsOf($0, resolution) }) {
          for layer in layers { try visit(precinct, layer) }
        }
      }
    case .positionComponent:
      let list = components.flatMap { component in
        resolutions.map { precinctsOf(component, $0) }
      }
      for precinct in byPosition(list) {
        for layer in layers { try visit(precinct, layer) }
      }
    case .componentPosition:
      for component in components {
        for precinct in byPosition(resolutions.map { precinctsOf(component, $0) }) {
          for layer in layers { try visit(precinct, layer) }
        }
      }
    }
  }
}

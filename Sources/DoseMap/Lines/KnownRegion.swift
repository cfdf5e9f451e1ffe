/// The edge of the region of a plane where the dose is known.
struct KnownRegion {
  let sampler: PlaneSampler
  let dose: DosePlane

  /// The edges within the picture; none where all of it is known, or nothing.
  func edges() -> [PixelPath] {
    let columns = dose.columns
    let states = CellTracer.states(of: dose, rows: 0..<dose.rows) {
      $0.isNaN ? CellTracer.below : CellTracer.above
    }
    let tracer = CellTracer(rows: 0..<dose.rows, columns: columns, states: states)
    return tracer.paths(
      crossing: { row, column, right in
        let a = PixelPoint(column: Double(column), row: Double(row))
        let b = PixelPoint(
          column: Double(right ? column + 1 : column), row: Double(right ? row : row + 1))
        return states[row * columns + column] == CellTracer.above ? end(a, b) : end(b, a)
      },
      isHighAcross: { row, column in
        sampler.isKnown(at: PixelPoint(column: Double(column) + 0.5, row: Double(row) + 0.5))
      })
  }

  /// The last known place from a known one toward an unknown one, to a thousandth of a pixel.
  private func end(_ known: PixelPoint, _ unknown: PixelPoint) -> PixelPoint {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<10 {
      let middle = (low + high) / 2
      if sampler.isKnown(at: known.toward(unknown, middle)) {
        low = middle
      } else {
        high = middle
      }
    }
    return known.toward(unknown, low)
  }
}

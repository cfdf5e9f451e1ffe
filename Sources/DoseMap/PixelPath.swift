/// A line in a picture: the points it runs through, and whether its end meets its beginning.
package struct PixelPath: Equatable, Sendable {
  /// The points in order; the first is not repeated at the end of a closed line.
  package var points: [PixelPoint]
  package var isClosed: Bool

  package init(points: [PixelPoint], isClosed: Bool) {
    self.points = points
    self.isClosed = isClosed
  }

  /// The points with the first one once more at the end of a closed line.
  var run: [PixelPoint] {
    guard isClosed, let first = points.first else { return points }
    return points + [first]
  }

  /// The length along the line, in pixels.
  package var length: Double {
    let run = run
    var sum = 0.0
    for index in run.indices.dropFirst() { sum += run[index].distance(to: run[index - 1]) }
    return sum
  }
}

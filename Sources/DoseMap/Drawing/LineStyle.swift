/// How isodose lines are broken, so that a map of a prior course is told apart at a glance.
package enum LineStyle: Hashable, Sendable {
  /// The map of a course on its planning scan.
  case solid
  /// A prior course on a later scan: no dash is longer than an eighth of its line.
  case dashed
  /// A second course on the same map.
  case dotted

  /// The drawn pieces of a line, as open runs of points; round caps make each longer by the width.
  func pieces(of path: PixelPath, width: Double) -> [[PixelPoint]] {
    let run = path.run
    guard self != .solid, run.count > 1 else { return [run] }
    let length = path.length
    // A piece shorter than this might hold no pixel centre that shows the pure colour.
    let shortest = width >= 3 ? 0.3 : 1.45
    let period = self == .dashed ? 14.0 : width + 5
    let fitting = max(2, Int(min(length, 1e6) / (width + 3)))
    let count = min(max(8, Int((min(length, 1e6) / period).rounded())), fitting)
    let step = length / Double(count)
    let visible = self == .dashed ? step * 0.57 : 0
    let piece = min(max(visible - width, shortest), step)
    return Self.cut(run, piece: piece, step: step, count: count)
  }

  /// The parts of a run that begin at each multiple of `step` and are `piece` long.
  private static func cut(
    _ run: [PixelPoint], piece: Double, step: Double, count: Int
  ) -> [[PixelPoint]] {
    var pieces: [[PixelPoint]] = []
    var current: [PixelPoint] = []
    // Half a gap first: an open line then ends as it begins.
    let lead = (step - piece) / 2
    var number = 0
    var walked = 0.0
    for index in run.indices.dropFirst() {
      let (a, b) = (run[index - 1], run[index])
      let length = a.distance(to: b)
      guard length > 0 else { continue }
      while number < count {
        let begin = lead + step * Double(number)
        let end = begin + piece
        if begin > walked + length { break }
        if current.isEmpty { current.append(a.toward(b, max(0, begin - walked) / length)) }
        if end <= walked + length {
          current.append(a.toward(b, max(0, end - walked) / length))
          pieces.append(current)
          current = []
          number += 1
        } else {
          current.append(b)
          break
        }
      }
      walked += length
    }
    if !current.isEmpty { pieces.append(current) }
    return pieces
  }
}

import DoseMap
import Geometry
import TestSupport
import Testing

/// Maps of random doses in random planes: what is drawn right must never be taken for a fault.
@Suite("Random maps") struct RandomMapTests {
  @Test("a drawing without a fault passes its checks", arguments: 1...120)
  func passes(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    func number(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
    let spacing = number(1...4)
    let peaks = (0..<Int.random(in: 1...8, using: &random)).map { _ in
      (
        x: number(-30...30), y: number(-30...30), z: number(-15...15), sigma: number(1...14),
        gray: number(5...30)
      )
    }
    let grid = try HeadPhantom.dose(
      peaks: peaks, half: (40, 40, 20), spacing: spacing, plateau: number(0...6))
    let normal = try #require(
      PatientVector(number(-1...1), number(-1...1), number(0.2...1)).normalized)
    let along = try #require(PatientVector(normal.z, 0, -normal.x).normalized)
    let down = normal.cross(along)
    let side = Int.random(in: 40...128, using: &random)
    let plane = try IsodoseLineTests.plane(
      centre: PatientPoint(0, 0, number(-10...10)),
      orientation: [along.x, along.y, along.z, down.x, down.y, down.z],
      spacing: number(0.6...3), side: side)
    let count = Int.random(in: 1...6, using: &random)
    let colors = IsodoseScheme.standard.colors(count: count)
    let levels = (0..<count).map { index in
      IsodoseLevel(
        gray: Double(count - index) * 3 + number(0...2), color: colors[index],
        targets: index == 0 ? ["T"] : nil)
    }
    let style: LineStyle = [.solid, .dashed, .dotted][seed % 3]
    let design = try MapDesign(
      levels: levels, lineStyle: style, scale: Int.random(in: 1...8, using: &random),
      text: MapText(title: "T", fractions: 1, quantity: "", notes: []))
    let slice = MapSlice(
      number: 1, count: 1, plane: plane,
      pixels: (0..<side * side).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    let drawn = try MapRenderer(field: DoseField(grid: grid), design: design).draw(slice)
    #expect(drawn.checks.lines.holds, "seed \(seed): \(drawn.checks.lines.detail)")
    #expect(drawn.checks.background.holds, "seed \(seed): \(drawn.checks.background.detail)")
  }
}

import DoseMap
import Geometry
import Testing

@Suite("Orientation letters") struct OrientationLetterTests {
  @Test(
    "letters follow the direction cosines",
    arguments: [
      ([1, 0, 0, 0, 1, 0], "R L A P"), ([-1, 0, 0, 0, -1, 0], "L R P A"),
      ([0, 1, 0, 0, 0, -1], "A P H F"), ([1, 0, 0, 0, 0, -1], "R L H F"),
      ([0.8, 0.6, 0, 0, 0, -1], "RA LP H F"), ([0.6, 0.8, 0, 0, 0, -1], "AR PL H F"),
      // A gantry tilt of 18.5 degrees stays an axial slice.
      ([1, 0, 0, 0, 0.948324, -0.317305], "R L A P"),
      // 45 degrees: equal parts in the order of the axes.
      ([1, 0, 0, 0, 0.70710678, -0.70710678], "R L AH PF"),
    ])
  func letters(orientation: [Double], expected: String) throws {
    let plane = try ImagePlane(
      position: .origin, orientation: orientation, rowSpacing: 1, columnSpacing: 1, rows: 2,
      columns: 2)
    let letters = OrientationLetters(plane)
    #expect("\(letters.left) \(letters.right) \(letters.top) \(letters.bottom)" == expected)
  }
}

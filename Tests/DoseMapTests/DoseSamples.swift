import DoseMap
import Foundation
import Geometry
import Testing

/// What `Scripts/references/make-dose-samples.py` wrote: doses that scipy interpolated.
struct DoseSamples: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Sample: Decodable {
      let point: [Double]
      let gray: Double?
    }

    let name: String
    let orientation: [Double]
    let position: [Double]
    let rowSpacing: Double
    let columnSpacing: Double
    let rows: Int
    let columns: Int
    let offsets: [Double]
    let counts: [UInt32]
    let grayPerCount: Double
    let samples: [Sample]

    var testDescription: String { name }

    func grid() throws -> DoseGrid {
      let plane = try ImagePlane(
        position: PatientPoint(position[0], position[1], position[2]), orientation: orientation,
        rowSpacing: rowSpacing, columnSpacing: columnSpacing, rows: rows, columns: columns)
      return try DoseGrid(
        geometry: try GridGeometry(plane: plane, offsets: offsets), counts: counts,
        grayPerCount: grayPerCount)
    }
  }

  struct Volume: Decodable, Sendable {
    let `case`: String
    let gray: Double
    let cubicCentimetres: Double
  }

  let cases: [Case]
  let volumes: [Volume]

  static let all: DoseSamples = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/dose-samples.json")
    do {
      return try JSONDecoder().decode(DoseSamples.self, from: Data(contentsOf: file))
    } catch {
      Issue.record(error)
      return DoseSamples(cases: [], volumes: [])
    }
  }()

  private init(cases: [Case], volumes: [Volume]) {
    self.cases = cases
    self.volumes = volumes
  }
}

import Geometry
import Radiotherapy

/// A structure's contours on the slices of the scan, carried there by the registration.
///
/// Drawn on the page only, when asked for: an aid to judge how dose and scan were joined. A contour
/// that lies askew to the slices is cut into the pieces that lie near each of them.
struct Outline: Sendable {
  let name: String
  /// For each slice from 0 that has some: lines of column and row in turn, in pixels of the scan.
  let lines: [(slice: Int, points: [Double])]

  /// The most structures, and the most points of one of them.
  private static let most = 24
  private static let mostPoints = 60_000

  /// The body, then the targets, then the rest.
  ///
  /// Of several plans those of each structure set once.
  static func all(in course: Course) -> [Outline] {
    var seen: Set<String> = []
    return Array(
      course.plans.flatMap { plan -> [Outline] in
        guard let set = plan.structureSet, seen.insert(set.identity.sopInstanceUID).inserted else {
          return []
        }
        return all(in: set, of: course)
      }.prefix(most))
  }

  private static func all(in set: StructureSet, of course: Course) -> [Outline] {
    func rank(_ region: StructureSet.Region) -> Int {
      switch region.interpretedType {
      case "EXTERNAL": 0
      case "PTV", "CTV", "GTV": 1
      default: 2
      }
    }
    return set.regions
      .enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
      .prefix(most)
      .compactMap { entry in
        course.way(from: entry.element.frameOfReferenceUID).flatMap {
          Outline(of: entry.element, scan: course.scan, join: $0)
        }
      }
  }

  private init?(of region: StructureSet.Region, scan: ScanSeries, join: FrameJoin) {
    guard let contours = try? region.closedContours(), let first = scan.slices.first?.plane,
      contours.reduce(0, { $0 + $1.count }) <= Self.mostPoints
    else { return nil }
    let normal = scan.normal
    let distances = scan.slices.map { $0.plane.distance(along: normal) }
    let reach = 0.51 * (scan.spacing ?? 1)
    var lines: [(slice: Int, points: [Double])] = []
    for contour in contours where contour.count > 2 {
      var slice: Int?
      var points: [Double] = []
      func end() {
        if let slice, points.count > 2 { lines.append((slice, points)) }
        points = []
      }
      for corner in contour + [contour[0]] {
        guard let point = join.toScan(corner) else {
          end()
          continue
        }
        let distance = (point - .origin).dot(normal)
        let near = HotRegion.nearest(to: distance, in: distances)
        let own = abs(distances[near] - distance) <= reach ? near : nil
        let place = scan.slices[near].plane.index(of: point)
        guard place.column.isFinite, place.row.isFinite,
          abs(place.column) < Double(first.columns) * 4, abs(place.row) < Double(first.rows) * 4
        else { continue }
        if own != slice {
          end()
          slice = own
        }
        guard own != nil else { continue }
        points.append((place.column * 10).rounded() / 10)
        points.append((place.row * 10).rounded() / 10)
      }
      end()
    }
    guard !lines.isEmpty else { return nil }
    name = region.name
    self.lines = lines
  }
}

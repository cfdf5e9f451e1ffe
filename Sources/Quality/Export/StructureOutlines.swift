import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// The contours of the structures that were asked for, as far as they lie on some parallel planes.
///
/// Contours are drawn as they were made or not at all: what lies between slices, or askew to them,
/// or would have to be bent by a registration, is left out, and the legend says so. Of several plans
/// the structure sets of all of them are searched. PS3.3 C.8.8.6.
struct StructureOutlines: Sendable {
  let structures: [MapStructure]
  /// For each slice the lines on it.
  let lines: [[StructureLine]]

  /// How far a contour may lie from a slice's plane, mm.
  private static let reach = 0.5

  /// - Throws: where no structure has such a name, too many have, or contours cannot be read.
  init(
    _ patterns: [String], of course: Course, on planes: [ImagePlane], beside levels: [IsodoseLevel]
  ) throws(ExportError) {
    let count = planes.count
    guard !patterns.isEmpty, let normal = planes.first?.normal else {
      structures = []
      lines = Array(repeating: [], count: count)
      return
    }
    let sets = course.structureSets
    guard !sets.isEmpty else {
      throw .structures("there is no structure set of this plan among the files")
    }
    let regions = try Self.regions(of: sets, patterns)
    var named: [(name: String, remark: String)] = []
    var lines: [[StructureLine]] = Array(repeating: [], count: count)
    let distances = planes.map { $0.distance(along: normal) }
    for (index, (set, region)) in regions.enumerated() {
      let name = Self.name(region, of: set, among: regions, course)
      let map = Self.map(region, course)
      guard let map else {
        named.append((name, "not drawn, no rigid way to this scan"))
        continue
      }
      let contours: [[PatientPoint]]
      do { contours = try region.closedContours() } catch {
        throw .file(.attribute(path: set.identity.path, error))
      }
      var (drawn, leftOut) = (0, 0)
      for contour in contours where contour.count > 2 {
        guard let (slice, path) = Self.place(contour.map(map), on: planes, at: distances) else {
          leftOut += 1
          continue
        }
        lines[slice].append(StructureLine(structure: index, path: path))
        drawn += 1
      }
      let remark =
        drawn == 0
        ? "not drawn, no contour on these slices"
        : leftOut > 0 ? "outline; contours between slices not drawn" : ""
      named.append((name, remark))
    }
    structures = MapStructure.list(named, beside: levels)
    guard structures.count == named.count else {
      throw .structures("the isodose scheme leaves too few colours for \(named.count) structures")
    }
    self.lines = lines
  }

  private static func regions(
    of sets: [StructureSet], _ patterns: [String]
  ) throws(ExportError) -> [(set: StructureSet, region: StructureSet.Region)] {
    let all = sets.flatMap { set in set.regions.map { (set: set, region: $0) } }
    let names = Set(all.map(\.region.name))
    for text in patterns where !names.contains(where: NamePattern(text).matches) {
      throw .structures(
        "no structure is named '\(text)'; there is \(names.sorted().joined(separator: ", "))")
    }
    let matching = patterns.map(NamePattern.init)
    let regions = all.filter { one in matching.contains { $0.matches(one.region.name) } }
    guard regions.count <= MapStructure.most else {
      throw .structures(
        "\(regions.count) structures have such a name (\(regions.map(\.region.name).joined(separator: ", "))); at most \(MapStructure.most) can be told apart"
      )
    }
    return regions
  }

  /// What the legend calls a structure: with its plan where another plan's has the same name.
  private static func name(
    _ region: StructureSet.Region, of set: StructureSet,
    among regions: [(set: StructureSet, region: StructureSet.Region)], _ course: Course
  ) -> String {
    let name = region.name.isEmpty ? "structure \(region.number)" : region.name
    let uid = set.identity.sopInstanceUID
    let isShared = regions.contains {
      $0.region.name == region.name && $0.set.identity.sopInstanceUID != uid
    }
    guard isShared,
      let plan = course.plans.first(where: { $0.structureSet?.identity.sopInstanceUID == uid })
    else { return name }
    return "\(name) of \(plan.name)"
  }

  /// The way of a structure's points to the scan; `nil` where it is none or no rigid one.
  private static func map(
    _ region: StructureSet.Region, _ course: Course
  ) -> ((PatientPoint) -> PatientPoint)? {
    guard let own = region.frameOfReferenceUID else { return nil }
    if own == course.scan.frameOfReferenceUID { return { $0 } }
    guard let way = course.way(from: own), way.kind == .rigid, let doseToScan = way.doseToScan
    else { return nil }
    return { doseToScan($0) }
  }

  /// The slice that a contour lies on with all its points, and the contour in that slice's pixels.
  private static func place(
    _ contour: [PatientPoint], on planes: [ImagePlane], at distances: [Double]
  ) -> (slice: Int, path: PixelPath)? {
    let normal = planes[0].normal
    let depths = contour.map { ($0 - .origin).dot(normal) }
    guard let low = depths.min(), let high = depths.max(), low.isFinite, high.isFinite else {
      return nil
    }
    let slice = HotRegion.nearest(to: (low + high) / 2, in: distances)
    guard abs(low - distances[slice]) <= reach, abs(high - distances[slice]) <= reach else {
      return nil
    }
    let plane = planes[slice]
    let points = contour.map { point in
      let index = plane.index(of: point)
      return PixelPoint(column: index.column, row: index.row)
    }
    guard points.allSatisfy({ abs($0.column) < 1e5 && abs($0.row) < 1e5 }) else { return nil }
    return (slice, PixelPath(points: points, isClosed: true))
  }
}

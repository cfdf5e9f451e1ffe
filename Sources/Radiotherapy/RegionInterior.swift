package import DICOM
package import Geometry

/// Points inside a region of interest: a lattice on the planes of its contours.
///
/// PS3.3 C.8.8.6: closed planar contours; where several lie in one plane, a point inside an odd
/// number of them is inside, so that holes stay holes.
package struct RegionInterior: Sendable {
  /// Patient points in mm, in the region's frame of reference.
  package let points: [PatientPoint]
  /// The volume that each point stands for, mm3.
  package let volumePerPoint: Double

  /// How far apart contours of one plane may lie along its normal, mm.
  private static let planeTolerance = 0.05
  /// The most points that are made: a large region gets a wider lattice.
  private static let mostPoints = 200_000.0
  /// As many are made of a small one, so that they count its volume well: a narrower lattice.
  private static let enoughPoints = 40_000.0

  /// - Throws: where the contours' numbers cannot be read.
  package init(of region: StructureSet.Region) throws(AttributeError) {
    let contours = try region.closedContours().filter { $0.count >= 3 }
    guard
      let largest = contours.max(by: { Self.normal(of: $0).length < Self.normal(of: $1).length }),
      let normal = Self.normal(of: largest).normalized
    else {
      points = []
      volumePerPoint = 0
      return
    }
    let helper = abs(normal.x) < 0.9 ? PatientVector(1, 0, 0) : PatientVector(0, 1, 0)
    let across = helper.cross(normal)
    let u = across * (1 / across.length)
    let v = normal.cross(u)
    var planes: [(offset: Double, polygons: [[(u: Double, v: Double)]])] = []
    for contour in contours {
      let vectors = contour.map { $0 - .origin }
      let offset = vectors.map { $0.dot(normal) }.reduce(0, +) / Double(contour.count)
      let polygon = vectors.map { (u: $0.dot(u), v: $0.dot(v)) }
      if let index = planes.firstIndex(where: { abs($0.offset - offset) < Self.planeTolerance }) {
        planes[index].polygons.append(polygon)
      } else {
        planes.append((offset, [polygon]))
      }
    }
    planes.sort { $0.offset < $1.offset }
    let gaps = zip(planes.dropFirst(), planes).map { $0.offset - $1.offset }.sorted()
    let thickness = gaps.isEmpty ? 1 : gaps[gaps.count / 2]
    let area = planes.flatMap(\.polygons).map(Self.boxArea).reduce(0, +)
    let step = max(
      min(0.5, max(0.05, (area / Self.enoughPoints).squareRoot())),
      (area / Self.mostPoints).squareRoot())
    var points: [PatientPoint] = []
    for plane in planes {
      let all = plane.polygons.flatMap { $0 }
      guard let left = all.map(\.u).min(), let right = all.map(\.u).max(),
        let low = all.map(\.v).min(), let high = all.map(\.v).max(), (right - left).isFinite,
        (high - low).isFinite
      else { continue }
      let rows = Int(min((high - low) / step, 4096))
      let columns = Int(min((right - left) / step, 4096))
      for row in 0...rows {
        for column in 0...columns {
          let point = (
            u: left + (Double(column) + 0.5) * step, v: low + (Double(row) + 0.5) * step
          )
          guard Self.isInside(point, plane.polygons) else { continue }
          points.append(
            .origin + u * point.u + v * point.v + normal * plane.offset)
        }
      }
    }
    self.points = points
    volumePerPoint = step * step * thickness
  }

  /// Newell's normal: its length is twice the contour's area.
  private static func normal(of contour: [PatientPoint]) -> PatientVector {
    var sum = PatientVector(0, 0, 0)
    for (index, point) in contour.enumerated() {
      let next = contour[(index + 1) % contour.count]
      sum = sum + (point - .origin).cross(next - .origin)
    }
    return sum
  }

  private static func boxArea(_ polygon: [(u: Double, v: Double)]) -> Double {
    let (us, vs) = (polygon.map(\.u), polygon.map(\.v))
    let width = (us.max() ?? 0) - (us.min() ?? 0)
    let height = (vs.max() ?? 0) - (vs.min() ?? 0)
    return width.isFinite && height.isFinite ? width * height : 0
  }

  /// Even-odd rule over all polygons of a plane.
  private static func isInside(
    _ p: (u: Double, v: Double), _ polygons: [[(u: Double, v: Double)]]
  ) -> Bool {
    var isInside = false
    for polygon in polygons {
      var previous = polygon[polygon.count - 1]
      for corner in polygon {
        if (corner.v > p.v) != (previous.v > p.v),
          p.u < (previous.u - corner.u) * (p.v - corner.v) / (previous.v - corner.v) + corner.u
        {
          isInside.toggle()
        }
        previous = corner
      }
    }
    return isInside
  }
}

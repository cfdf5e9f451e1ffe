package import DICOM
package import Geometry

/// Why the numbers of an RT Dose describe no grid.
package enum DoseGeometryError: Error, Equatable {
  case attribute(AttributeError)
  case geometry(GeometryError)
  case pixels(PixelError)
  /// Neither reading of Grid Frame Offset Vector is legal.
  case offsets(first: Double, z: Double, isAxial: Bool)
  case offsetsMissing(frames: Int)
}

extension DoseGeometryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .attribute(let error): "\(error)"
    case .geometry(let error): "\(error)"
    case .pixels(let error): "\(error)"
    case .offsets(let first, let z, let isAxial):
      isAxial
        ? "Grid Frame Offset Vector begins with \(first), which is neither 0 (relative) nor the z of Image Position, \(z) (absolute)"
        : "Grid Frame Offset Vector begins with \(first); only 0 is legal where the grid is not axial"
    case .offsetsMissing(let frames): "\(frames) frames and no Grid Frame Offset Vector"
    }
  }
}

/// Where the planes of a dose grid lie: the two legal readings of Grid Frame Offset Vector.
enum DoseGridReading {
  /// How far an absolute first offset may be from the z of Image Position, mm: rounding only.
  static let offsetTolerance = 1e-3

  /// PS3.3 C.8.8.3.2: a first value of 0 is relative to Image Position; the z of Image Position itself is absolute, and legal for axial grids alone.
  ///
  /// Nothing else means anything.
  static func geometry(
    of dataSet: DataSet, pixels: Result<PixelDescription, PixelError>
  ) throws(DoseGeometryError) -> GridGeometry {
    let description: PixelDescription
    do { description = try pixels.get() } catch { throw .pixels(error) }
    let position: [Double]
    let orientation: [Double]
    let spacing: [Double]
    var offsets: [Double]
    do {
      position = try dataSet.requiredNumbers(.imagePositionPatient, count: 3)
      orientation = try dataSet.requiredNumbers(.imageOrientationPatient, count: 6)
      spacing = try dataSet.requiredNumbers(.pixelSpacing, count: 2)
      offsets = try dataSet.numbers(.gridFrameOffsetVector)
    } catch { throw .attribute(error) }
    do {
      let plane = try ImagePlane(
        position: PatientPoint(position[0], position[1], position[2]), orientation: orientation,
        rowSpacing: spacing[0], columnSpacing: spacing[1], rows: description.rows,
        columns: description.columns)
      // A single plane needs no offsets; files that keep the ones of a whole grid occur.
      if description.frames == 1 {
        offsets = [0]
      } else {
        guard let first = offsets.first else {
          throw DoseGeometryError.offsetsMissing(frames: description.frames)
        }
        guard offsets.count == description.frames else {
          throw GeometryError.offsetCount(offsets: offsets.count, planes: description.frames)
        }
        if first != 0 {
          let isAxial = zip(orientation, [1, 0, 0, 0, 1, 0]).allSatisfy { abs($0 - $1) < 1e-6 }
          guard isAxial, abs(first - position[2]) <= offsetTolerance else {
            throw DoseGeometryError.offsets(first: first, z: position[2], isAxial: isAxial)
          }
          offsets = offsets.map { $0 - first }
        }
      }
      return try GridGeometry(plane: plane, offsets: offsets)
    } catch let error as GeometryError {
      throw .geometry(error)
    } catch let error as DoseGeometryError {
      throw error
    } catch {
      throw .offsetsMissing(frames: description.frames)
    }
  }
}

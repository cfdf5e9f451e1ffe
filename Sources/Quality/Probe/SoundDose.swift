package import DICOM
package import DoseMap
package import Radiotherapy

/// A dose whose numbers may be used: in Gy, with a scaling, on a grid that makes sense.
package enum SoundDose {
  /// The grid of a dose.
  ///
  /// - Throws: the check that fails, or why the pixels cannot be read.
  package static func grid(of dose: RTDose) throws(SoundDoseError) -> DoseGrid {
    for check in [DoseChecks.units(dose), DoseChecks.scaling(dose), DoseChecks.geometry(dose)]
    where check.status != .pass {
      throw .check(check)
    }
    do {
      return try DoseGrid(
        geometry: try dose.geometry.get(), counts: try dose.counts(),
        grayPerCount: try dose.scaling.get())
    } catch let error as FileError {
      throw .file(error)
    } catch let error as DoseMapError {
      throw .drawing(error)
    } catch { throw .file(.unreadable(path: dose.identity.path, reason: "\(error)")) }
  }
}

extension SoundDose {
  /// Whether a part of a sum counts as zero beyond its grid.
  ///
  /// It does where its whole boundary lies below 1 % of its prescription.
  package static func isZeroBeyond(_ grid: DoseGrid, prescribed: Double?) -> Bool {
    MapDose.isNegligible(grid.maximumBeyond, prescribed: prescribed)
  }
}

/// Why a dose's numbers may not be used.
package enum SoundDoseError: Error, Equatable {
  case check(Check)
  case file(FileError)
  case drawing(DoseMapError)
}

extension SoundDoseError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .check(let check): "\(check.id.rawValue): \(check.detail)"
    case .file(let error): "\(error)"
    case .drawing(let error): "\(error)"
    }
  }
}

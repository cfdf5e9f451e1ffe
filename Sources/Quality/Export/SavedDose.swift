package import DICOM
import Digest
package import DoseMap
package import Files
import Foundation
import Geometry
import Radiotherapy
package import SecondaryCapture
package import Workers

/// Writes a map's dose as an RT Dose on the scan's own grid, slice after slice.
package struct SavedDose: Sendable {
  package let prepared: PreparedMap
  package let software: CaptureSeries.Software
  /// Told how long each phase takes; `nil` where nobody asks.
  package let timings: Timings?

  package init(
    prepared: PreparedMap, software: CaptureSeries.Software, timings: Timings? = nil
  ) {
    self.prepared = prepared
    self.software = software
    self.timings = timings
  }

  /// So many slices are sampled before they are written in their order.
  private static let batch = 16

  /// - Returns: the share of pixels at which the dose is unknown: they are written as 0, which the
  ///   file's comment says.
  package func write(to path: String) throws(SavedDoseError) -> Double {
    guard !prepared.checks.isBlocked, let facts = try? prepared.facts.get(),
      let dose = prepared.dose, let field = dose.field, let join = dose.join
    else { throw .blocked }
    guard !FolderListing.exists(path) else { throw .exists(path) }
    let scan = prepared.course.scan
    // No trilinear value lies above the highest count, no sum above the highest counts together.
    // What is written has 16 characters: the scaling that a reader will see is the one that counts.
    let maximum = field.parts.map { $0.grid.maximum.gray * $0.factor }.reduce(0, +)
    guard maximum > 0,
      let text = DecimalString.text(of: maximum / 4_294_967_040 * (1 + 1e-9)),
      let scaling = Double(text)
    else { throw .blocked }
    let head: [UInt8]
    let frame = scan.slices[0].plane.rows * scan.slices[0].plane.columns * 4
    let (pixelBytes, overflow) = frame.multipliedReportingOverflow(by: scan.slices.count)
    guard !overflow, pixelBytes < 0xFFFF_FFFE else { throw .tooLarge }
    do {
      let geometry = try ResampledDose.geometry(of: scan)
      let first = try DICOMFile.read(path: scan.slices[0].identity.path).dataSet
      let words = SumWords(prepared, facts)
      let seed =
        [
          scan.choice, try InputDigest.hex(of: prepared.course), "\(facts.factor)",
          software.version, "saved dose",
        ] + words.signature
      let header = try ResampledDose.header(
        course: prepared.course, source: first, geometry: geometry, grayPerCount: scaling,
        join: join,
        comment:
          "Dose resampled trilinearly at the pixel centres of the scan\(words.scaling); 0 where it is unknown",
        instanceUID: DerivedUID.make(from: seed + ["instance"]),
        seriesUID: DerivedUID.make(from: seed + ["series"]), software: software)
      let length = UInt32(pixelBytes)
      head =
        try DICOMFile.bytes(of: header) + [0xE0, 0x7F, 0x10, 0x00, 0x4F, 0x57, 0, 0]
        + withUnsafeBytes(of: length.littleEndian) { Array($0) }
    } catch let error as ResampledDoseError {
      throw .geometry(error)
    } catch let error as FileError {
      throw .file(error)
    } catch let error as EncodingError {
      throw .encoding(error)
    } catch { throw .drawing(.noDose) }

    let temporary = path + ".part-\(ProcessNumber.own)"
    var unknown = 0
    do {
      try PrivateFile.create(head, at: temporary, flush: false)
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
      defer { try? handle.close() }
      try handle.seekToEnd()
      for start in stride(from: 0, to: scan.slices.count, by: Self.batch) {
        let some = scan.slices[start..<min(start + Self.batch, scan.slices.count)]
        let frames = inParallel(some.count) { [timings] index in
          let plane = timings.measure("sample the dose") {
            field.sampled(on: some[start + index].plane)
          }
          return timings.measure("save the dose") { Self.frame(plane, scaling) }
        }
        for (bytes, missing) in frames {
          unknown += missing
          try timings.measure("save the dose") { try handle.write(contentsOf: bytes) }
        }
      }
      try handle.synchronize()
      try PrivateFile.move(temporary, to: path)
    } catch let error as FileTrouble {
      FolderListing.remove(temporary)
      throw .disk(error)
    } catch {
      FolderListing.remove(temporary)
      throw .cannotWrite(path)
    }
    return Double(unknown) / Double(pixelBytes / 4)
  }

  private static func frame(
    _ plane: DosePlane, _ grayPerCount: Double
  ) -> (bytes: Data, unknown: Int) {
    var unknown = 0
    var counts = [UInt32](repeating: 0, count: plane.values.count)
    plane.values.withUnsafeBufferPointer { doses in
      for (index, dose) in doses.enumerated() {
        guard !dose.isNaN else {
          unknown += 1
          continue
        }
        let exact = min(max(dose / grayPerCount, 0), Double(UInt32.max))
        let whole = UInt32(exact)
        counts[index] =
          (exact - Double(whole) >= 0.5 && whole < .max ? whole + 1 : whole).littleEndian
      }
    }
    return (counts.withUnsafeBytes { Data($0) }, unknown)
  }
}

/// Why no dose was saved.
package enum SavedDoseError: Error, Equatable {
  case blocked
  case exists(String)
  case tooLarge
  case geometry(ResampledDoseError)
  case file(FileError)
  case encoding(EncodingError)
  case drawing(DoseMapError)
  case disk(FileTrouble)
  case cannotWrite(String)
}

extension SavedDoseError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .blocked: "a check blocks; no dose was saved"
    case .exists(let path): "\(path) is there already; choose another name for --save-dose"
    case .tooLarge: "the scan has more pixels than one RT Dose can hold"
    case .geometry(let error): "--save-dose: \(error)"
    case .file(let error): "\(error)"
    case .encoding(let error): "\(error)"
    case .drawing(let error): "\(error)"
    case .disk(let trouble): "\(trouble); choose another place with --save-dose"
    case .cannotWrite(let path): "\(path): cannot be written; choose another place with --save-dose"
    }
  }
}

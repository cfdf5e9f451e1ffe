package import DICOM

/// Which of the volumes of a multi-frame image a frame belongs to.
///
/// PS3.3 C.7.6.17 and C.7.6.16.2.2: a stack, and the indices of those dimensions that do not say
/// where in the stack a frame lies (a phase, an echo, a b-value).
package struct FramePart: Hashable, Sendable {
  package struct Index: Hashable, Sendable {
    package let dimension: Tag
    package let value: Int
  }

  package let stack: String?
  package let indices: [Index]

  init(stack: String?, indices: [Index] = []) {
    self.stack = stack
    self.indices = indices
  }

  /// Dimensions that say where a frame lies.
  private static let places: Set<Tag> = [
    .stackID, .inStackPositionNumber, .imagePositionPatient, .imageOrientationPatient,
    .sliceLocation,
  ]

  /// Reads a frame's part.
  ///
  /// - Parameters:
  ///   - file: the data set, for what its dimensions are.
  ///   - content: the frame's item of the Frame Content Sequence (0020,9111).
  init(of content: DataSet, in file: DataSet) throws(AttributeError) {
    stack = content.string(.stackID)
    let dimensions = file.items(.dimensionIndexSequence).map {
      $0.tags(.dimensionIndexPointer).first
    }
    let values = try content.integers(.dimensionIndexValues)
    indices = zip(dimensions, values).compactMap { dimension, value in
      dimension.flatMap { Self.places.contains($0) ? nil : Index(dimension: $0, value: value) }
    }
  }
}

extension FramePart: CustomStringConvertible {
  /// Such as `stack 2, Temporal Position Index 1`.
  package var description: String {
    let stack = stack.map { ["stack \($0)"] } ?? []
    return
      (stack
      + indices.map { "\(Dictionary.name(of: $0.dimension) ?? $0.dimension.number) \($0.value)" })
      .joined(separator: ", ")
  }
}

extension ScanSeries {
  /// The volumes of one series: one, unless its multi-frame images hold several.
  ///
  /// A series is taken apart only as far as is needed for frames that lie at places of their own:
  /// by stacks, and then by phases, echoes and the like.
  static func all(in slices: [ScanSlice], first file: DICOMFile) -> [ScanSeries] {
    let whole = ScanSeries(slices: slices, first: file).map { [$0] } ?? []
    guard slices.contains(where: { $0.part != nil }), let only = whole.first, !only.isOneVolume
    else { return whole }
    var parts: [(FramePart, [ScanSlice])] = []
    for (stack, frames) in grouped(slices, by: { FramePart(stack: $0.part?.stack) }) {
      let isOneVolume = ScanSeries(slices: frames, first: file)?.isOneVolume ?? true
      parts += isOneVolume ? [(stack, frames)] : grouped(frames) { $0.part ?? stack }
    }
    guard parts.count > 1 else { return whole }
    return parts.enumerated().compactMap { index, part in
      ScanSeries(slices: part.1, first: file, part: part.0, number: index + 1)
    }
  }

  /// Whether all images are parallel and none lies where another does.
  private var isOneVolume: Bool { leftOut.isEmpty && duplicates.isEmpty }

  private static func grouped(
    _ slices: [ScanSlice], by part: (ScanSlice) -> FramePart
  ) -> [(FramePart, [ScanSlice])] {
    var order: [FramePart] = []
    var groups: [FramePart: [ScanSlice]] = [:]
    for slice in slices {
      let part = part(slice)
      if groups[part] == nil { order.append(part) }
      groups[part, default: []].append(slice)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }
}

import DICOM

/// What an archive holds of a series, as it came back: counts, and whether it hangs together.
package struct HeldSeries: Sendable {
  package let study: String
  package let series: String
  package var modality = ""
  package var number = ""
  package var description = ""
  /// Instances that the archive lists one by one.
  package var listed = 0
  /// How many it says the series has, where it does.
  package var told: Int?
  package var returned = 0
  package var frames = 0
  /// What is wrong with single instances.
  package var findings: [(sopInstanceUID: String, what: String)] = []
  package var patientIDs: Set<String> = []
  package var framesOfReference: Set<String> = []
  package var sopClasses: Set<String> = []
  package var transferSyntaxes: Set<String> = []
  /// How the slices lie; `nil` where they are not single images with a place.
  package var stack: SliceStack?

  /// Why it is not to be relied on; empty where it is.
  package var objections: [String] {
    var found: [String] = []
    let lost = listed - returned
    if lost > 0 { found.append("\(lost) instances are listed, but not returned") }
    let bad = findings.count - max(0, lost)
    if bad > 0 { found.append("\(bad) instances are not what they should be") }
    if patientIDs.count > 1 { found.append("instances of \(patientIDs.count) patient IDs") }
    if framesOfReference.count > 1 {
      found.append("\(framesOfReference.count) frames of reference")
    }
    return found + (stack?.objections ?? [])
  }
}

/// How the single images of a series lie to one another.
package struct SliceStack: Sendable {
  package private(set) var count = 0
  package private(set) var sizes: Set<String> = []
  private var orientations: [[Double]] = []
  private var positions: [[Double]] = []

  package init() {}

  /// Takes an image in; one without a place is none of a stack.
  ///
  /// - Returns: whether it has a place.
  mutating func add(_ dataSet: DataSet) throws(AttributeError) -> Bool {
    let orientation = try dataSet.numbers(.imageOrientationPatient)
    let position = try dataSet.numbers(.imagePositionPatient)
    guard orientation.count == 6, position.count == 3 else { return false }
    let spacing = dataSet.strings(.pixelSpacing).joined(separator: " x ")
    let rows = try dataSet.integer(.rows) ?? 0
    let columns = try dataSet.integer(.columns) ?? 0
    count += 1
    sizes.insert("\(columns) x \(rows) pixels of \(spacing) mm")
    orientations.append(orientation)
    positions.append(position)
    return true
  }

  /// The places along the normal of the first image, in order, mm.
  private var places: [Double] {
    guard let o = orientations.first, o.count == 6 else { return [] }
    let normal = [
      o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3],
    ]
    return positions.map { zip($0, normal).map { $0 * $1 }.reduce(0, +) }.sorted()
  }

  private var distances: [Double] {
    let places = places
    return zip(places.dropFirst(), places).map { $0 - $1 }
  }

  /// The usual distance of neighbours, mm.
  package var spacing: Double? {
    let sorted = distances.sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }

  package var objections: [String] {
    var found: [String] = []
    if sizes.count > 1 { found.append("\(sizes.count) sizes of pictures or pixels") }
    let leaning = orientations.filter { orientation in
      zip(orientation, orientations.first ?? orientation).contains { abs($0 - $1) > 1e-3 }
    }.count
    if leaning > 0 {
      found.append("\(leaning) slices lean otherwise than the first")
      return found
    }
    let twins = distances.filter { $0 < 0.01 }.count
    if twins > 0 { found.append("\(twins) slices lie where another one lies") }
    if let spacing, spacing >= 0.01 {
      let gaps = distances.filter { $0 > 1.5 * spacing }.count
      if gaps > 0 { found.append("\(gaps) gaps between slices") }
    }
    return found
  }
}

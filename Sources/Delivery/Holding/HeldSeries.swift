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
  /// How the slices lie, single images or frames; `nil` where they have no place.
  package var stack: SliceStack?
  /// The images of this study that its pictures say they were made from.
  var sources: Set<String> = []
  /// Those of them that the archive does not list; `nil` where not the whole study was looked at.
  package var missingSources: Int?

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
    if let missingSources, missingSources > 0 {
      found.append(
        "made from \(missingSources) images of this study that the archive does not list")
    }
    return found + (stack?.objections ?? [])
  }
}

/// How the slices of a series lie to one another: single images, or the frames of one.
package struct SliceStack: Sendable {
  package private(set) var count = 0
  package private(set) var sizes: Set<String> = []
  private var orientations: [[Double]] = []
  private var positions: [[Double]] = []
  /// Whether any of them is a frame: several volumes may then lie in one place, each in its time.
  private var hasFrames = false
  /// Whether all of them are localizers, which lie as they like.
  private var areLocalizers = true

  package init() {}

  /// Takes in an image, or the frames of one; what has no place is none of a stack.
  ///
  /// - Returns: why the frames cannot be told apart; `nil` where they can.
  mutating func add(_ dataSet: DataSet) throws(AttributeError) -> String? {
    let count = try dataSet.integer(.numberOfFrames) ?? 1
    let groups = dataSet.items(.perFrameFunctionalGroupsSequence).count
    guard groups > 0 else {
      try add(dataSet, position: dataSet, orientation: dataSet, measures: dataSet)
      return nil
    }
    guard groups == count else {
      return "holds \(count) frames and says of \(groups) where they lie"
    }
    hasFrames = hasFrames || count > 1
    for frame in 0..<count {
      guard let position = dataSet.functionalGroup(.planePositionSequence, frame: frame),
        let orientation = dataSet.functionalGroup(.planeOrientationSequence, frame: frame)
      else { continue }
      let measures = dataSet.functionalGroup(.pixelMeasuresSequence, frame: frame) ?? DataSet()
      try add(dataSet, position: position, orientation: orientation, measures: measures)
    }
    return nil
  }

  private mutating func add(
    _ image: DataSet, position: DataSet, orientation: DataSet, measures: DataSet
  ) throws(AttributeError) {
    let orientation = try orientation.numbers(.imageOrientationPatient)
    let position = try position.numbers(.imagePositionPatient)
    guard orientation.count == 6, position.count == 3 else { return }
    let spacing = measures.strings(.pixelSpacing).joined(separator: " x ")
    let rows = try image.integer(.rows) ?? 0
    let columns = try image.integer(.columns) ?? 0
    count += 1
    sizes.insert("\(columns) x \(rows) pixels of \(spacing) mm")
    orientations.append(orientation)
    positions.append(position)
    areLocalizers = areLocalizers && image.strings(.imageType).contains("LOCALIZER")
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
    let all = distances.sorted()
    let apart = all.filter { $0 >= 0.01 }
    let counted = apart.isEmpty ? all : apart
    return counted.isEmpty ? nil : counted[counted.count / 2]
  }

  /// How many frames lie at each place, where it is the same number everywhere: phases, echoes.
  private var countAtEachPlace: Int? {
    var counts: [Int] = []
    var last: Double?
    for place in places {
      if let last, place - last < 0.01 {
        counts[counts.count - 1] += 1
      } else {
        counts.append(1)
      }
      last = place
    }
    return Set(counts).count == 1 ? counts.first : nil
  }

  package var objections: [String] {
    if areLocalizers { return [] }
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
    if twins > 0, !(hasFrames && countAtEachPlace != nil) {
      found.append("\(twins) slices lie where another one lies")
    }
    if let spacing, spacing >= 0.01 {
      let gaps = distances.filter { $0 > 1.5 * spacing }.count
      if gaps > 0 { found.append("\(gaps) gaps between slices") }
    }
    return found
  }
}

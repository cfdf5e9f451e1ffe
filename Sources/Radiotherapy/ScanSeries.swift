package import DICOM
package import Geometry

/// A CT, MR or PET series whose images are parallel, sorted along their normal.
package struct ScanSeries: Sendable {
  package let seriesInstanceUID: String
  /// Which volume of the series this is, where its multi-frame images hold several.
  package let part: FramePart?
  /// How this scan is asked for: the series' UID, with `/2` behind it for its second volume.
  package let choice: String
  package let studyInstanceUID: String
  package let frameOfReferenceUID: String?
  package let modality: String
  package let description: String?
  package let studyDescription: String?
  package let studyDate: CalendarDate?
  package let accessionNumber: String?
  package let number: Int?
  /// When it was acquired, by its earliest image: Acquisition Date, else Series, Content, Study Date.
  package let date: CalendarDate?
  /// The same of its latest image: another day where it was acquired over midnight, or is no one scan.
  package let lastDate: CalendarDate?
  package let patient: PatientIdentity
  /// Everybody whom an image of the series names: one, where all is well.
  package let patients: [PatientIdentity]
  package let patientPosition: String?
  /// In ascending order along ``normal``.
  package let slices: [ScanSlice]
  /// Images of the series that lie in another orientation, such as localizers.
  package let leftOut: [ScanSlice]

  /// How far directions of parallel slices may differ.
  static let parallelTolerance = 1e-4

  package var normal: PatientVector { slices[0].plane.normal }

  package struct Gap: Hashable, Sendable {
    /// The slice before the gap, from 0.
    package let after: Int
    /// mm along the normal.
    package let distance: Double
  }

  /// Distances between neighbours along the normal, mm; one fewer than slices.
  package var distances: [Double] {
    let normal = normal
    let positions = slices.map { $0.plane.distance(along: normal) }
    return zip(positions.dropFirst(), positions).map(-)
  }

  /// The usual distance between neighbours: the median, mm; `nil` for a single slice.
  package var spacing: Double? {
    let sorted = distances.sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }

  /// Where slices are missing: more than 1.5 times the usual distance.
  package var gaps: [Gap] {
    guard let spacing else { return [] }
    return distances.enumerated().filter { $0.element > 1.5 * spacing }
      .map { Gap(after: $0.offset, distance: $0.element) }
  }

  /// Pairs of slices at the same place: index of the second.
  package var duplicates: [Int] {
    distances.enumerated().filter { abs($0.element) < 0.01 }.map { $0.offset + 1 }
  }

  /// An image that is parallel to the others and differs in matrix or pixel spacing.
  package var oddlySized: ScanSlice? {
    let first = slices[0].plane
    return leftOut.first { slice in
      !slice.isLocalizer && Self.haveSameDirections(slice.plane, first)
    }
  }

  /// Whether the stack leans: slices are shifted within their planes from one to the next.
  package var isTilted: Bool {
    guard slices.count > 1, let last = slices.last else { return false }
    let along = last.plane.position - slices[0].plane.position
    let sideways = along - normal * along.dot(normal)
    // More than half a pixel over the stack is no rounding.
    return sideways.length > 0.5 * min(slices[0].plane.rowSpacing, slices[0].plane.columnSpacing)
  }

  /// Sorts the images of one series; the largest set of parallel images is the series.
  ///
  /// - Parameters:
  ///   - slices: the images, in any order; not empty.
  ///   - first: a file of the series, for what all its images share.
  ///   - part: which volume this is, where the series holds several, and its number, from 1.
  package init?(
    slices: [ScanSlice], first file: DICOMFile, part: FramePart? = nil, number partNumber: Int = 1
  ) {
    var stacks: [[ScanSlice]] = []
    for slice in slices {
      let index = stacks.firstIndex { stack in
        Self.isParallel(stack[0].plane, slice.plane)
          && stack[0].identity.frameOfReferenceUID == slice.identity.frameOfReferenceUID
          && stack[0].plane.rows == slice.plane.rows
          && stack[0].plane.columns == slice.plane.columns
      }
      if let index { stacks[index].append(slice) } else { stacks.append([slice]) }
    }
    guard let largest = stacks.indices.max(by: { stacks[$0].count < stacks[$1].count }) else {
      return nil
    }
    let normal = stacks[largest][0].plane.normal
    self.slices = stacks[largest].map { ($0.plane.distance(along: normal), $0) }
      .sorted {
        $0.0 != $1.0
          ? $0.0 < $1.0 : $0.1.identity.sopInstanceUID < $1.1.identity.sopInstanceUID
      }.map(\.1)
    leftOut = stacks.enumerated().filter { $0.offset != largest }.flatMap(\.element)
    let identity = stacks[largest][0].identity
    let dataSet = file.dataSet
    seriesInstanceUID = identity.seriesInstanceUID
    self.part = part
    choice = identity.seriesInstanceUID + (part == nil ? "" : "/\(partNumber)")
    studyInstanceUID = identity.studyInstanceUID
    frameOfReferenceUID = identity.frameOfReferenceUID
    modality = identity.modality
    patient = identity.patient
    var people: [PatientIdentity] = []
    for slice in slices where !people.contains(slice.identity.patient) {
      people.append(slice.identity.patient)
    }
    patients = people
    description = dataSet.string(.seriesDescription)
    studyDescription = dataSet.string(.studyDescription)
    accessionNumber = dataSet.string(.accessionNumber)
    patientPosition = dataSet.string(.patientPosition)
    studyDate = dataSet.string(.studyDate).flatMap(CalendarDate.init(dicom:))
    number = try? dataSet.integer(.seriesNumber)
    let dates = stacks[largest].compactMap(\.date)
    date = dates.min()
    lastDate = dates.max()
  }

  private static func haveSameDirections(_ a: ImagePlane, _ b: ImagePlane) -> Bool {
    (a.rowDirection - b.rowDirection).length < parallelTolerance
      && (a.columnDirection - b.columnDirection).length < parallelTolerance
  }

  private static func isParallel(_ a: ImagePlane, _ b: ImagePlane) -> Bool {
    haveSameDirections(a, b) && abs(a.rowSpacing - b.rowSpacing) < 1e-4
      && abs(a.columnSpacing - b.columnSpacing) < 1e-4
  }
}

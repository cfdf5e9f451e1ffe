import DICOM
import Files
import Geometry
import Radiotherapy

/// Pictures across a scan: its windowed slices, linear between pixels and between slices.
struct ReformatSource: PictureSource {
  let stack: WindowedStack
  let reformat: StackReformat
  private let distances: [Double]

  init(_ stack: WindowedStack, _ reformat: StackReformat) {
    self.stack = stack
    self.reformat = reformat
    let planes = stack.source.scan.slices.map(\.plane)
    let normal = planes[0].normal
    distances = planes.map { ($0.position - planes[0].position).dot(normal) }
  }

  var planes: [ImagePlane] { reformat.planes }

  /// Every slice has a share in every picture.
  func images(_ index: Int) -> [ScanSlice] { stack.source.scan.slices }

  func picture(_ index: Int) throws(FileError) -> Picture {
    let (rows, columns) = (planes[index].rows, planes[index].columns)
    var grey = [UInt8](repeating: 0, count: rows * columns)
    let cut = reformat.cuts[index]
    // The lines of the two slices around the depth that was asked for last.
    var lines: [(slice: Int, values: [Double])] = []
    func line(_ slice: Int) throws(FileError) -> [Double] {
      if let known = lines.first(where: { $0.slice == slice }) { return known.values }
      let bytes: [UInt8]
      do {
        bytes =
          try reformat.isAlongRows
          ? stack.row(cut, slice: slice) : stack.column(cut, slice: slice)
      } catch { throw .unreadable(path: error.path, reason: "\(error)") }
      let values = resampled(bytes)
      lines = lines.suffix(1) + [(slice, values)]
      return values
    }
    for (position, depth) in reformat.depths.enumerated() {
      guard let depth else { continue }
      let near = slice(below: depth)
      let share =
        min(max((depth - distances[near]) / (distances[near + 1] - distances[near]), 0), 1)
      // A slice that has no share is not asked for: where a line lies on a slice, it is the slice's.
      let first = share < 1 ? try line(near) : []
      let second = share > 0 ? try line(near + 1) : []
      for place in reformat.places.indices where reformat.places[place] != nil {
        let value =
          share == 0
          ? first[place]
          : share == 1 ? second[place] : first[place] + (second[place] - first[place]) * share
        let pixel =
          reformat.isStackDown ? position * columns + place : place * columns + position
        grey[pixel] = UInt8(min(max(value.rounded(), 0), 255))
      }
    }
    return Picture(grey: grey, window: stack.source.window)
  }

  /// The last slice but one at most that does not lie beyond a depth.
  private func slice(below depth: Double) -> Int {
    var (low, high) = (0, distances.count - 2)
    while low < high {
      let middle = (low + high + 1) / 2
      if distances[middle] <= depth { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func resampled(_ bytes: [UInt8]) -> [Double] {
    reformat.places.map { place in
      guard let place else { return 0 }
      let index = min(max(Int(place), 0), bytes.count - 1)
      let next = min(index + 1, bytes.count - 1)
      let (a, b) = (Double(bytes[index]), Double(bytes[next]))
      return a + (b - a) * (place - Double(index))
    }
  }
}

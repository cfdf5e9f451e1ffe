/// A tree of minima, by which packet headers tell numbers of neighbouring code-blocks.
///
/// T.800 B.10.2.
struct TagTree {
  private struct Node {
    /// Index of the parent, -1 at the root.
    var parent: Int
    var value = Int.max
    /// What the value is known to reach.
    var bound = 0
  }

  private var nodes: [Node] = []

  /// - Parameters:
  ///   - width: Count of leaves across.
  ///   - height: Count of leaves down; leaves are counted row by row.
  init(width: Int, height: Int) {
    var width = width
    var height = height
    guard width > 0, height > 0 else { return }
    while true {
      let next = nodes.count + width * height
      let isRoot = width * height == 1
      for y in 0..<height {
        for x in 0..<width {
          nodes.append(Node(parent: isRoot ? -1 : next + y / 2 * ((width + 1) / 2) + x / 2))
        }
      }
      if isRoot { return }
      width = (width + 1) / 2
      height = (height + 1) / 2
    }
  }

  /// Reads on until it is known whether a leaf's value is below a threshold.
  mutating func isBelow(
    _ threshold: Int, leaf: Int, _ bits: inout PacketHeaderBits
  ) -> Bool {
    _ = raise(leaf, to: threshold, &bits)
    return nodes[leaf].value < threshold
  }

  /// Raises the bound of a node after those of its parents; a value is never below its parent's.
  private mutating func raise(
    _ index: Int, to threshold: Int, _ bits: inout PacketHeaderBits
  ) -> Int {
    let parent = nodes[index].parent
    var bound = nodes[index].bound
    if parent >= 0 { bound = max(bound, raise(parent, to: threshold, &bits)) }
    while bound < threshold, bound < nodes[index].value {
      if bits.next() == 1 { nodes[index].value = bound } else { bound += 1 }
    }
    nodes[index].bound = bound
    return bound
  }
}

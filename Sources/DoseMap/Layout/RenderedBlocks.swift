import Synchronization

/// Lettering that is the same on slice after slice, drawn once.
///
/// Holds as many blocks as the words of a design need in all sizes and corners: the words of single
/// slices are not kept.
final class RenderedBlocks: Sendable {
  private struct Key: Hashable {
    let block: TextBlock
    let shorterSide: Int
    let isSmall: Bool
  }

  private let rendered = Mutex<[Key: TextBlock.Rendered]>([:])

  /// The block as ink; two threads may draw the same one at once, with the same result.
  func rendered(_ block: TextBlock, shorterSide: Int, isSmall: Bool) -> TextBlock.Rendered {
    let key = Key(block: block, shorterSide: shorterSide, isSmall: isSmall)
    if let known = rendered.withLock({ $0[key] }) { return known }
    let new = block.rendered(shorterSide: shorterSide, isSmall: isSmall)
    rendered.withLock { $0[key] = new }
    return new
  }
}

/// The functional groups of a multi-frame image. PS3.3 C.7.6.16.
extension DataSet {
  /// The item of a macro for one frame: the frame's own, or else the one that all share.
  ///
  /// - Parameter frame: from 0.
  package func functionalGroup(_ macro: Tag, frame: Int) -> DataSet? {
    let frames = items(.perFrameFunctionalGroupsSequence)
    if frames.indices.contains(frame), let own = frames[frame].items(macro).first { return own }
    return items(.sharedFunctionalGroupsSequence).first?.items(macro).first
  }
}

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

  /// What decides how an image is shown: the data set itself, or for one frame of a multi-frame
  /// image its groups before it.
  ///
  /// PS3.3 C.7.6.16.2.9 and C.7.6.16.2.10. A group says all there is to say: what stands beside the
  /// groups and would win over them (a table before a line) is left out.
  ///
  /// - Parameter frame: from 0; `nil` for an image that is a file.
  package func displayAttributes(frame: Int?) -> DataSet {
    guard let frame else { return self }
    var merged = self
    let replaced: [(macro: Tag, attributes: [Tag])] = [
      (
        .pixelValueTransformationSequence,
        [.modalityLUTSequence, .rescaleSlope, .rescaleIntercept, .rescaleType]
      ),
      (
        .frameVOILUTSequence,
        [
          .voilutSequence, .windowCenter, .windowWidth, .windowCenterWidthExplanation,
          .voilutFunction,
        ]
      ),
    ]
    for (macro, attributes) in replaced {
      guard let group = functionalGroup(macro, frame: frame) else { continue }
      for tag in attributes { merged.remove(tag) }
      for element in group.elements { merged.set(element) }
    }
    return merged
  }
}

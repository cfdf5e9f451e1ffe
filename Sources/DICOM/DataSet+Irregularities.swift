extension DataSet {
  /// Values that are read, or refused when asked for, but break the rules of their VR.
  ///
  /// Looked for only where somebody wants to know: reading a file does not look at each value.
  package var irregularValues: [Forgiveness] {
    var found: [Forgiveness] = []
    for element in elements {
      if case .items(let items) = element.value {
        for item in items { found += item.irregularValues }
      } else if isIrregular(element) {
        found.append(.valueIrregular(element.tag))
      }
    }
    return found
  }

  private func isIrregular(_ element: Element) -> Bool {
    guard element.vr.isText, !element.tag.isPrivate else { return false }
    return strings(element.tag).contains { !element.vr.permits($0) }
  }
}

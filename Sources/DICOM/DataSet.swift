/// The attributes of an object or of a sequence's item, sorted by tag.
///
/// PS3.5 7.1.
package struct DataSet: Sendable {
  /// The elements in ascending order of tags, each tag once.
  package private(set) var elements: [Element] = []
  /// How the text in here is written: Specific Character Set (0008,0005), or the parent's.
  package internal(set) var textEncoding = TextEncoding.default

  package init() {}

  package var isEmpty: Bool { elements.isEmpty }

  /// The element of a tag.
  package subscript(tag: Tag) -> Element? {
    let index = position(of: tag)
    guard index < elements.count, elements[index].tag == tag else { return nil }
    return elements[index]
  }

  package func contains(_ tag: Tag) -> Bool { self[tag] != nil }

  /// Puts an element in its place; what stood there goes.
  package mutating func set(_ element: Element) {
    let index = position(of: element.tag)
    if index < elements.count, elements[index].tag == element.tag {
      elements[index] = element
    } else {
      elements.insert(element, at: index)
    }
    if element.tag == .specificCharacterSet, let bytes = element.bytes {
      textEncoding = TextEncoding(characterSet: bytes)
    }
  }

  package mutating func remove(_ tag: Tag) {
    let index = position(of: tag)
    guard index < elements.count, elements[index].tag == tag else { return }
    elements.remove(at: index)
  }

  /// A data set as it was read: the elements ascend.
  init(sorted elements: [Element], textEncoding: TextEncoding) {
    self.elements = elements
    self.textEncoding = textEncoding
  }

  private func position(of tag: Tag) -> Int {
    var low = 0
    var high = elements.count
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].tag < tag { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

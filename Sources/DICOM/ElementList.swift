/// The elements of a data set while it is read: in the order of the file, which should ascend.
struct ElementList {
  private var elements: [Element] = []
  private var isAscending = true

  /// The tag of the element read last.
  var last: Tag? { elements.last?.tag }

  /// Takes an element; `false` where its tag does not stand behind the last one's.
  mutating func append(_ element: Element) -> Bool {
    let isInOrder = elements.last.map { $0.tag < element.tag } ?? true
    elements.append(element)
    isAscending = isAscending && isInOrder
    return isInOrder
  }

  /// Puts the elements in order; of two with the same tag the first one stays.
  ///
  /// Sorted once, at the end: a file whose tags descend must not cost the square of its length.
  ///
  /// - Returns: the tags that occur twice, and whether both say the same.
  mutating func sort() -> [(tag: Tag, isSame: Bool)] {
    guard !isAscending else { return [] }
    let order = elements.indices.sorted {
      (elements[$0].tag, $0) < (elements[$1].tag, $1)
    }
    var kept: [Element] = []
    var repeated: [(tag: Tag, isSame: Bool)] = []
    for index in order {
      let element = elements[index]
      guard let last = kept.last, last.tag == element.tag else {
        kept.append(element)
        continue
      }
      repeated.append((element.tag, Self.areSame(last, element)))
    }
    elements = kept
    isAscending = true
    return repeated
  }

  /// The data set of elements that are in order.
  func dataSet(encoding: TextEncoding) -> DataSet {
    DataSet(sorted: elements, textEncoding: encoding)
  }

  private static func areSame(_ a: Element, _ b: Element) -> Bool {
    switch (a.value, b.value) {
    case (.bytes(let a), .bytes(let b)): a == b
    case (.items(let a), .items(let b)):
      a.count == b.count
        && zip(a, b).allSatisfy { a, b in
          a.elements.count == b.elements.count
            && zip(a.elements, b.elements).allSatisfy { $0.tag == $1.tag && areSame($0, $1) }
        }
    default: false
    }
  }
}

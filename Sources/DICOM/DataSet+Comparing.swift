extension DataSet {
  /// Whether two data sets say the same, element for element.
  ///
  /// How they are written does not count: group lengths and padding behind the data set are left
  /// out. What was left in a file is never the same.
  package func saysTheSame(as other: DataSet) -> Bool {
    let (own, its) = (counted, other.counted)
    return own.count == its.count
      && zip(own, its).allSatisfy { $0.tag == $1.tag && $0.saysTheSame(as: $1) }
  }

  /// The elements that say something.
  ///
  /// PS3.5 7.2 and PS3.10 7.2.
  private var counted: [Element] {
    elements.filter { $0.tag.element != 0 && $0.tag != Tag(0xFFFC, 0xFFFC) }
  }
}

extension Element {
  fileprivate func saysTheSame(as other: Element) -> Bool {
    switch (value, other.value) {
    case (.bytes(let a), .bytes(let b)): a == b
    case (.items(let a), .items(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.saysTheSame(as: $1) }
    // The table of offsets is a help to readers: PS3.5 A.4.
    case (.fragments(_, let a), .fragments(_, let b)): a == b
    default: false
    }
  }
}

extension DICOMFile {
  /// Whether two files hold the same object; `false` where one of them cannot be read whole.
  package static func holdTheSame(_ path: String, _ other: String) -> Bool {
    guard let one = try? read(path: path, extent: .everything), one.damage == nil,
      let two = try? read(path: other, extent: .everything), two.damage == nil
    else { return false }
    return one.dataSet.saysTheSame(as: two.dataSet)
  }
}

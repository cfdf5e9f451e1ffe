/// Keys and values in the order in which they were written; each key once.
package struct JSONObject: Sendable {
  package struct Entry: Sendable, Equatable {
    package var key: String
    package var value: JSON

    package init(key: String, value: JSON) {
      self.key = key
      self.value = value
    }
  }

  package private(set) var entries: [Entry]
  /// Where each key stands, kept only when there are too many keys to look through.
  private var places: [String: Int] = [:]

  /// Up to this many keys are looked through one by one: most objects are small.
  private static let fewKeys = 8

  package init() { entries = [] }

  /// An object of keys that we choose ourselves; the same key twice is our own mistake.
  package init(_ entries: [Entry]) {
    self.entries = []
    self.entries.reserveCapacity(entries.count)
    for entry in entries {
      let isNew = append(entry.key, entry.value)
      precondition(isNew, "key \(entry.key) twice in one object")
    }
  }

  package var keys: [String] { entries.map(\.key) }
  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.isEmpty }

  /// The value of a key.
  ///
  /// A new value for a key keeps its place, a new key goes to the end, `nil` takes the key away.
  package subscript(key: String) -> JSON? {
    get { place(of: key).map { entries[$0].value } }
    set {
      switch (place(of: key), newValue) {
      case (let place?, let value?): entries[place].value = value
      case (nil, let value?): append(key, value)
      case (let place?, nil):
        entries.remove(at: place)
        indexKeys()
      case (nil, nil): break
      }
    }
  }

  /// Adds a key at the end unless it is there already, and answers whether it was new.
  @discardableResult
  package mutating func append(_ key: String, _ value: JSON) -> Bool {
    guard place(of: key) == nil else { return false }
    entries.append(Entry(key: key, value: value))
    if entries.count == Self.fewKeys + 1 {
      indexKeys()
    } else if entries.count > Self.fewKeys {
      places[key] = entries.count - 1
    }
    return true
  }

  private func place(of key: String) -> Int? {
    entries.count > Self.fewKeys ? places[key] : entries.firstIndex { $0.key == key }
  }

  private mutating func indexKeys() {
    places = [:]
    guard entries.count > Self.fewKeys else { return }
    for (place, entry) in entries.enumerated() { places[entry.key] = place }
  }
}

extension JSONObject: Equatable {
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.entries == right.entries
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements.map { Entry(key: $0.0, value: $0.1) })
  }
}

extension JSONObject: Sequence {
  package func makeIterator() -> IndexingIterator<[Entry]> { entries.makeIterator() }
}

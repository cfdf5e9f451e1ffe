extension SHA256 {
  /// A message that is being taken in: which one, and where its next block begins.
  private struct Place {
    let message: Int
    var start = 0
  }

  /// The digests of several messages, in their order: four at a time are taken in beside each other.
  ///
  /// Costs least where the messages are about as long as each other, or many.
  package static func digests(of messages: [[UInt8]]) -> [[UInt8]] {
    var digests = [[UInt8]](repeating: [], count: messages.count)
    // The longest first, so that none is left alone at the end.
    var waiting = messages.indices.sorted { messages[$0].count < messages[$1].count }
    var lanes = SHA256Lanes()
    var places = [Place?](repeating: nil, count: SHA256Lanes.count)
    while true {
      for lane in places.indices where places[lane] == nil {
        guard let next = waiting.popLast() else { break }
        lanes[lane] = SHA256State()
        places[lane] = Place(message: next)
      }
      let busy = places.compactMap(\.self)
      // Two side by side cost as much as two one by one.
      guard busy.count > 2 else { break }
      let blocks = busy.map { (messages[$0.message].count - $0.start) / blockSize }.min() ?? 0
      if blocks > 0 {
        lanes.compress(
          messages, places.map { $0 ?? busy[0] }.map { ($0.message, $0.start) }, blocks)
      }
      for lane in places.indices {
        guard var place = places[lane] else { continue }
        place.start += blocks * blockSize
        let isDone = messages[place.message].count - place.start < blockSize
        places[lane] = isDone ? nil : place
        if isDone {
          digests[place.message] = digest(
            of: messages[place.message], after: place.start, lanes[lane])
        }
      }
    }
    for (lane, place) in places.enumerated() {
      guard let place else { continue }
      digests[place.message] = digest(of: messages[place.message], after: place.start, lanes[lane])
    }
    return digests
  }

  /// The digest of a message whose first blocks have been taken in.
  private static func digest(
    of message: [UInt8], after start: Int, _ state: SHA256State
  ) -> [UInt8] {
    var hash = SHA256(state: state, byteCount: UInt64(start))
    hash.update(message[start...])
    return hash.finish()
  }
}

extension SHA256Lanes {
  /// Takes in blocks of four of some messages, each from its own place on.
  fileprivate mutating func compress(
    _ messages: [[UInt8]], _ places: [(message: Int, start: Int)], _ blocks: Int
  ) {
    func rest(_ bytes: UnsafeRawBufferPointer, _ lane: Int) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(rebasing: bytes[places[lane].start...])
    }
    messages[places[0].message].withUnsafeBytes { first in
      messages[places[1].message].withUnsafeBytes { second in
        messages[places[2].message].withUnsafeBytes { third in
          messages[places[3].message].withUnsafeBytes { fourth in
            compress(
              rest(first, 0), rest(second, 1), rest(third, 2), rest(fourth, 3), blocks: blocks)
          }
        }
      }
    }
  }
}

/// The parts of a multipart body, found by their delimiters.
///
/// RFC 2046 5.1.1. What stands before the first and after the last delimiter is passed over; lines
/// may end with a line feed alone. Nothing is copied: a part is a range of the body.
package enum Multipart {
  package struct Part: Sendable, Equatable {
    /// By their names in lower case.
    package let headers: [String: String]
    /// Of the body, without the line end before the next delimiter.
    package let range: Range<Int>
  }

  private static let partLimit = 10_000
  private static let headerLimit = 16 << 10

  /// Finds the parts of a body in memory.
  package static func parts(
    of body: [UInt8], boundary: String
  ) throws(MultipartError) -> [Part] {
    try body.withUnsafeBytes { parts(in: $0, boundary: boundary) }.get()
  }

  /// Finds the parts of bytes that lie anywhere, a mapped file for example.
  package static func parts(
    in body: UnsafeRawBufferPointer, boundary: String
  ) -> Result<[Part], MultipartError> {
    let name = Array(boundary.utf8)
    // RFC 2046: 1 to 70 characters; some write more.
    guard (1...256).contains(name.count), !name.contains(0x0A), !name.contains(0x0D) else {
      return .failure(.boundary)
    }
    let reader = Reader(body: body, dashed: [0x2D, 0x2D] + name)
    guard var current = reader.delimiter(from: 0, isFirst: true) else {
      return .failure(.noDelimiter)
    }
    var parts: [Part] = []
    while !current.isLast {
      guard parts.count < partLimit else { return .failure(.tooManyParts(limit: partLimit)) }
      guard let (headers, start) = reader.headers(from: current.next) else {
        return .failure(.headers(part: parts.count + 1))
      }
      // The empty line may be the line end that a delimiter wants before it.
      guard let next = reader.delimiter(from: max(current.next, start - 1), isFirst: false) else {
        return .failure(.notEnded(part: parts.count + 1))
      }
      guard next.next > start else { return .failure(.headers(part: parts.count + 1)) }
      parts.append(Part(headers: headers, range: start..<max(start, next.start)))
      current = next
    }
    return .success(parts)
  }

  private struct Delimiter {
    /// Where it begins, its line end included.
    let start: Int
    /// The byte after it.
    let next: Int
    let isLast: Bool
  }

  private struct Reader {
    let body: UnsafeRawBufferPointer
    let dashed: [UInt8]
    /// How far the search may jump from a place whose last byte is this one (Horspool).
    let jumps: [Int]

    init(body: UnsafeRawBufferPointer, dashed: [UInt8]) {
      self.body = body
      self.dashed = dashed
      var jumps = [Int](repeating: dashed.count, count: 256)
      for (index, byte) in dashed.dropLast().enumerated() {
        jumps[Int(byte)] = dashed.count - 1 - index
      }
      self.jumps = jumps
    }

    func delimiter(from offset: Int, isFirst: Bool) -> Delimiter? {
      var from = offset
      while let hit = place(from: from) {
        from = hit + 1
        guard hit == 0 ? isFirst : body[hit - 1] == 0x0A else { continue }
        var end = hit + dashed.count
        let isLast =
          end + 1 < body.count && body[end] == 0x2D && body[end + 1] == 0x2D
        if isLast { end += 2 }
        while end < body.count, body[end] == 0x20 || body[end] == 0x09 { end += 1 }
        if end < body.count, body[end] == 0x0D { end += 1 }
        if end < body.count, body[end] == 0x0A {
          end += 1
        } else if !(isLast && (end == body.count || body[end - 1] == 0x0D)) {
          // The boundary is the beginning of something longer, or stands in a value.
          continue
        }
        var start = max(0, hit - 1)
        if start > 0, start > offset, body[start - 1] == 0x0D { start -= 1 }
        return Delimiter(start: start, next: end, isLast: isLast)
      }
      return nil
    }

    /// Headers up to the empty line, and the byte after it.
    func headers(from offset: Int) -> ([String: String], start: Int)? {
      var headers: [String: String] = [:]
      var line = offset
      while line < body.count, line - offset <= Multipart.headerLimit {
        guard let end = lineFeed(from: line) else { return nil }
        var text = UnsafeRawBufferPointer(rebasing: body[line..<end])
        if text.last == 0x0D { text = UnsafeRawBufferPointer(rebasing: text.dropLast()) }
        if text.isEmpty { return (headers, end + 1) }
        guard let colon = text.firstIndex(of: 0x3A), colon > 0 else { return nil }
        let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
        let value = String(decoding: text[(colon + 1)...], as: UTF8.self)
        if headers[name] == nil { headers[name] = value.trimmingBlanks }
        line = end + 1
      }
      return nil
    }

    private func lineFeed(from offset: Int) -> Int? {
      let end = min(body.count, offset + Multipart.headerLimit)
      return body[offset..<end].firstIndex(of: 0x0A)
    }

    private func place(from offset: Int) -> Int? {
      let last = dashed.count - 1
      var place = offset
      while place <= body.count - dashed.count {
        let byte = body[place + last]
        if byte == dashed[last],
          body[place..<place + last].elementsEqual(dashed[..<last])
        {
          return place
        }
        place += jumps[Int(byte)]
      }
      return nil
    }
  }
}

/// Why a body is no multipart body.
package enum MultipartError: Error, Equatable, Sendable {
  case boundary
  case noDelimiter
  case headers(part: Int)
  /// The body ends before the delimiter that closes it: it was cut off.
  case notEnded(part: Int)
  case tooManyParts(limit: Int)
}

extension MultipartError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .boundary: "a multipart body without a usable boundary"
    case .noDelimiter: "a multipart body in which its boundary never stands"
    case .headers(let part): "part \(part) of a multipart body has no proper headers"
    case .notEnded(let part): "a multipart body that is cut off in part \(part)"
    case .tooManyParts(let limit): "a multipart body of more than \(limit) parts"
    }
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}

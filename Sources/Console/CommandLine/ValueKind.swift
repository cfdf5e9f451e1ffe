/// What a value on the command line may be; checked while parsing, and offered by completion.
package enum ValueKind: Sendable, Equatable {
  case text
  case file
  case folder
  /// A file or a folder.
  case path
  /// A finite decimal number with a point.
  case number(ClosedRange<Double> = -.infinity ... .infinity)
  case integer(ClosedRange<Int> = .min ... .max)
  /// So many numbers with commas between them: a point, a window.
  case numbers(count: Int)
  /// A day that exists, as `YYYY-MM-DD`.
  case date
  case oneOf([String])
  /// A name out of a list that the program itself prints, one a line: with these arguments.
  ///
  /// For completion only; any text is taken.
  case listed(by: String)

  /// What is allowed, in words, for the help and for errors.
  package var expected: String {
    switch self {
    case .text: "a text"
    case .listed: "a name"
    case .file: "a file"
    case .folder: "a folder"
    case .path: "a file or folder"
    case .number(let range):
      "a number"
        + Self.bounds(range, unbounded: -.infinity ... .infinity) {
          $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)"
        }
    case .integer(let range):
      "a whole number" + Self.bounds(range, unbounded: .min ... .max) { "\($0)" }
    case .numbers(let count): "\(count) numbers with commas between them"
    case .date: "a date as YYYY-MM-DD"
    case .oneOf(let words): "one of " + words.joined(separator: ", ")
    }
  }

  private static func bounds<Number>(
    _ range: ClosedRange<Number>, unbounded: ClosedRange<Number>, text: (Number) -> String
  ) -> String {
    switch (
      range.lowerBound > unbounded.lowerBound, range.upperBound < unbounded.upperBound
    ) {
    case (true, true): " from \(text(range.lowerBound)) to \(text(range.upperBound))"
    case (true, false): " of at least \(text(range.lowerBound))"
    case (false, true): " of at most \(text(range.upperBound))"
    case (false, false): ""
    }
  }

  /// Whether a typed text is such a value.
  func allows(_ text: String) -> Bool {
    switch self {
    case .text, .listed: true
    case .file, .folder, .path: !text.isEmpty && !text.utf8.contains(0)
    case .number(let range): Self.number(text).map(range.contains) ?? false
    case .integer(let range): Int(text).map(range.contains) ?? false
    case .numbers(let count): Self.numbers(text)?.count == count
    case .date: Self.isDate(text)
    case .oneOf(let words): words.contains(text)
    }
  }

  /// A finite number in decimal writing: neither `nan` nor `0x10`, which `Double` reads as well.
  static func number(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text),
      number.isFinite
    else { return nil }
    return number
  }

  static func numbers(_ text: String) -> [Double]? {
    var numbers: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = number(String(part)) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...lengths[month - 1]).contains(day)
  }
}

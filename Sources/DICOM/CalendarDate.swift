/// A day of the Gregorian calendar, without time or zone: what DICOM dates are.
///
/// PS3.5 6.2 (DA).
package struct CalendarDate: Hashable, Comparable, Sendable {
  package let year: Int
  package let month: Int
  package let day: Int

  /// `nil` where the calendar has no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.days(inMonth: month, of: year)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// `20200423`, the old form `2020.04.23`, or the first eight digits of a date-time.
  ///
  /// Of a range, `20200423-20200424`, neither day is the one.
  package init?(dicom text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let digits =
      parts.count == 3 && parts[0].count == 4 && parts[1].count == 2 && parts[2].count == 2
      ? parts.joined() : text
    let bytes = Array(digits.utf8.prefix(8))
    guard bytes.count == 8, bytes.allSatisfy({ (0x30...0x39).contains($0) }),
      Self.isTime(digits.utf8.dropFirst(8))
    else { return nil }
    let values = bytes.map { Int($0) - 0x30 }
    self.init(
      year: values[0] * 1000 + values[1] * 100 + values[2] * 10 + values[3],
      month: values[4] * 10 + values[5], day: values[6] * 10 + values[7])
  }

  /// Whether this may stand behind a date: the time of a date-time, and its offset from UTC.
  private static func isTime(_ rest: Substring.UTF8View) -> Bool {
    let parts = rest.split(
      maxSplits: 1, omittingEmptySubsequences: false,
      whereSeparator: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") })
    let isClock = parts[0].allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    guard parts.count == 2 else { return isClock }
    return isClock && parts[1].count == 4 && parts[1].allSatisfy { (0x30...0x39).contains($0) }
  }

  /// `2020-04-23`.
  package init?(iso text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2 else {
      return nil
    }
    self.init(dicom: parts.joined())
  }

  package var iso: String {
    "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
  }

  /// As DICOM writes it: `20200423`.
  package var dicom: String {
    Self.padded(year, to: 4) + Self.padded(month, to: 2) + Self.padded(day, to: 2)
  }

  /// Days since 1 January of the year 1: what intervals are counted in.
  package var dayNumber: Int {
    let before = year - 1
    var days = before * 365 + before / 4 - before / 100 + before / 400
    for earlier in 1..<max(1, month) { days += Self.days(inMonth: earlier, of: year) }
    return days + day
  }

  package static func < (a: CalendarDate, b: CalendarDate) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func padded(_ value: Int, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension CalendarDate {
  /// The first day of the year 1.
  package static let earliest = CalendarDate(firstOf: 1)

  private init(firstOf year: Int) {
    self.year = year
    month = 1
    day = 1
  }
}

import DICOM
import Foundation
import Radiotherapy

/// The offset from UTC that a hospital's clocks have: always the same, or that of a place.
package struct TimeOffset: Sendable, Equatable {
  private let zone: TimeZone

  /// `+02:00`, `Z`, or a name such as `Europe/Berlin`.
  package init?(_ text: String) {
    if text == "Z" {
      guard let zone = TimeZone(secondsFromGMT: 0) else { return nil }
      self.zone = zone
      return
    }
    let digits = text.filter { $0 != ":" }
    if let sign = text.first, sign == "+" || sign == "-" {
      let bytes = Array(digits.utf8.dropFirst())
      guard bytes.count == 4, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      let values = bytes.map { Int($0) - 0x30 }
      let (hours, minutes) = (values[0] * 10 + values[1], values[2] * 10 + values[3])
      guard hours <= 14, minutes < 60,
        let zone = TimeZone(
          secondsFromGMT: (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1))
      else { return nil }
      self.zone = zone
      return
    }
    guard text.contains("/") || text == "UTC", let zone = TimeZone(identifier: text) else {
      return nil
    }
    self.zone = zone
  }

  /// The offset at a local time, as FHIR writes it.
  func text(on date: CalendarDate, _ clock: (hour: Int, minute: Int, second: Int)) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = DateComponents(
      year: date.year, month: date.month, day: date.day, hour: clock.hour, minute: clock.minute,
      second: clock.second)
    let seconds = calendar.date(from: parts).map { zone.secondsFromGMT(for: $0) } ?? 0
    let minutes = abs(seconds) / 60
    return (seconds < 0 ? "-" : "+") + FHIRTime.padded(minutes / 60) + ":"
      + FHIRTime.padded(minutes % 60)
  }
}

/// Dates and times as FHIR R4 writes them.
package enum FHIRTime {
  /// The moment with seconds and offset; the day alone where time or offset are not known.
  ///
  /// - Parameter own: Timezone Offset From UTC (0008,0201) of the object that says it.
  static func text(_ moment: TreatmentMoment, own: String?, zone: TimeOffset?) -> String {
    guard let clock = moment.clock, let offset = own.flatMap(TimeOffset.init) ?? zone else {
      return moment.date.iso
    }
    return
      "\(moment.date.iso)T\(padded(clock.hour)):\(padded(clock.minute)):\(padded(clock.second))\(offset.text(on: moment.date, clock))"
  }

  static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Whether a text is a FHIR dateTime: a year, month, day, or a time with seconds and offset.
  package static func isDateTime(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func digits(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte) - 0x30
      }
      return value
    }
    func isAt(_ place: Int, _ mark: Character) -> Bool {
      place < bytes.count && bytes[place] == mark.asciiValue
    }
    guard let year = digits(0..<4), year > 0 else { return false }
    if bytes.count == 4 { return true }
    guard isAt(4, "-"), let month = digits(5..<7), (1...12).contains(month) else { return false }
    if bytes.count == 7 { return true }
    guard isAt(7, "-"), let day = digits(8..<10),
      CalendarDate(year: year, month: month, day: day) != nil
    else { return false }
    if bytes.count == 10 { return true }
    guard isAt(10, "T"), let hour = digits(11..<13), hour < 24, isAt(13, ":"),
      let minute = digits(14..<16), minute < 60, isAt(16, ":"), let second = digits(17..<19),
      second < 61
    else { return false }
    var place = 19
    if isAt(place, ".") {
      place += 1
      let start = place
      while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
      if place == start { return false }
    }
    if isAt(place, "Z") { return place + 1 == bytes.count }
    guard isAt(place, "+") || isAt(place, "-"), let hours = digits(place + 1..<place + 3),
      hours <= 14, isAt(place + 3, ":"), let minutes = digits(place + 4..<place + 6), minutes < 60
    else { return false }
    return place + 6 == bytes.count
  }

  /// Whether one moment is certainly before another one: where one is a day, a month or a year, as
  /// far as both are known.
  package static func isBefore(_ a: String, _ b: String) -> Bool {
    let (left, right) = (seconds(a), seconds(b))
    if let left, let right { return left < right }
    guard isDateTime(a), isDateTime(b) else { return false }
    let known = min(a.utf8.count, b.utf8.count, 10)
    return a.prefix(known) < b.prefix(known)
  }

  /// Seconds since the year 1 by UTC; `nil` for a day without time.
  private static func seconds(_ text: String) -> Double? {
    guard isDateTime(text), text.utf8.count > 10,
      let date = CalendarDate(iso: String(text.prefix(10)))
    else { return nil }
    let digits = Array(text.utf8)
    func number(_ place: Int) -> Int {
      Int(digits[place] &- 0x30) * 10 + Int(digits[place + 1] &- 0x30)
    }
    var seconds = date.dayNumber * 86400 + number(11) * 3600 + number(14) * 60 + number(17)
    if digits.last != UInt8(ascii: "Z"), digits.count >= 25 {
      let place = digits.count - 6
      let offset = number(place + 1) * 3600 + number(place + 4) * 60
      seconds -= digits[place] == UInt8(ascii: "-") ? -offset : offset
    }
    return Double(seconds)
  }
}

/// What makes a text a DICOM UID.
///
/// PS3.5 9.1.
package enum DICOMUID {
  package static func isValid(_ text: String) -> Bool {
    guard (1...64).contains(text.utf8.count) else { return false }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
          && (part.utf8.count == 1 || part.first != "0")
      }
  }
}

extension FHIRTime {
  /// The offset at noon of a day; `nil` where there is no such day.
  package static func offset(of zone: TimeOffset, on day: String) -> String? {
    CalendarDate(iso: day).map { zone.text(on: $0, (hour: 12, minute: 0, second: 0)) }
  }
}

package import DICOM

/// A day, and where it is known the time of the day, as DICOM writes them.
package struct TreatmentMoment: Hashable, Sendable, Comparable {
  package let date: CalendarDate
  /// TM: `HHMMSS.FFFFFF` or the beginning of it; `nil` where it is not known or is no time.
  package let time: String?

  package init(date: CalendarDate, time: String?) {
    self.date = date
    let digits = Array((time ?? "").filter { $0 != ":" }.utf8.prefix(6))
    let isTime =
      digits.count >= 4 && digits.count % 2 == 0
      && digits.allSatisfy { (0x30...0x39).contains($0) }
    self.time =
      isTime ? String(decoding: digits, as: UTF8.self) + (digits.count == 4 ? "00" : "") : nil
  }

  /// Hours, minutes and seconds; `nil` where there is no such time.
  package var clock: (hour: Int, minute: Int, second: Int)? {
    guard let time else { return nil }
    let digits = time.utf8.map { Int($0) - 0x30 }
    guard digits.count == 6 else { return nil }
    let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    let second = digits[4] * 10 + digits[5]
    guard hour < 24, minute < 60, second < 61 else { return nil }
    return (hour, minute, min(second, 59))
  }

  package static func < (a: TreatmentMoment, b: TreatmentMoment) -> Bool {
    (a.date, a.time ?? "") < (b.date, b.time ?? "")
  }
}

import DICOM
import CLibrary

/// Where and when this process runs, and for whom.
enum Surroundings {
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// A path with `~` put in.
  static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    return (variable("HOME") ?? ".") + path.dropFirst()
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether somebody who is neither the owner nor of the group may read or write a file.
  static func isReadableByOthers(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o006 != 0
  }

  /// The account that this process runs under.
  static var account: String {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else {
      return "uid \(getuid())"
    }
    return String(cString: name)
  }

  static var host: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The time now in UTC: `2020-04-23T14:05:09Z`.
  @Sendable static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return
      "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))Z"
  }

  /// Seconds since 1970.
  static var epochSeconds: Double { Double(time(nil)) }

  /// Today by the local calendar.
  static var today: CalendarDate {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    return CalendarDate(
      year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
      ?? CalendarDate.earliest
  }

  /// The local date and time now, as DICOM writes them: `20200423`, `140509`.
  static var dateAndTime: (date: String, time: String) {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    func padded(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return (
      "\(parts.tm_year + 1900)\(padded(parts.tm_mon + 1))\(padded(parts.tm_mday))",
      "\(padded(parts.tm_hour))\(padded(parts.tm_min))\(padded(parts.tm_sec))"
    )
  }

  /// Seconds since some moment, never set back.
  static var seconds: Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  /// A folder for what is needed only while a command runs.
  static var temporaryFolder: String { variable("TMPDIR") ?? "/tmp" }

  /// What no other run has.
  static var unique: String { "\(host) \(getpid()) \(seconds)" }

  /// An absolute path, for what people are told to open.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    let trimmed = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return String(cString: folder) + "/" + trimmed
  }
}

import CLibrary

/// Why something cannot be written or read on this disk.
package struct FileTrouble: Error, Equatable, CustomStringConvertible {
  package let path: String
  /// What was being done, such as `create`.
  package let doing: String
  package let code: Int32
  package let reason: String

  package init(path: String, doing: String, code: Int32) {
    self.path = path
    self.doing = doing
    self.code = code
    reason = Platform.text(of: code)
  }

  /// Whether a file has more bytes than were asked for.
  package var isTooLarge: Bool { code == EFBIG }

  package var description: String { "\(path): cannot \(doing): \(reason)" }
}

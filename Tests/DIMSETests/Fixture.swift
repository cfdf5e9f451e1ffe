import Testing
import Foundation

/// Files under `Fixtures/network`.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/network")

  /// The rows of a table, without its head.
  static func rows(_ name: String) throws -> [[String]] {
    let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  static func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap { index in
      UInt8(String(digits[index..<index + 2]), radix: 16)
    }
  }
}

/// One recorded PDU.
struct Capture: CustomTestStringConvertible {
  let scenario: String
  let number: Int
  let type: String
  let bytes: [UInt8]

  var testDescription: String { "\(scenario) \(number) \(type)" }

  static func all() throws -> [Capture] {
    try Fixture.rows("captures.tsv").map { row in
      Capture(
        scenario: row[0], number: Int(row[1]) ?? 0, type: row[3],
        bytes: Fixture.bytes(hex: row[5]))
    }
  }
}

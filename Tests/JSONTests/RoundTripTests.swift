import JSON
import TestSupport
import Testing

@Suite("JSON there and back") struct RoundTripTests {
  static func randomValue(depth: Int, _ generator: inout SeededGenerator) -> JSON {
    switch UInt64.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .integer(Int(truncatingIfNeeded: generator.next()))
    case 3:
      let number = Double(bitPattern: generator.next())
      return .number(number.isFinite ? number : 0)
    case 4:
      let scalars = (0..<Int.random(in: 0..<12, using: &generator)).compactMap { _ in
        UnicodeScalar(UInt32.random(in: 0..<0x300, using: &generator))
      }
      return .string(String(String.UnicodeScalarView(scalars)))
    case 5:
      return .array(
        (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
          randomValue(depth: depth - 1, &generator)
        })
    default:
      var object = JSONObject()
      for place in 0..<Int.random(in: 0..<14, using: &generator) {
        object.append("k\(place)", randomValue(depth: depth - 1, &generator))
      }
      return .object(object)
    }
  }

  @Test("what is written reads back as the same value", arguments: [true, false])
  func roundTrip(pretty: Bool) throws {
    for seed in 0..<300 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let value = Self.randomValue(depth: 4, &generator)
      #expect(try JSON(parsing: value.bytes(pretty: pretty)) == value, "seed \(seed)")
    }
  }

  @Test("damaged documents are refused or read to something that reads back to itself")
  func damaged() throws {
    var read = 0
    for seed in 0..<3000 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var bytes = WritingTests.document.bytes(pretty: seed % 2 == 0)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch generator.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(bytes[(place * 7) % bytes.count], at: place)
        }
      }
      do throws(JSONError) {
        let value = try JSON(parsing: bytes)
        read += 1
        #expect(try JSON(parsing: value.bytes()) == value, "seed \(seed)")
      } catch {
        #expect(error.line >= 1 && error.column >= 1, "seed \(seed)")
      }
    }
    #expect(read > 0 && read < 3000)
  }

  @Test("every truncation of a document is an error")
  func truncated() {
    let bytes = WritingTests.document.bytes(pretty: true)
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSON(parsing: Array(bytes.prefix(length))) }
    }
  }
}

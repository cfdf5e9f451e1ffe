import DICOM
import JSON

/// The values of one attribute of the DICOM JSON model, as the bytes that a data set holds.
///
/// PS3.18 Table F.2.3-1.
struct DICOMJSONValues {
  let vr: VR
  let path: String

  func bytes(_ values: [JSON]) throws(DICOMJSONError) -> [UInt8] {
    switch vr {
    case .US: return try words(values, as: UInt16.self)
    case .SS: return try words(values, as: Int16.self)
    case .UL: return try words(values, as: UInt32.self)
    case .SL: return try words(values, as: Int32.self)
    case .UV: return try words(values, as: UInt64.self)
    case .SV: return try words(values, as: Int64.self)
    case .FL:
      return try each(values) { (value) throws(DICOMJSONError) in
        Self.littleEndian(Float(try decimal(value)).bitPattern)
      }
    case .FD:
      return try each(values) { (value) throws(DICOMJSONError) in
        Self.littleEndian(try decimal(value).bitPattern)
      }
    case .AT:
      return try each(values) { (value) throws(DICOMJSONError) in
        guard let tag = value.stringValue.flatMap(Tag.init(hexadecimal:)) else {
          throw wrong(value)
        }
        return Self.littleEndian(tag.group) + Self.littleEndian(tag.element)
      }
    case .OB, .OD, .OF, .OL, .OV, .OW, .UN:
      guard let first = values.first else { return [] }
      throw wrong(first)
    case .PN:
      return try joined(values) { (value) throws(DICOMJSONError) in try name(value) }
    default:
      return try joined(values) { (value) throws(DICOMJSONError) in try text(value) }
    }
  }

  private func each(
    _ values: [JSON], _ bytes: (JSON) throws(DICOMJSONError) -> [UInt8]
  ) throws(DICOMJSONError) -> [UInt8] {
    var result: [UInt8] = []
    for value in values where value != .null { result += try bytes(value) }
    return result
  }

  /// Texts with a backslash between them; `null` is an empty one.
  private func joined(
    _ values: [JSON], _ text: (JSON) throws(DICOMJSONError) -> String
  ) throws(DICOMJSONError) -> [UInt8] {
    var texts: [String] = []
    for value in values { texts.append(value == .null ? "" : try text(value)) }
    return Array(texts.joined(separator: "\\").utf8)
  }

  /// A text, or where numbers are texts (DS, IS) a number.
  private func text(_ value: JSON) throws(DICOMJSONError) -> String {
    switch value {
    case .string(let text): return text
    case .integer(let number): return "\(number)"
    case .number(let number):
      // 12.0 is a whole number that somebody wrote with a point.
      if vr == .IS, let whole = Int(exactly: number) { return "\(whole)" }
      return "\(number)"
    default: throw wrong(value)
    }
  }

  /// A person's name: up to three groups with `=` between them.
  ///
  /// PS3.18 F.2.2.
  private func name(_ value: JSON) throws(DICOMJSONError) -> String {
    if let text = value.stringValue { return text }
    guard let object = value.objectValue else { throw wrong(value) }
    var groups: [String] = []
    for key in ["Alphabetic", "Ideographic", "Phonetic"] {
      switch object[key] {
      case .string(let text)?: groups.append(text)
      case nil, .null?: groups.append("")
      case let other?: throw wrong(other)
      }
    }
    while groups.last == "" { groups.removeLast() }
    return groups.joined(separator: "=")
  }

  private func words<Word: FixedWidthInteger>(
    _ values: [JSON], as: Word.Type
  ) throws(DICOMJSONError) -> [UInt8] {
    try each(values) { (value) throws(DICOMJSONError) in
      let word: Word? =
        switch value {
        case .integer(let number): Word(exactly: number)
        case .number(let number): Word(exactly: number)
        // Where a double has no room for all digits.
        case .string(let text): Word(text)
        default: nil
        }
      guard let word else { throw wrong(value) }
      return Self.littleEndian(word)
    }
  }

  private func decimal(_ value: JSON) throws(DICOMJSONError) -> Double {
    if let number = value.doubleValue { return number }
    switch value.stringValue {
    case "NaN": return .nan
    case "inf", "Infinity": return .infinity
    case "-inf", "-Infinity": return -.infinity
    case let text?:
      guard let number = Double(text), number.isFinite else { throw wrong(value) }
      return number
    case nil: throw wrong(value)
    }
  }

  private func wrong(_ value: JSON) -> DICOMJSONError {
    .value(path: path, vr: vr, found: value.kind)
  }

  private static func littleEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    withUnsafeBytes(of: word.littleEndian) { Array($0) }
  }
}

/// What the values of a data set mean. Absent and empty attributes read as `nil` or `[]`; a value
/// that cannot be read is an error, never a default.
extension DataSet {
  /// The texts of an attribute, without padding; `[]` where it is absent or empty.
  package func strings(_ tag: Tag) -> [String] {
    guard let element = self[tag], let bytes = element.bytes, !bytes.isEmpty else { return [] }
    let text =
      element.vr.followsCharacterSet
      ? textEncoding.decode(bytes, vr: element.vr)
      : String(decoding: bytes, as: UTF8.self)
    guard element.vr.isMultiValuedText else {
      let whole = text.trimmedAtEnd
      return whole.isEmpty ? [] : [whole]
    }
    let values = text.split(separator: "\\", omittingEmptySubsequences: false).map { $0.trimmed }
    return values == [""] ? [] : values
  }

  /// The first text of an attribute; `nil` where it is absent or empty.
  package func string(_ tag: Tag) -> String? {
    guard let first = strings(tag).first, !first.isEmpty else { return nil }
    return first
  }

  /// The text of an attribute that has one value; of several all of them, as the file has them.
  ///
  /// Where one value decides, the first of two must not be taken for it.
  package func whole(_ tag: Tag) -> String? {
    let text = strings(tag).joined(separator: "\\")
    return text.isEmpty ? nil : text
  }

  package func requiredString(_ tag: Tag) throws(AttributeError) -> String {
    guard let value = string(tag) else { throw .missing(tag) }
    return value
  }

  /// The numbers of an attribute: decimal and integer strings, and every binary number.
  package func numbers(_ tag: Tag) throws(AttributeError) -> [Double] {
    guard let element = self[tag], let bytes = element.bytes, !bytes.isEmpty else { return [] }
    switch element.vr {
    case .FD, .OD:
      return try finite(words(bytes, of: UInt64.self).map { Double(bitPattern: $0) }, tag)
    case .FL, .OF:
      return try finite(words(bytes, of: UInt32.self).map { Double(Float(bitPattern: $0)) }, tag)
    case .US, .OW: return words(bytes, of: UInt16.self).map { Double($0) }
    case .SS: return words(bytes, of: UInt16.self).map { Double(Int16(bitPattern: $0)) }
    case .UL, .OL: return words(bytes, of: UInt32.self).map { Double($0) }
    case .SL: return words(bytes, of: UInt32.self).map { Double(Int32(bitPattern: $0)) }
    case .UV, .OV: return words(bytes, of: UInt64.self).map { Double($0) }
    case .SV: return words(bytes, of: UInt64.self).map { Double(Int64(bitPattern: $0)) }
    default:
      let text = String(decoding: bytes, as: UTF8.self)
      var result: [Double] = []
      for part in text.split(separator: "\\", omittingEmptySubsequences: false) {
        let part = part.trimmed
        // Spaces and line ends around a number change nothing; anything else might.
        let digits = part.drop { $0.isWhitespace }
        guard let last = digits.lastIndex(where: { !$0.isWhitespace }),
          let value = Double(decimalString: String(digits[...last]))
        else {
          if part.isEmpty, text.trimmed.isEmpty { return [] }
          throw .unreadable(tag, value: part)
        }
        result.append(value)
      }
      return result
    }
  }

  /// What is no number in binary is no number.
  private func finite(_ values: [Double], _ tag: Tag) throws(AttributeError) -> [Double] {
    for value in values where !value.isFinite { throw .unreadable(tag, value: "\(value)") }
    return values
  }

  /// The only number of an attribute; of several none is taken for it.
  package func number(_ tag: Tag) throws(AttributeError) -> Double? { try only(numbers(tag), tag) }

  package func requiredNumber(_ tag: Tag) throws(AttributeError) -> Double {
    guard let value = try number(tag) else { throw .missing(tag) }
    return value
  }

  /// Exactly so many numbers, or an error.
  package func requiredNumbers(_ tag: Tag, count: Int) throws(AttributeError) -> [Double] {
    let values = try numbers(tag)
    guard !values.isEmpty else { throw .missing(tag) }
    guard values.count == count else {
      throw .count(tag, expected: count, found: values.count)
    }
    return values
  }

  /// The whole numbers of an attribute; `12.0` in an integer string is 12.
  package func integers(_ tag: Tag) throws(AttributeError) -> [Int] {
    var result: [Int] = []
    for value in try numbers(tag) {
      guard value == value.rounded(), abs(value) <= 9_007_199_254_740_992 else {
        throw .unreadable(tag, value: "\(value)")
      }
      result.append(Int(value))
    }
    return result
  }

  package func integer(_ tag: Tag) throws(AttributeError) -> Int? { try only(integers(tag), tag) }

  private func only<Value>(_ values: [Value], _ tag: Tag) throws(AttributeError) -> Value? {
    guard values.count < 2 else { throw .count(tag, expected: 1, found: values.count) }
    return values.first
  }

  package func requiredInteger(_ tag: Tag) throws(AttributeError) -> Int {
    guard let value = try integer(tag) else { throw .missing(tag) }
    return value
  }

  /// The items of a sequence; `[]` where it is absent or empty.
  package func items(_ tag: Tag) -> [DataSet] {
    if case .items(let items) = self[tag]?.value { items } else { [] }
  }

  /// The tags that an attribute points to (VR AT).
  package func tags(_ tag: Tag) -> [Tag] {
    guard let bytes = self[tag]?.bytes else { return [] }
    let halves = words(bytes, of: UInt16.self)
    return stride(from: 0, to: halves.count - halves.count % 2, by: 2).map {
      Tag(halves[$0], halves[$0 + 1])
    }
  }

  /// A calendar date (VR DA, or the date of a DT).
  package func date(_ tag: Tag) throws(AttributeError) -> CalendarDate? {
    guard let text = whole(tag) else { return nil }
    guard let date = CalendarDate(dicom: text) else { throw .unreadable(tag, value: text) }
    return date
  }

  private func words<T: FixedWidthInteger & UnsignedInteger>(
    _ bytes: ArraySlice<UInt8>, of type: T.Type
  ) -> [T] {
    let size = MemoryLayout<T>.size
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map {
        T(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: T.self))
      }
    }
  }
}

extension Double {
  /// A decimal string as PS3.5 6.2 writes it, already without padding.
  ///
  /// No `nan`, no `0x`, no comma.
  init?(decimalString text: String) {
    guard !text.isEmpty,
      text.utf8.allSatisfy({
        (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E || $0 == 0x45
          || $0 == 0x65
      }), let value = Double(text), value.isFinite
    else { return nil }
    self = value
  }
}

extension StringProtocol {
  /// Without the spaces and NULs that pad values, at both ends.
  package var trimmed: String {
    var view = self[...]
    while let first = view.unicodeScalars.first, first == " " || first == "\0" {
      view = view[view.unicodeScalars.index(after: view.startIndex)...]
    }
    return view.trimmedAtEnd
  }

  package var trimmedAtEnd: String {
    var scalars = String(self).unicodeScalars
    while let last = scalars.last, last == " " || last == "\0" { scalars.removeLast() }
    return String(scalars)
  }
}

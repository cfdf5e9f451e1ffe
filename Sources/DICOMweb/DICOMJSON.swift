package import DICOM
import Foundation
package import JSON

/// Data sets as DICOMweb services write them: the DICOM JSON model.
///
/// PS3.18 Annex F. Values that are not in the document but behind a BulkDataURI are left out.
package enum DICOMJSON {
  /// Reads an array of data sets, or a single one.
  package static func dataSets(
    _ bytes: [UInt8]
  ) throws(DICOMJSONError) -> [DataSet] {
    // Some servers send nothing at all where nothing matches.
    guard !bytes.isEmpty else { return [] }
    let document: JSON
    do { document = try JSON(parsing: bytes) } catch { throw .syntax(error) }
    return try dataSets(document)
  }

  package static func dataSets(_ document: JSON) throws(DICOMJSONError) -> [DataSet] {
    if document.objectValue != nil { return [try dataSet(document, path: "")] }
    guard let items = document.arrayValue else {
      throw .shape(path: "", expected: "an array of data sets", found: document.kind)
    }
    var result: [DataSet] = []
    for (index, item) in items.enumerated() {
      result.append(try dataSet(item, path: "[\(index)]"))
    }
    return result
  }

  static func dataSet(_ value: JSON, path: String) throws(DICOMJSONError) -> DataSet {
    guard let object = value.objectValue else {
      throw .shape(path: path, expected: "a data set", found: value.kind)
    }
    var result = DataSet()
    for entry in object.entries {
      let place = path + "." + entry.key
      guard let tag = Tag(hexadecimal: entry.key) else { throw .key(path: place) }
      // Group lengths and file meta information have no place here. PS3.18 F.2.2.
      guard !tag.isGroupLength, tag.group != 0x0002 else { continue }
      if let element = try element(tag, entry.value, path: place) { result.set(element) }
    }
    return result
  }

  private static func element(
    _ tag: Tag, _ value: JSON, path: String
  ) throws(DICOMJSONError) -> Element? {
    guard value.objectValue != nil else {
      throw .shape(path: path, expected: "an attribute with its vr", found: value.kind)
    }
    let vr: VR
    switch value["vr"] {
    case .string(let letters):
      guard let known = VR(letters: letters) else { throw .vr(path: path, letters) }
      vr = known
    case nil:
      // Some servers leave it out where the dictionary says it.
      guard let known = Dictionary.vr(of: tag) else { throw .vr(path: path, "") }
      vr = known
    case let other?:
      throw .shape(path: path + ".vr", expected: "a string", found: other.kind)
    }
    if tag == .specificCharacterSet {
      // Whatever it says, a JSON document is UTF-8. PS3.18 F.2.
      return Element(tag: tag, vr: .CS, value: .bytes(Array("ISO_IR 192".utf8)[...]))
    }
    if let inline = value["InlineBinary"], inline != .null {
      guard let text = inline.stringValue, let data = Data(base64Encoded: text) else {
        throw .value(path: path, vr: vr, found: inline.kind)
      }
      return Element(tag: tag, vr: vr, value: .bytes([UInt8](data)[...]))
    }
    if let uri = value["BulkDataURI"], uri != .null { return nil }
    let values: [JSON]
    switch value["Value"] {
    case .array(let array): values = array
    case nil, .null: values = []
    // One value without its brackets.
    case let single?: values = [single]
    }
    if vr == .SQ {
      var items: [DataSet] = []
      for (index, item) in values.enumerated() {
        items.append(
          item == .null ? DataSet() : try dataSet(item, path: "\(path)[\(index)]"))
      }
      return Element(tag: tag, vr: vr, value: .items(items))
    }
    return Element(
      tag: tag, vr: vr, value: .bytes(try DICOMJSONValues(vr: vr, path: path).bytes(values)[...]))
  }
}

extension Tag {
  /// Reads eight hexadecimal digits.
  init?(hexadecimal text: String) {
    guard text.utf8.count == 8, text.utf8.allSatisfy({ $0.isHexadecimalDigit }),
      let number = UInt32(text, radix: 16)
    else { return nil }
    self.init(rawValue: number)
  }
}

extension VR {
  init?(letters: String) {
    let bytes = Array(letters.utf8)
    guard bytes.count == 2 else { return nil }
    self.init(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x46).contains(self) || (0x61...0x66).contains(self)
  }
}

import DICOM
import Digest
import Foundation

/// A data set as lines of text, in the form that Scripts/references/dicom-files.py gives it.
struct DataSetListing {
  private(set) var lines: [String] = []

  init(of file: DICOMFile) {
    for element in file.meta.elements where element.vr == .UI {
      lines.append("\(element.tag.number) \(file.meta.string(element.tag) ?? "")")
    }
    append(file.dataSet, prefix: "", isTopLevel: true)
  }

  var text: String { lines.joined(separator: "\n") }
  var sha256: String { Hex.text(SHA256.digest(text.utf8)) }

  private mutating func append(_ dataSet: DataSet, prefix: String, isTopLevel: Bool) {
    for element in dataSet.elements {
      let head = "\(prefix)\(element.tag.number)"
      switch element.value {
      case .items(let items):
        lines.append("\(head) SQ \(items.count)")
        for item in items {
          lines.append("\(prefix)item")
          append(item, prefix: prefix + ">", isTopLevel: false)
        }
      case .fragments(_, let fragments):
        lines.append(
          "\(head) OB fragments \(fragments.count) \(Self.short(Array(fragments.joined())))")
      case .inFile:
        lines.append("\(head) left in the file")
      case .bytes(let bytes):
        if isTopLevel, element.tag == .pixelData {
          lines.append("\(head) pixels \(bytes.count) \(Self.short(bytes))")
        } else {
          let value = Self.meaning(of: element, in: dataSet)
          lines.append(
            "\(head) \(element.vr) \(bytes.count) \(Self.short(bytes)) \(value)")
        }
      }
    }
  }

  private static func meaning(of element: Element, in dataSet: DataSet) -> String {
    switch element.vr {
    case .US, .SS, .UL, .SL, .FL, .FD, .UV, .SV, .DS, .IS:
      do {
        let numbers = try dataSet.numbers(element.tag)
        return numbers.isEmpty
          ? "-" : numbers.map { padded($0.bitPattern) }.joined(separator: ",")
      } catch {
        return "?"
      }
    case .UN, .AT, .SQ, .OB, .OD, .OF, .OL, .OV, .OW: return "-"
    default:
      let text = dataSet.strings(element.tag).joined(separator: "\\")
        .replacingOccurrences(of: "\n", with: "\\n").replacingOccurrences(of: "\r", with: "\\r")
      return text.isEmpty ? "-" : text
    }
  }

  private static func padded(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func short(_ bytes: some Collection<UInt8>) -> String {
    String(Hex.text(SHA256.digest(bytes)).prefix(16))
  }
}

/// Which texts are legal values.
extension VR {
  /// Whether a single value is legal: length in characters and repertoire.
  ///
  /// PS3.5 Table 6.2-1.
  package func permits(_ text: String) -> Bool {
    let count = text.unicodeScalars.count
    func only(_ isAllowed: (UInt8) -> Bool) -> Bool { text.utf8.allSatisfy(isAllowed) }
    let isClean = text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0 != "\\" && $0.value != 0x7F
    }
    // TAB, LF, FF, CR: PS3.5 6.1.3.
    let isParagraphs = text.unicodeScalars.allSatisfy {
      ($0.value >= 0x20 && $0.value != 0x7F) || [0x09, 0x0A, 0x0C, 0x0D].contains($0.value)
    }
    switch self {
    case .AE: return count <= 16 && isClean && text.utf8.allSatisfy { $0 < 0x80 }
    case .CS:
      return count <= 16
        && only {
          (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x5F
        }
    case .DA: return text.isEmpty || (count == 8 && CalendarDate(dicom: text) != nil)
    case .TM: return count <= 14 && only { (0x30...0x39).contains($0) || $0 == 0x2E }
    case .DT:
      return count <= 26
        && only { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D }
    case .DS: return count <= 16 && (text.isEmpty || Double(decimalString: text) != nil)
    case .IS: return count <= 12 && (text.isEmpty || Int32(text) != nil)
    case .LO: return count <= 64 && isClean
    case .UC: return isClean
    case .SH: return count <= 16 && isClean
    case .PN:
      let groups = text.split(separator: "=", omittingEmptySubsequences: false)
      return isClean && groups.count <= 3
        && groups.allSatisfy { $0.unicodeScalars.count <= 64 }
    case .ST: return count <= 1024 && isParagraphs
    case .LT: return count <= 10240 && isParagraphs
    case .UT: return isParagraphs
    case .UR: return isClean && only { $0 < 0x80 } && text.first != " "
    case .AS:
      return text.isEmpty
        || (count == 4 && text.prefix(3).utf8.allSatisfy { (0x30...0x39).contains($0) }
          && "DWMY".contains(text.suffix(1)))
    case .UI:
      return text.isEmpty
        || (count <= 64
          && text.split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy { part in
              !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && (part.count == 1 || !part.hasPrefix("0"))
            })
    // Numbers and bytes are no texts.
    default: return text.isEmpty && self != .SQ
    }
  }
}

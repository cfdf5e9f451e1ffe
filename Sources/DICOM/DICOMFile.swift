/// A DICOM file: its meta information and its data set.
///
/// PS3.10 section 7.
package struct DICOMFile: Sendable {
  package let path: String
  /// Group 0002; empty where the file has none.
  package let meta: DataSet
  /// The data set; pixel data are left in the file unless everything was asked for.
  package let dataSet: DataSet
  /// How the data set is written, as declared or, where nothing is declared, as found.
  package let transferSyntax: TransferSyntax
  /// The byte at which the data set begins.
  package let bodyOffset: Int
  package let byteCount: Int
  /// What had to be forgiven to read this.
  package let forgiven: [Forgiveness]
  /// Why the data set ends before it should: such a file is shown, never used.
  package let damage: DecodingError?

  /// How much of a file is read at first: most headers are shorter.
  private static let firstRead = 16 << 10

  /// Reads a file.
  ///
  /// - Parameter extent: `.pixelData` reads the header alone, in one short read where it fits.
  /// - Throws: `notDICOM` for anything else; damage that leaves nothing to read.
  package static func read(
    path: String, extent: DataSetDecoder.Extent = .pixelData
  ) throws(FileError) -> DICOMFile {
    let file = try RegularFile(path: path)
    var wanted = extent == .everything ? file.byteCount : firstRead
    while true {
      let bytes = try file.read(at: 0, count: wanted)
      do {
        return try parse(bytes, total: file.byteCount, path: path, extent: extent)
      } catch {
        guard case .needsMore(let end) = error else {
          throw FileError(error, path: path, byteCount: bytes.count)
        }
        // The file may have been shortened since it was opened.
        guard bytes.count < file.byteCount, bytes.count >= min(wanted, file.byteCount) else {
          throw FileError(error, path: path, byteCount: bytes.count)
        }
        wanted = min(file.byteCount, max(wanted * 4, end + Self.firstRead))
      }
    }
  }

  /// Reads a file that is already in memory.
  package static func read(
    bytes: [UInt8], path: String = "", extent: DataSetDecoder.Extent = .everything
  ) throws(FileError) -> DICOMFile {
    do {
      return try parse(bytes, total: bytes.count, path: path, extent: extent)
    } catch {
      throw FileError(error, path: path, byteCount: bytes.count)
    }
  }

  /// Bytes of the file, where a value was left in it.
  package func bytesInFile(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let file = try RegularFile(path: path)
    let bytes = try file.read(at: offset, count: count)
    guard bytes.count == count else {
      throw .damaged(
        path: path,
        .truncated(tag: .pixelData, offset: offset, wanted: count, left: bytes.count))
    }
    return bytes
  }

  private static let magic = Array("DICM".utf8)

  private static func parse(
    _ bytes: [UInt8], total: Int, path: String, extent: DataSetDecoder.Extent
  ) throws(DataSetDecoder.Interruption) -> DICOMFile {
    var forgiven: [Forgiveness] = []
    var offset: Int
    let hasPrefix = bytes.count >= 132 && bytes[128..<132].elementsEqual(magic)
    if hasPrefix,
      // The four letters may stand in a value of a bare data set.
      bytes[132...].starts(with: [2, 0]) || !looksLikeDataSet(bytes)
    {
      offset = 132
    } else if bytes.starts(with: magic) {
      offset = 4
      forgiven.append(.preambleMissing)
    } else {
      offset = 0
      forgiven.append(.preambleMissing)
      guard bytes.count >= 8, looksLikeDataSet(bytes) else { throw .failed(.notDICOM) }
    }
    var meta = DataSet()
    var isMetaThere = false
    if offset + 6 <= bytes.count, bytes[offset] == 2, bytes[offset + 1] == 0 {
      isMetaThere = true
      meta = try fileMeta(bytes, total: total, offset: &offset, forgiven: &forgiven)
    } else {
      forgiven.append(.fileMetaMissing)
    }
    let transferSyntax: TransferSyntax
    if let uid = meta.string(.transferSyntaxUID) {
      transferSyntax = TransferSyntax(uid: uid)
    } else {
      if isMetaThere { forgiven.append(.transferSyntaxMissing) }
      transferSyntax = sniffed(bytes, at: offset)
    }
    let result: DataSetDecoder.Result
    if transferSyntax.isDeflated {
      guard bytes.count >= total else { throw .needsMore(upTo: total) }
      do {
        result = try DataSetDecoder.decode(bytes, from: offset, transferSyntax: transferSyntax)
      } catch { throw .failed(error) }
    } else {
      result = try DataSetDecoder.decodePrefix(
        bytes, total: total, from: offset, transferSyntax: transferSyntax, extent: extent)
    }
    if !isMetaThere, result.dataSet.elements.count < 2 {
      // What calls itself DICOM may be the one file that matters: it is broken, not another kind.
      throw .failed(offset == 0 && !hasPrefix ? .notDICOM : .noDataSet(offset: offset))
    }
    for tag in [Tag.sopClassUID, .sopInstanceUID] where !result.dataSet.contains(tag) {
      // Media Storage Directories have neither: PS3.10 8.6.
      guard let twin = tag.inMeta, let uid = meta.string(twin), !meta.isOfDirectory, !uid.isEmpty
      else { continue }
      forgiven.append(.inMetaAlone(tag))
    }
    return DICOMFile(
      path: path, meta: meta, dataSet: result.dataSet, transferSyntax: transferSyntax,
      bodyOffset: offset, byteCount: total, forgiven: forgiven + result.forgiven,
      damage: result.damage)
  }

  /// Group 0002, which ends at the first element of another group whatever its length says.
  private static func fileMeta(
    _ bytes: [UInt8], total: Int, offset: inout Int, forgiven: inout [Forgiveness]
  ) throws(DataSetDecoder.Interruption) -> DataSet {
    var decoder = DataSetDecoder(
      bytes: bytes, total: total, isBigEndian: false, extent: .everything)
    let isImplicit = decoder.looksImplicit(at: offset) == true
    if isImplicit { forgiven.append(.fileMetaImplicit) }
    var meta = DataSet()
    while offset < total {
      try decoder.require(min(8, total - offset), at: offset, of: nil)
      guard total - offset >= 8, decoder.u16(offset) == 2 else { break }
      let tag = decoder.tag(offset)
      // One element is a data set that ends behind it.
      let end = try decoder.endOfMetaElement(at: offset, isImplicit: isImplicit)
      let one = try decoder.item(
        of: tag, from: &offset, to: end, within: end, isImplicit: isImplicit, depth: 1,
        context: DataSetDecoder.Context())
      if let element = one[tag], !meta.contains(tag) { meta.set(element) }
    }
    forgiven += decoder.forgiven
    return meta
  }

  /// Whether bytes without any prefix begin like a data set: an element of group 0002 or 0008 with
  /// a plausible length.
  private static func looksLikeDataSet(_ bytes: [UInt8]) -> Bool {
    let group = Int(bytes[0]) | Int(bytes[1]) << 8
    let swappedGroup = Int(bytes[1]) | Int(bytes[0]) << 8
    guard group == 2 || group == 8 || swappedGroup == 8 else { return false }
    if VR(rawValue: UInt16(bytes[4]) << 8 | UInt16(bytes[5])) != nil { return true }
    let length = Int(bytes[4]) | Int(bytes[5]) << 8 | Int(bytes[6]) << 16 | Int(bytes[7]) << 24
    let element = UInt16(bytes[2]) | UInt16(bytes[3]) << 8
    if group == 8, element == 0, length == 4 { return true }
    return group != swappedGroup && group <= 8 && length < 1024
      && Dictionary.vr(of: Tag(UInt16(group), element)) != nil
  }

  /// The transfer syntax that the first element shows.
  ///
  /// Compressed pixels cannot be told from it.
  private static func sniffed(_ bytes: [UInt8], at offset: Int) -> TransferSyntax {
    guard offset + 6 <= bytes.count else { return .implicitVRLittleEndian }
    let hasVR = VR(rawValue: UInt16(bytes[offset + 4]) << 8 | UInt16(bytes[offset + 5])) != nil
    let isBig = bytes[offset] == 0 && bytes[offset + 1] != 0
    if isBig { return .explicitVRBigEndian }
    return hasVR ? .explicitVRLittleEndian : .implicitVRLittleEndian
  }
}

extension Tag {
  /// The attribute of the meta information that says the same.
  ///
  /// PS3.10 7.1.
  fileprivate var inMeta: Tag? {
    switch self {
    case .sopClassUID: .mediaStorageSOPClassUID
    case .sopInstanceUID: .mediaStorageSOPInstanceUID
    default: nil
    }
  }
}

extension DataSet {
  fileprivate var isOfDirectory: Bool {
    string(.mediaStorageSOPClassUID) == "1.2.840.10008.1.3.10"
  }
}

extension DICOMFile {
  /// SOP Class UID or SOP Instance UID, of which the meta information keeps a second one.
  package func identifier(_ tag: Tag) -> String? {
    dataSet.string(tag) ?? tag.inMeta.flatMap { meta.string($0) }
  }
}

extension FileError {
  /// What stopped the parser, with the file's name.
  fileprivate init(_ interruption: DataSetDecoder.Interruption, path: String, byteCount: Int) {
    switch interruption {
    case .failed(.notDICOM): self = .notDICOM(path: path)
    case .failed(let error): self = .damaged(path: path, error)
    case .needsMore(let end):
      self = .damaged(
        path: path, .truncated(tag: nil, offset: 0, wanted: end, left: byteCount))
    }
  }
}

extension DataSetDecoder {
  /// Where a meta element ends; meta elements have no sequences.
  func endOfMetaElement(at offset: Int, isImplicit: Bool) throws(Interruption) -> Int {
    try require(8, at: offset, of: nil)
    let tag = tag(offset)
    var start = offset + 8
    var length = Int(u32(offset + 4))
    if !isImplicit,
      let vr = VR(rawValue: UInt16(bytes[offset + 4]) << 8 | UInt16(bytes[offset + 5]))
    {
      if vr.hasLongLength {
        try require(12, at: offset, of: tag)
        start = offset + 12
        length = Int(u32(offset + 8))
      } else {
        length = Int(u16(offset + 6))
      }
    }
    try require(length, at: start, of: tag)
    return start + length
  }
}

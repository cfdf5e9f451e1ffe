import DICOM

/// Whether two files show the same, frame by frame, however their pixels are packed.
enum PixelComparison {
  static func areEqual(_ staged: DICOMFile, _ fetched: DICOMFile) -> Bool {
    guard let a = staged.dataSet[.pixelData], let b = fetched.dataSet[.pixelData] else {
      return staged.dataSet.contains(.pixelData) == fetched.dataSet.contains(.pixelData)
    }
    if let x = a.bytes, let y = b.bytes, x.elementsEqual(y) { return true }
    // Native pixels may be followed by a byte of padding, and by nothing else.
    if let x = nativeByteCount(a), let y = nativeByteCount(b), abs(x - y) > 1 { return false }
    do {
      let description = try PixelDescription(of: staged.dataSet)
      let other = try PixelDescription(of: fetched.dataSet)
      guard description.frames == other.frames else { return false }
      let first = try FrameReader(staged, description: description)
      let second = try FrameReader(fetched, description: other)
      for index in 0..<description.frames {
        let (own, back) = (try first.frame(index), try second.frame(index))
        guard !back.isLossy, own.bytes == back.bytes else { return false }
      }
      return true
    } catch { return false }
  }

  private static func nativeByteCount(_ element: Element) -> Int? {
    switch element.value {
    case .bytes(let bytes): bytes.count
    case .inFile(_, let count): count
    default: nil
    }
  }
}

/// The pixels of a file, frame by frame, read when asked for.
extension DICOMFile {
  /// The bytes of one frame, decompressed: little endian, as ``PixelDescription`` says.
  ///
  /// Frames of several samples come out pixel by pixel, whatever Planar Configuration
  /// says. Who reads many frames opens a ``FrameReader`` once.
  ///
  /// - Parameter index: from 0.
  package func frame(_ index: Int, of description: PixelDescription) throws(FileError) -> [UInt8] {
    try FrameReader(self, description: description).frame(index).bytes
  }
}

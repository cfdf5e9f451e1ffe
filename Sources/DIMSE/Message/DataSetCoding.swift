import DICOM

/// Data sets of messages, as bytes and back.
extension UpperLayer {
  /// The longest identifier or event information that is taken.
  static let identifierLimit = 16 << 20

  /// The bytes of a data set for a context.
  func encode(
    _ dataSet: DataSet, for context: AgreedContext
  ) throws(AssociationError) -> [UInt8] {
    do throws(EncodingError) {
      return try DataSetEncoder.encode(dataSet, transferSyntax: context.transferSyntax)
    } catch {
      throw .cannotEncode("\(error)")
    }
  }

  /// The data set that follows a command.
  ///
  /// - Throws: a protocol violation, after hanging up, where it cannot be read.
  func dataSet(of message: Incoming) throws(AssociationError) -> DataSet {
    let bytes = try wholeDataSet(limit: Self.identifierLimit)
    guard let context = contexts[message.contextID] else {
      throw violation(.unknownContext(message.contextID))
    }
    do throws(DecodingError) {
      return try DataSetDecoder.decode(bytes, transferSyntax: context.transferSyntax)
    } catch {
      throw violation(.badDataSet("\(error)"))
    }
  }
}

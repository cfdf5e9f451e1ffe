package import DICOM

/// What a service did with the instances of a store request, one by one.
///
/// PS3.18 10.5.3. An instance that stands in no list was not acknowledged, whatever the status.
package struct StoreAnswer: Sendable, Equatable {
  package enum Result: Sendable, Equatable {
    case stored
    /// Stored, with a Warning Reason (0008,1196).
    case warning(UInt16)
    /// Not stored, with a Failure Reason (0008,1197) where one is given.
    case failed(UInt16?)
  }

  /// By SOP Instance UID.
  package let results: [String: Result]
  /// Failures of instances that the service could not even name.
  package let unnamedFailures: [UInt16?]

  private static let warningReason = Tag(0x0008, 0x1196)
  private static let otherFailuresSequence = Tag(0x0008, 0x119A)

  /// Reads the answer's data sets.
  package init(_ dataSets: [DataSet]) {
    var results: [String: Result] = [:]
    var unnamed: [UInt16?] = []
    for answer in dataSets {
      for item in answer.items(.referencedSOPSequence) {
        guard let uid = item.string(.referencedSOPInstanceUID) else { continue }
        results[uid] = Self.code(item, Self.warningReason).map(Result.warning) ?? .stored
      }
    }
    // What stands in both lists is not stored.
    for answer in dataSets {
      for item in answer.items(.failedSOPSequence) {
        let reason = Self.code(item, .failureReason)
        guard let uid = item.string(.referencedSOPInstanceUID) else {
          unnamed.append(reason)
          continue
        }
        results[uid] = .failed(reason)
      }
      for item in answer.items(Self.otherFailuresSequence) {
        unnamed.append(Self.code(item, .failureReason))
      }
    }
    self.results = results
    unnamedFailures = unnamed
  }

  /// A reason; 0 says that there is none.
  private static func code(_ item: DataSet, _ tag: Tag) -> UInt16? {
    guard let value = try? item.integer(tag), let code = UInt16(exactly: value), code != 0 else {
      return nil
    }
    return code
  }
}

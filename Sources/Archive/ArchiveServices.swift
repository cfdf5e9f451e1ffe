import DICOM
import DIMSE

/// What the archive does when it is called.
struct ArchiveServices: Services {
  let storage: Storage
  let aeTitle: AETitle
  let destinations: [AETitle: Peer]
  let log: @Sendable (Archive.Event) -> Void

  func store(
    _ instance: IncomingInstance, _ dataSet: DataSetStream, caller: Caller
  ) throws(AssociationError) -> ServiceResult {
    let file: ArchiveFile
    do throws(ArchiveError) {
      file = try begin(instance)
    } catch {
      return refuse(instance, .outOfResources, "\(error)", comment: "cannot write")
    }
    while let fragment = try dataSet.next() {
      do throws(ArchiveError) {
        try file.append(fragment)
      } catch {
        return refuse(instance, .outOfResources, "\(error)", comment: "cannot write")
      }
    }
    do throws(ArchiveError) {
      try file.synchronize()
      return try keep(instance, file)
    } catch {
      return refuse(instance, .outOfResources, "\(error)", comment: "cannot write")
    }
  }

  /// A temporary file with what stands before the data set.
  private func begin(_ instance: IncomingInstance) throws(ArchiveError) -> ArchiveFile {
    let head: [UInt8]
    do throws(EncodingError) {
      head = try DICOMFile.preambleAndMeta(
        sopClassUID: instance.sopClassUID, sopInstanceUID: instance.sopInstanceUID,
        transferSyntax: instance.transferSyntax)
    } catch {
      throw .cannotWrite(path: instance.sopInstanceUID, reason: "\(error)")
    }
    let file = try storage.makeTemporary()
    try file.append(head[...])
    return file
  }

  /// Looks at what has arrived and gives it its place.
  private func keep(
    _ instance: IncomingInstance, _ file: borrowing ArchiveFile
  ) throws(ArchiveError) -> ServiceResult {
    let entry: IndexEntry
    do {
      entry = try IndexEntry(try DICOMFile.read(path: file.path), path: file.path)
    } catch IndexEntry.Refusal.missing(let tag) {
      return refuse(instance, .doesNotMatchSOPClass, "\(tag) is missing", comment: "\(tag) missing")
    } catch {
      return refuse(instance, .cannotUnderstand, "\(error)", comment: "unreadable data set")
    }
    guard entry.sopClassUID == instance.sopClassUID,
      entry.sopInstanceUID == instance.sopInstanceUID
    else {
      return refuse(
        instance, .doesNotMatchSOPClass, "command and data set name different instances",
        comment: "UIDs of command and data set differ")
    }
    switch try storage.keep(entry) {
    case .stored(let path): log(.stored(sopInstanceUID: entry.sopInstanceUID, path: path))
    case .identical: log(.alreadyThere(sopInstanceUID: entry.sopInstanceUID))
    case .different:
      return refuse(
        instance, .duplicateInstance, "other bytes are stored under this UID",
        comment: "other bytes under this UID")
    }
    return ServiceResult(.success)
  }

  private func refuse(
    _ instance: IncomingInstance, _ status: Status, _ reason: String, comment: String
  ) -> ServiceResult {
    log(.refused(sopInstanceUID: instance.sopInstanceUID, reason: reason))
    return ServiceResult(status, errorComment: comment)
  }

  func find(
    _ query: Query, onMatch: (DataSet) throws(AssociationError) -> Bool
  ) throws(AssociationError) -> ServiceResult {
    for match in storage.snapshot.matches(query, aeTitle: aeTitle) {
      guard try onMatch(match) else { break }
    }
    return ServiceResult(.success)
  }

  func instances(_ query: Query) -> Result<[OutgoingInstance], RetrieveRefusal> {
    guard let entries = storage.snapshot.instances(query) else {
      return .failure(RetrieveRefusal(.doesNotMatchSOPClass, errorComment: "unique key missing"))
    }
    return .success(entries.map(outgoing))
  }

  private func outgoing(_ entry: IndexEntry) -> OutgoingInstance {
    OutgoingInstance(
      sopClassUID: entry.sopClassUID, sopInstanceUID: entry.sopInstanceUID,
      transferSyntaxes: forms(of: entry.transferSyntax)
    ) { syntax in
      guard let stored = StoredBody(entry) else { return nil }
      if syntax == entry.transferSyntax {
        return OutgoingBody { () throws(AssociationError) in
          do throws(ArchiveError) { return try stored.next() } catch {
            throw .cannotKeep("\(error)")
          }
        }
      }
      guard let body = stored.whole() else { return nil }
      do {
        let dataSet = try DataSetDecoder.decode(body, transferSyntax: entry.transferSyntax)
        return OutgoingBody(try DataSetEncoder.encode(dataSet, transferSyntax: syntax))
      } catch {
        return nil
      }
    }
  }

  /// The forms that an instance can be had in: as stored, and uncompressed ones in each other.
  private func forms(of stored: TransferSyntax) -> [TransferSyntax] {
    guard stored.isNative else { return [stored] }
    let others: [TransferSyntax] = [.explicitVRLittleEndian, .implicitVRLittleEndian]
    return [stored] + others.filter { $0 != stored }
  }

  func destination(_ aeTitle: AETitle) -> Peer? { destinations[aeTitle] }

  func commit(_ request: StorageCommitment.Request, caller: Caller) -> CommitmentReply {
    var result = StorageCommitment.Result(
      transactionUID: request.transactionUID, committed: [], failed: [])
    for reference in request.references {
      if let reason = failure(of: reference) {
        result.failed.append(StorageCommitment.Failure(reference: reference, reason: reason))
      } else {
        result.committed.append(reference)
      }
    }
    return CommitmentReply(.success, result: result, destination: destinations[caller.aeTitle])
  }

  /// Why an instance cannot be promised; `nil` where it can.
  private func failure(of reference: StorageCommitment.Reference) -> Status? {
    guard let entry = storage.entry(reference.sopInstanceUID) else { return .noSuchInstance }
    guard entry.sopClassUID == reference.sopClassUID else { return .classInstanceConflict }
    return storage.isWhole(entry) ? nil : .processingFailure
  }
}

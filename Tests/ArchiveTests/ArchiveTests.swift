import Archive
import DICOM
import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing

/// An archive that runs, in a folder of its own.
final class RunningArchive {
  let folder: TemporaryFolder
  let archive: Archive
  let peer: Peer

  init(folder: TemporaryFolder? = nil, options: Archive.Options = .init()) throws {
    self.folder = try folder ?? TemporaryFolder()
    archive = try Archive(
      directory: self.folder.path + "/archive", aeTitle: try title("ARCHIVE"), options: options)
    peer = Peer(host: "127.0.0.1", port: try archive.start(), aeTitle: try title("ARCHIVE"))
  }

  deinit { archive.stopAndWait() }

  func open(_ contexts: [ContextProposal]) throws -> Association {
    try Association.request(
      to: peer, as: try title("USER"), contexts: contexts,
      options: .init(timeouts: Timeouts(all: .seconds(20))))
  }

  func store(
    _ dataSets: [DataSet], as syntax: TransferSyntax = .explicitVRLittleEndian
  ) throws -> [Answer] {
    let association = try open([ContextProposal(SOPClass.secondaryCapture, [syntax])])
    let answers = try dataSets.map { dataSet in
      try association.store(
        try Samples.request(dataSet), transferSyntax: syntax,
        dataSet: try DataSetEncoder.encode(dataSet, transferSyntax: syntax))
    }
    try association.release()
    return answers
  }

  /// The files of the archive, by their paths below its folder.
  var files: [String] {
    (FileManager.default.subpaths(atPath: folder.path + "/archive") ?? [])
      .filter { $0.hasSuffix(".dcm") || $0.hasSuffix(".part") }.sorted()
  }
}

@Suite("Archive", .timeLimit(.minutes(1))) struct ArchiveTests {
  @Test("what is stored lies by patient, study and series, byte for byte")
  func layout() throws {
    let running = try RunningArchive()
    let dataSet = try Samples.capture(patientID: "../../../escape")
    #expect(try running.store([dataSet]).map(\.status) == [.success])
    let name = try #require(running.files.first)
    #expect(running.files.count == 1)
    #expect(
      name.hasSuffix(
        "/1.2.826.0.1.3680043.9.9999.7/1.2.826.0.1.3680043.9.9999.7.1"
          + "/1.2.826.0.1.3680043.9.9999.7.1.1.dcm"))
    #expect(name.hasPrefix("patient-"))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: running.folder.path + "/archive/" + name))
    let body = try DataSetEncoder.encode(dataSet, transferSyntax: .explicitVRLittleEndian)
    #expect(Array(bytes.suffix(body.count)) == body)
  }

  @Test("the same again is taken, other bytes under the same UID are refused, the first ones stay")
  func duplicates() throws {
    let running = try RunningArchive()
    let first = try Samples.capture()
    var second = first
    try second.set(.seriesDescription, "another")
    #expect(
      try running.store([first, first, second, first]).map(\.status)
        == [.success, .success, .duplicateInstance, .success])
    #expect(running.files.count == 1)
    #expect(running.archive.count == 1)
  }

  @Test("an instance without a study, and one that is another than announced, are refused")
  func refusals() throws {
    let running = try RunningArchive()
    var homeless = try Samples.capture()
    homeless.remove(.studyInstanceUID)
    #expect(try running.store([homeless]).map(\.status) == [.doesNotMatchSOPClass])
    let association = try running.open([
      ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian])
    ])
    let bytes = try DataSetEncoder.encode(
      try Samples.capture(), transferSyntax: .explicitVRLittleEndian)
    let lie = StoreRequest(sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: "1.2.3")
    let lied = try association.store(lie, transferSyntax: .explicitVRLittleEndian, dataSet: bytes)
    #expect(lied.status == .doesNotMatchSOPClass)
    let torn = try association.store(
      try Samples.request(try Samples.capture()), transferSyntax: .explicitVRLittleEndian,
      dataSet: Array(bytes.dropLast(4)))
    #expect(torn.status.category == .failure)
    try association.release()
    #expect(running.files == [])
  }

  @Test("after an end at any moment the archive knows what is whole, and forgets the rest")
  func restart() throws {
    let folder = try TemporaryFolder()
    do {
      let running = try RunningArchive(folder: folder)
      _ = try running.store(try (1...3).map { try Samples.capture($0) })
    }
    let root = folder.path + "/archive"
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: root + "/.incoming/7.part"))
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: root + "/torn.dcm"))
    let events = Mutex<[String]>([])
    do {
      let archive = try Archive(directory: root, aeTitle: try title("ARCHIVE")) { event in
        if case .unreadable(let path, _) = event { events.withLock { $0.append(path) } }
      }
      #expect(archive.count == 3)
      #expect(events.withLock { $0 } == [root + "/torn.dcm"])
      let error = #expect(throws: ArchiveError.self) {
        _ = try Archive(directory: root, aeTitle: try title("ARCHIVE"))
      }
      #expect(error == .inUse(path: root))
    }
    let running = try RunningArchive(folder: folder)
    #expect(running.archive.count == 3)
    #expect(running.files.filter { $0.hasSuffix(".part") } == [])
  }

  @Test("queries at all four levels, with counts")
  func find() throws {
    let running = try RunningArchive()
    _ = try running.store([
      try Samples.capture(1), try Samples.capture(2),
      try Samples.capture(1, study: "1.2.3.9", patientID: "PAT-2", patientName: "Müller^Eva"),
    ])
    let association = try running.open([.find(.patient), .find(.study)])
    func find(
      _ root: QueryRoot, _ level: QueryLevel, _ keys: [(DICOM.Tag, String)]
    ) throws -> [DataSet] {
      var identifier = DataSet()
      for (tag, value) in keys { identifier.setKey(tag, value) }
      let (matches, answer) = try association.find(root, level: level, keys: identifier)
      #expect(answer.status == .success)
      return matches
    }
    let patients = try find(
      .patient, .patient, [(.patientName, "d*"), (.numberOfPatientRelatedInstances, "")])
    #expect(patients.map { $0.string(.patientID) } == ["PAT-1"])
    #expect(patients.first?.string(.numberOfPatientRelatedInstances) == "2")
    let studies = try find(
      .study, .study,
      [(.studyDate, "20200401-20200430"), (.studyInstanceUID, ""), (.modalitiesInStudy, "OT")])
    #expect(studies.count == 2)
    #expect(studies.first?.string(.modalitiesInStudy) == "OT")
    #expect(studies.first?.string(.retrieveAETitle) == "ARCHIVE")
    let series = try find(
      .study, .series,
      [(.studyInstanceUID, "1.2.3.9"), (.seriesDescription, ""), (.seriesInstanceUID, "")])
    #expect(series.map { $0.string(.seriesInstanceUID) } == ["1.2.3.9.1"])
    #expect(series.first?.string(.seriesDescription) == "RT_18Gy_1Fx_04.23.2020")
    let images = try find(
      .study, .image,
      [
        (.studyInstanceUID, "1.2.826.0.1.3680043.9.9999.7"), (.instanceNumber, ""),
        (.sopInstanceUID, ""),
      ])
    #expect(try images.map { try $0.requiredInteger(.instanceNumber) } == [1, 2])
    #expect(try find(.study, .study, [(.accessionNumber, "B*"), (.studyInstanceUID, "")]).isEmpty)
    try association.release()
  }

  @Test("instances come back as stored, or uncompressed in the form the caller takes")
  func get() throws {
    let running = try RunningArchive()
    let dataSet = try Samples.capture(pixelBytes: 5000)
    _ = try running.store([dataSet])
    var keys = DataSet()
    try keys.set(.studyInstanceUID, "1.2.826.0.1.3680043.9.9999.7")
    for syntax in [TransferSyntax.explicitVRLittleEndian, .implicitVRLittleEndian] {
      let association = try running.open([
        .get(.study), ContextProposal(SOPClass.secondaryCapture, [syntax], role: .provider),
      ])
      var received: [[UInt8]] = []
      let outcome = try association.get(.study, level: .study, keys: keys) {
        (_, stream) throws(AssociationError) in
        received.append(try stream.whole(limit: 1 << 20))
        return .success
      }
      #expect(outcome.answer.status == .success)
      #expect(received == [try DataSetEncoder.encode(dataSet, transferSyntax: syntax)])
      try association.release()
    }
  }

  @Test("a retrieval that names nothing gets nothing")
  func getEverything() throws {
    let running = try RunningArchive()
    let association = try running.open([.get(.study)])
    let outcome = try association.get(.study, level: .study, keys: DataSet()) { _, _ in .success }
    #expect(outcome.answer.status == .doesNotMatchSOPClass)
    try association.release()
  }

  @Test("what is held is promised, what is not is named")
  func commitment() throws {
    let running = try RunningArchive()
    let dataSet = try Samples.capture()
    _ = try running.store([dataSet])
    let held = StorageCommitment.Reference(
      sopClassUID: SOPClass.secondaryCapture,
      sopInstanceUID: try dataSet.requiredString(.sopInstanceUID))
    let missing = StorageCommitment.Reference(
      sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: "1.2.3.4.5.6")
    let wrong = StorageCommitment.Reference(
      sopClassUID: SOPClass.multiFrameTrueColorSecondaryCapture,
      sopInstanceUID: held.sopInstanceUID)
    let association = try running.open([.storageCommitment])
    let request = StorageCommitment.Request(
      transactionUID: "2.25.1", references: [held, missing, wrong])
    #expect(try association.requestCommitment(request).status == .success)
    let result = try association.eventReport(within: .seconds(10))?.commitment
    #expect(
      result
        == StorageCommitment.Result(
          transactionUID: "2.25.1", committed: [held],
          failed: [
            .init(reference: missing, reason: .noSuchInstance),
            .init(reference: wrong, reason: .classInstanceConflict),
          ]))
    try association.release()
  }

  @Test("many callers at once store everything exactly once")
  func concurrency() async throws {
    let running = try RunningArchive()
    let peer = running.peer
    await withTaskGroup(of: Void.self) { group in
      for caller in 0..<6 {
        group.addTask {
          do {
            let association = try Association.request(
              to: peer, as: try title("USER\(caller)"),
              contexts: [ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian])])
            for number in 1...20 {
              let dataSet = try Samples.capture(number)
              let answer = try association.store(
                try Samples.request(dataSet), transferSyntax: .explicitVRLittleEndian,
                dataSet: try DataSetEncoder.encode(
                  dataSet, transferSyntax: .explicitVRLittleEndian))
              #expect(answer.status == .success)
            }
            try association.release()
          } catch {
            Issue.record(error)
          }
        }
      }
    }
    #expect(running.archive.count == 20)
    #expect(running.files.count == 20)
  }
}

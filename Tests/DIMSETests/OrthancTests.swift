import DICOM
import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing

/// The services of a real PACS.
@Suite("Orthanc", .timeLimit(.minutes(2)), .enabled(if: Tools.hasOrthanc))
struct OrthancTests {
  private func options() -> Association.Options {
    Association.Options(timeouts: Timeouts(all: .seconds(30)))
  }

  /// An Orthanc on free ports that knows us as USER and promises to keep what it is sent.
  private func start(
    _ folder: TemporaryFolder, user: Peer
  ) throws -> (Server, Peer) {
    let port = UInt16.random(in: 20_000...40_000)
    let configuration = """
      { "Name": "TEST", "StorageDirectory": "\(folder.path)/db", "IndexDirectory": "\(folder.path)/db",
        "HttpServerEnabled": false, "DicomServerEnabled": true, "DicomAet": "ORTHANC",
        "DicomPort": \(port), "DicomAlwaysAllowEcho": true, "DicomAlwaysAllowStore": true,
        "DicomAlwaysAllowFind": true, "DicomAlwaysAllowGet": true, "DicomCheckCalledAet": false,
        "DicomModalities": { "user": { "AET": "USER", "Host": "127.0.0.1", "Port": \(user.port),
          "AllowStorageCommitment": true, "AllowMove": true, "AllowGet": true, "AllowFind": true } } }
      """
    let path = folder.path + "/orthanc.json"
    try configuration.write(toFile: path, atomically: true, encoding: .utf8)
    let server = try Server(program: Tools.orthanc, [path])
    let peer = Peer(host: "127.0.0.1", port: port, aeTitle: try title("ORTHANC"))
    let deadline = ContinuousClock.now.advanced(by: .seconds(30))
    while ContinuousClock.now < deadline {
      do {
        let association = try open(peer, [.verification])
        _ = try association.echo()
        try association.release()
        return (server, peer)
      } catch AssociationError.cannotConnect {
        // Still starting.
      }
    }
    throw CancellationError()
  }

  private func open(_ peer: Peer, _ contexts: [ContextProposal]) throws -> Association {
    try Association.request(
      to: peer, as: try title("USER"), contexts: contexts, options: options())
  }

  @Test("stores, finds, gets, moves, and promises to keep")
  func services() throws {
    let folder = try TemporaryFolder()
    let user = try LoopbackTests.Node("USER")
    let (server, peer) = try start(folder, user: user.peer)
    let dataSets = try (1...3).map { try Samples.capture($0, pixelBytes: 60_000) }
    let association = try open(
      peer,
      [
        ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian]), .find(.study),
        .move(.study), .storageCommitment,
      ])
    for dataSet in dataSets {
      let answer = try association.store(
        try Samples.request(dataSet), transferSyntax: .explicitVRLittleEndian,
        dataSet: try DataSetEncoder.encode(dataSet, transferSyntax: .explicitVRLittleEndian))
      #expect(answer.status == .success)
    }
    let study = try dataSets[0].requiredString(.studyInstanceUID)
    var keys = DataSet()
    keys.setKey(.studyInstanceUID, study)
    keys.setKey(.seriesInstanceUID, study + ".1")
    keys.setKey(.sopInstanceUID)
    let (matches, answer) = try association.find(.study, level: .image, keys: keys)
    #expect(answer.status == .success)
    #expect(
      Set(matches.compactMap { $0.string(.sopInstanceUID) })
        == Set(dataSets.compactMap { $0.string(.sopInstanceUID) }))

    keys.remove(.sopInstanceUID)
    let moved = try association.move(.study, level: .series, keys: keys, to: try title("USER"))
    #expect(moved.answer.status == .success)
    let kept = user.services.kept.withLock { $0 }
    #expect(kept.count == 3)

    let request = StorageCommitment.Request(
      transactionUID: "2.25.\(UInt32.random(in: 1...UInt32.max))",
      references: try dataSets.map {
        .init(
          sopClassUID: SOPClass.secondaryCapture,
          sopInstanceUID: try $0.requiredString(.sopInstanceUID))
      } + [.init(sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: "1.2.3.4")])
    #expect(try association.requestCommitment(request).status == .success)
    try association.release()
    let result = try promise(to: user).commitment
    #expect(result?.transactionUID == request.transactionUID)
    #expect(result?.committed.count == 3)
    #expect(result?.failed.map(\.reference.sopInstanceUID) == ["1.2.3.4"])
    try get(peer, keys, dataSets)
    withExtendedLifetime(server) {}
  }

  /// Waits for the promise, which Orthanc sends on an association of its own.
  private func promise(to user: LoopbackTests.Node) throws -> EventReport {
    let deadline = ContinuousClock.now.advanced(by: .seconds(30))
    while ContinuousClock.now < deadline {
      if let event = user.services.events.withLock({ $0.first }) { return event }
      let association = try open(user.peer, [.verification])
      _ = try association.echo()
      try association.release()
    }
    return try #require(user.services.events.withLock { $0.first })
  }

  private func get(_ peer: Peer, _ keys: DataSet, _ sent: [DataSet]) throws {
    let association = try open(
      peer,
      [
        .get(.study),
        ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian], role: .provider),
      ])
    var pixels: [String: [UInt8]] = [:]
    let outcome = try association.get(.study, level: .series, keys: keys) {
      (instance, stream) throws(AssociationError) in
      let bytes = try stream.whole(limit: 1 << 20)
      do {
        let dataSet = try DataSetDecoder.decode(bytes, transferSyntax: instance.transferSyntax)
        pixels[instance.sopInstanceUID] = dataSet[.pixelData]?.bytes.map(Array.init)
      } catch {
        return .cannotUnderstand
      }
      return .success
    }
    #expect(outcome.answer.status == .success)
    #expect(outcome.progress.completed ?? 3 == 3)
    for dataSet in sent {
      let uid = try dataSet.requiredString(.sopInstanceUID)
      #expect(pixels[uid] == dataSet[.pixelData]?.bytes.map(Array.init))
    }
    try association.release()
  }
}

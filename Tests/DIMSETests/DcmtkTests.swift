import DICOM
import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing

/// Our user against dcmtk's servers, our provider against its clients.
@Suite(
  "dcmtk", .serialized, .timeLimit(.minutes(2)), .enabled(if: Tools.has("storescp", "echoscu")))
struct DcmtkTests {
  private func options() -> Association.Options {
    Association.Options(timeouts: Timeouts(all: .seconds(20)))
  }

  /// Starts a server at a free port and asks until it answers.
  private func start(
    _ name: String, called: String, _ arguments: (UInt16) -> [String]
  ) throws -> (Server, Peer) {
    for _ in 0..<10 {
      let port = UInt16.random(in: 20_000...60_000)
      let peer = Peer(host: "127.0.0.1", port: port, aeTitle: try title(called))
      let server = try Server(name, arguments(port))
      let deadline = ContinuousClock.now.advanced(by: .seconds(5))
      while ContinuousClock.now < deadline {
        do {
          let association = try Association.request(
            to: peer, as: try title("USER"), contexts: [.verification], options: options())
          let answer = try association.echo()
          try association.release()
          if answer.status == .success { return (server, peer) }
        } catch AssociationError.cannotConnect {
          // Not listening yet, or never: the port may be taken.
        }
      }
    }
    throw CancellationError()
  }

  @Test("storescp takes instances, and dcmdump reads what it kept")
  func storescp() throws {
    let folder = try TemporaryFolder()
    let (server, peer) = try start("storescp", called: "ANY-SCP") { port in
      ["-od", folder.path, "+xa", String(port)]
    }
    let association = try Association.request(
      to: peer, as: try title("USER"), contexts: [ContextProposal(SOPClass.secondaryCapture)],
      options: options())
    let syntax = try #require(
      association.transferSyntaxes(for: SOPClass.secondaryCapture).first)
    let dataSet = try Samples.capture(pixelBytes: 50_000)
    let bytes = try DataSetEncoder.encode(dataSet, transferSyntax: syntax)
    let answer = try association.store(
      try Samples.request(dataSet), transferSyntax: syntax, dataSet: bytes)
    #expect(answer.status == .success)
    try association.release()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let name = try #require(names.first)
    let dump = try Tools.run("dcmdump", [folder.path + "/" + name])
    #expect(dump.output.contains("[RT_18Gy_1Fx_04.23.2020]"))
    let file = try DICOMFile.read(path: folder.path + "/" + name, extent: .everything)
    #expect(
      file.dataSet[.pixelData]?.bytes.map(Array.init) == dataSet[.pixelData]?.bytes.map(Array.init))
    withExtendedLifetime(server) {}
  }

  @Test("storescp's refusal of an association is told in words")
  func refused() throws {
    let (server, peer) = try start("storescp", called: "ANY-SCP") { ["--ignore", String($0)] }
    let refusing = UInt16.random(in: 20_000...60_000)
    let second = try Server("storescp", ["--refuse", String(refusing)])
    let target = Peer(host: "127.0.0.1", port: refusing, aeTitle: peer.aeTitle)
    var error: AssociationError?
    let deadline = ContinuousClock.now.advanced(by: .seconds(5))
    repeat {
      error = #expect(throws: AssociationError.self) {
        _ = try Association.request(
          to: target, as: try title("USER"), contexts: [.verification], options: options())
      }
    } while error?.isUnreachable == true && ContinuousClock.now < deadline
    #expect(error == .rejected(AssociateReject(result: 1, source: 1, reason: 1)))
    withExtendedLifetime((server, second)) {}
  }

  @Test("echoscu and storescu are served", arguments: [4096, 16384, 131_072])
  func clients(maximum: Int) throws {
    let node = try LoopbackTests.Node()
    let address = ["127.0.0.1", String(node.peer.port)]
    let echo = try Tools.run("echoscu", ["-aec", "NODE"] + address)
    #expect(echo.status == 0, "\(echo.output)")
    let folder = try TemporaryFolder()
    let dataSet = try Samples.capture(pixelBytes: 200_000)
    let path = folder.path + "/one.dcm"
    try Data(try DICOMFile.bytes(of: dataSet)).write(to: URL(fileURLWithPath: path))
    let store = try Tools.run(
      "storescu", ["-aec", "NODE", "--max-pdu", String(maximum)] + address + [path])
    #expect(store.status == 0, "\(store.output)")
    let kept = node.services.kept.withLock { $0 }
    let file = try DICOMFile.read(path: path)
    #expect(kept.map(\.bytes.count) == [file.byteCount - file.bodyOffset])
  }

  @Test("dcmqrscp stores, finds, gets and moves")
  func dcmqrscp() throws {
    let folder = try TemporaryFolder()
    let listener = try LoopbackTests.Node("USER")
    let configuration = folder.path + "/dcmqrscp.cfg"
    let text = """
      NetworkTCPPort = 104
      MaxPDUSize = 16384
      MaxAssociations = 16
      HostTable BEGIN
      user = (USER, 127.0.0.1, \(listener.peer.port))
      HostTable END
      VendorTable BEGIN
      VendorTable END
      AETable BEGIN
      DCMQRSCP \(folder.path) RW (500, 1024mb) ANY
      AETable END
      """
    try text.write(toFile: configuration, atomically: true, encoding: .utf8)
    let (server, peer) = try start("dcmqrscp", called: "DCMQRSCP") {
      ["-c", configuration, String($0)]
    }
    let association = try Association.request(
      to: peer, as: try title("USER"),
      contexts: [
        ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian]), .find(.study),
        .get(.study), .move(.study),
        ContextProposal(
          SOPClass.multiFrameTrueColorSecondaryCapture, [.explicitVRLittleEndian], role: .both),
      ], options: options())
    for number in 1...3 {
      let dataSet = try Samples.capture(number, pixelBytes: 5000)
      let bytes = try DataSetEncoder.encode(dataSet, transferSyntax: .explicitVRLittleEndian)
      let answer = try association.store(
        try Samples.request(dataSet), transferSyntax: .explicitVRLittleEndian, dataSet: bytes)
      #expect(answer.status == .success)
    }
    var keys = DataSet()
    try keys.set(.studyInstanceUID, "1.2.826.0.1.3680043.9.9999.7")
    try keys.set(.seriesInstanceUID, "1.2.826.0.1.3680043.9.9999.7.1")
    keys.setEmpty(.sopInstanceUID)
    keys.setEmpty(.instanceNumber)
    let (matches, answer) = try association.find(.study, level: .image, keys: keys)
    #expect(answer.status == .success)
    #expect(try matches.map { try $0.requiredInteger(.instanceNumber) }.sorted() == [1, 2, 3])

    keys.remove(.sopInstanceUID)
    keys.remove(.instanceNumber)
    let moved = try association.move(
      .study, level: .series, keys: keys, to: try title("USER"))
    #expect(moved.answer.status == .success)
    #expect(listener.services.kept.withLock { $0.count } == 3)
    try association.release()

    let getting = try Association.request(
      to: peer, as: try title("USER"),
      contexts: [
        .get(.study),
        ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian], role: .provider),
      ], options: options())
    var count = 0
    let got = try getting.get(.study, level: .series, keys: keys) {
      (_, stream) throws(AssociationError) in
      count += try stream.whole(limit: 1 << 20).count > 5000 ? 1 : 0
      return .success
    }
    #expect(got.answer.status == .success)
    #expect(count == 3)
    try getting.release()
    withExtendedLifetime(server) {}
  }

  @Test("200 slices as large as a map's, on one association")
  func many() throws {
    let (server, peer) = try start("storescp", called: "ANY-SCP") { ["--ignore", String($0)] }
    let association = try Association.request(
      to: peer, as: try title("USER"),
      contexts: [ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian])],
      options: options())
    for number in 1...200 {
      let dataSet = try Samples.capture(number, pixelBytes: 786_432)
      let answer = try association.store(
        try Samples.request(dataSet), transferSyntax: .explicitVRLittleEndian,
        dataSet: try DataSetEncoder.encode(dataSet, transferSyntax: .explicitVRLittleEndian))
      #expect(answer.status == .success)
    }
    try association.release()
    withExtendedLifetime(server) {}
  }
}

extension AssociationError {
  fileprivate var isUnreachable: Bool {
    if case .cannotConnect = self { true } else { false }
  }
}

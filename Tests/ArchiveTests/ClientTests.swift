import Archive
import DICOM
import DIMSE
import Foundation
import TestSupport
import Testing

/// dcmtk's own clients against the archive.
@Suite(
  "dcmtk's clients and the archive", .timeLimit(.minutes(1)),
  .enabled(if: Tools.has("echoscu", "storescu", "findscu", "getscu", "movescu")))
struct ClientTests {
  private let study = "1.2.826.0.1.3680043.9.9999.7"

  @Test("echoscu, storescu, findscu and getscu get what they ask for")
  func clients() throws {
    let running = try RunningArchive()
    let address = ["-aec", "ARCHIVE", "127.0.0.1", String(running.peer.port)]
    let work = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: work.path + "/out", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: work.path + "/in", withIntermediateDirectories: true)
    for number in 1...4 {
      let bytes = try DICOMFile.bytes(of: try Samples.capture(number, pixelBytes: 40_000))
      try Data(bytes).write(to: URL(fileURLWithPath: "\(work.path)/out/\(number).dcm"))
    }
    let echo = try Tools.run("echoscu", address)
    #expect(echo.status == 0, "\(echo.output)")
    let store = try Tools.run("storescu", ["+sd"] + address + [work.path + "/out"])
    #expect(store.status == 0, "\(store.output)")
    #expect(running.archive.count == 4)

    let find = try Tools.run(
      "findscu",
      ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName=DOE*", "-k", "StudyDate=2020-"]
        + ["-k", "NumberOfStudyRelatedInstances", "-k", "StudyInstanceUID"] + address)
    #expect(find.status == 0, "\(find.output)")
    #expect(find.output.contains(study), "\(find.output)")
    #expect(find.output.contains("[4 ]") || find.output.contains("[4]"), "\(find.output)")

    let get = try Tools.run(
      "getscu",
      ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=\(study)"]
        + ["-od", work.path + "/in"] + address)
    #expect(get.status == 0, "\(get.output)")
    let fetched = try FileManager.default.contentsOfDirectory(atPath: work.path + "/in")
    #expect(fetched.count == 4)
    for name in fetched {
      let file = try DICOMFile.read(path: work.path + "/in/" + name, extent: .everything)
      let number = try file.dataSet.requiredInteger(.instanceNumber)
      let sent = try Samples.capture(number, pixelBytes: 40_000)
      #expect(
        file.dataSet[.pixelData]?.bytes.map(Array.init)
          == sent[.pixelData]?.bytes.map(Array.init))
    }
  }

  @Test("movescu has instances moved to a storescp")
  func move() throws {
    let work = try TemporaryFolder()
    let port = UInt16.random(in: 20_000...60_000)
    let target = Peer(host: "127.0.0.1", port: port, aeTitle: try title("MOVESCU"))
    let running = try RunningArchive(
      options: .init(destinations: [target.aeTitle: target]))
    _ = try running.store(try (1...3).map { try Samples.capture($0) })
    let move = try Tools.run(
      "movescu",
      ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=\(study)"]
        + ["-aet", "MOVESCU", "-aem", "MOVESCU", "--port", String(port), "-od", work.path]
        + ["-aec", "ARCHIVE", "127.0.0.1", String(running.peer.port)])
    #expect(move.status == 0, "\(move.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: work.path).count == 3)
  }

  @Test("a stranger is turned away by name")
  func stranger() throws {
    let running = try RunningArchive(options: .init(allowedCallers: [try title("FRIEND")]))
    let address = ["-aec", "ARCHIVE", "127.0.0.1", String(running.peer.port)]
    let stranger = try Tools.run("echoscu", ["-aet", "STRANGER"] + address)
    #expect(stranger.status != 0)
    #expect(stranger.output.contains("Calling AE Title Not Recognized"), "\(stranger.output)")
    let friend = try Tools.run("echoscu", ["-aet", "FRIEND"] + address)
    #expect(friend.status == 0, "\(friend.output)")
  }
}

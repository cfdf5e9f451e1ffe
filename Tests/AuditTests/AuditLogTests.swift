import Audit
import Digest
import Files
import Foundation
import JSON
import TestSupport
import Testing

@Suite("Audit log") struct AuditLogTests {
  private static func record(_ event: AuditRecord.Event, detail: String? = nil) -> AuditRecord {
    AuditRecord(
      event: event, at: "2026-01-02T03:04:05Z", account: "rt", host: "ws1",
      people: ["Erika Muster", "J. \"Q\" <Doe>"], patientID: "P&1", studyInstanceUID: "1.2.3",
      seriesInstanceUIDs: ["1.2.3.4"], sopClasses: ["1.2.840.10008.5.1.4.1.1.7": 3],
      manifestSHA256: String(repeating: "a", count: 64), destination: "PACS@10.0.0.1:104",
      detail: detail)
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(_ count: Int) throws -> String {
    let path = folder.path + "/deeper/audit.jsonl"
    let log = AuditLog(path: path)
    for index in 0..<count {
      try log.append(Self.record(AuditRecord.Event.allCases[index % 7], detail: "\(index)"))
    }
    return path
  }

  @Test("records come back as they were written, and the chain holds")
  func roundTrip() throws {
    let path = try written(9)
    let chain = try AuditChain(readingFrom: path)
    #expect(chain.records.count == 9)
    #expect(chain.records[3] == Self.record(AuditRecord.Event.allCases[3], detail: "3"))
    #expect(chain.brokenAt == nil)
    #expect(!chain.isTorn)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test("each line names the digest of the line before it, as sha256sum counts it")
  func digests() throws {
    let lines = try String(contentsOfFile: written(3), encoding: .utf8)
      .split(separator: "\n")
    #expect(try JSON(parsing: String(lines[0]))["previous"]?.stringValue == AuditLog.beginning)
    for index in 1..<3 {
      let previous = try JSON(parsing: String(lines[index]))["previous"]?.stringValue
      #expect(previous == SHA256.hex(Array(lines[index - 1].utf8)))
    }
  }

  @Test("a line altered, taken out, put in or moved is found", arguments: 0..<5)
  func tampering(kind: Int) throws {
    let path = try written(6)
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(
      String.init)
    switch kind {
    case 0: lines[2] = lines[2].replacing("\"2\"", with: "\"7\"")
    case 1: lines.remove(at: 2)
    case 2: lines.insert(lines[1], at: 2)
    case 3: lines.swapAt(2, 3)
    default: lines[2] = "nothing"
    }
    try lines.joined(separator: "\n").appending("\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let chain = try AuditChain(readingFrom: path)
    #expect(chain.brokenAt == (kind == 0 ? 4 : 3))
  }

  @Test("a torn last line is told and does not stop the next one")
  func torn() throws {
    let path = try written(2)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(#"{"number":3,"prev"#.utf8))
    try handle.close()
    #expect(try AuditChain(readingFrom: path).isTorn)
    try AuditLog(path: path).append(Self.record(.sent))
    let chain = try AuditChain(readingFrom: path)
    #expect(chain.records.count == 3)
    #expect(chain.brokenAt == nil)
    let last = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").last
    #expect(try JSON(parsing: String(last ?? ""))["afterTornLine"]?.boolValue == true)
  }

  @Test("a log that cannot be written, or whose end is damaged, refuses the record")
  func refused() throws {
    let folder = folder.path
    #expect(throws: AuditError.self) { try AuditLog(path: folder).append(Self.record(.sent)) }
    let path = try written(1)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("garbage\n".utf8))
    try handle.close()
    #expect(throws: AuditError.broken(path: path, line: 2)) {
      try AuditLog(path: path).append(Self.record(.sent))
    }
  }

  @Test("many writers at once make one whole chain")
  func concurrent() throws {
    let path = try written(1)
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      do { try AuditLog(path: path).append(Self.record(.sent, detail: "\(index)")) } catch {
        Issue.record(error)
      }
    }
    let chain = try AuditChain(readingFrom: path)
    #expect(chain.records.count == 41)
    #expect(chain.brokenAt == nil)
  }

  @Test("an audit message is XML with its codes and participants")
  func message() throws {
    let xml = AuditMessage(Self.record(.sending, detail: "3 of 3"), application: "push2pacs").xml
    let names = try Elements.read(xml)
    #expect(names.filter { $0.name == "ActiveParticipant" }.count == 5)
    let event = try #require(names.first { $0.name == "EventID" })
    #expect(event.attributes["csd-code"] == "110102")
    let person = try #require(names.first { $0.attributes["UserName"]?.hasPrefix("J.") == true })
    #expect(person.attributes["UserName"] == "J. \"Q\" <Doe>")
    let patient = try #require(
      names.first { $0.attributes["ParticipantObjectTypeCodeRole"] == "1" })
    #expect(patient.attributes["ParticipantObjectID"] == "P&1")
  }
}

/// The elements of an XML text, as an independent parser reads them.
enum Elements {
  struct Element: Codable {
    let name: String
    let attributes: [String: String]
  }

  static func read(_ xml: String) throws -> [Element] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sys,json,xml.etree.ElementTree as e;print(json.dumps([{'name':x.tag,'attributes':x.attrib} for x in e.fromstring(sys.stdin.read()).iter()]))",
    ]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(xml.utf8))
    try input.fileHandleForWriting.close()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return try JSONDecoder().decode([Element].self, from: bytes)
  }
}

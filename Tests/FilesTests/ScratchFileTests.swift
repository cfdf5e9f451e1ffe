import Files
import Foundation
import Testing

@Suite("Scratch files") struct ScratchFileTests {
  @Test("bytes come back, and nothing is to be seen in the folder")
  func roundTrip() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "scratch-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try ScratchFile(in: folder)
    try file.write([1, 2, 3, 4], at: 10)
    try file.write([9, 9], at: 11)
    #expect(try file.read(4, at: 10) == [1, 9, 9, 4])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    let error = try #require(throws: FileTrouble.self) { try file.read(4, at: 12) }
    #expect(error.doing == "read")
    #expect(throws: FileTrouble.self) { try ScratchFile(in: folder + "/none") }
  }
}

import Files
import Foundation
import Testing

@Suite("Private files") struct PrivateFileTests {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "files-\(UUID().uuidString)"
    try PrivateFile.makeFolder(folder)
  }

  @Test("a written file is private and holds what was written")
  func written() throws {
    let path = folder + "/a"
    try PrivateFile.write(Array("hello".utf8), to: path)
    #expect(try PrivateFile.read(path, atMost: 10) == Array("hello".utf8))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    #expect(try FolderListing(folder, depth: 0).entries.map(\.path) == ["a"])
  }

  @Test("a planted link is neither followed nor overwritten")
  func link() throws {
    let target = folder + "/target"
    try PrivateFile.write(Array("secret".utf8), to: target)
    let link = folder + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    #expect(throws: FileTrouble.self) { try PrivateFile.create([1], at: link) }
    #expect(throws: FileTrouble.self) { _ = try PrivateFile.read(link, atMost: 10) }
    #expect(throws: AppendedLines.Trouble.self) { _ = try AppendedLines(path: link) }
    #expect(try PrivateFile.read(target, atMost: 10) == Array("secret".utf8))
  }

  @Test("a file that is larger than it may be is not read")
  func tooLarge() throws {
    try PrivateFile.write([1, 2, 3], to: folder + "/a")
    #expect(throws: FileTrouble.self) { _ = try PrivateFile.read(folder + "/a", atMost: 2) }
  }

  @Test("a torn last line is dropped and the next one follows the whole ones")
  func torn() throws {
    let path = folder + "/journal"
    try PrivateFile.write(Array("one\ntwo\nthr".utf8), to: path)
    do {
      let journal = try AppendedLines(path: path)
      #expect(journal.lines == ["one", "two"])
      try journal.append("three")
    }
    let again = try AppendedLines(path: path)
    #expect(again.lines == ["one", "two", "three"])
  }

  @Test("a journal is held by one at a time")
  func held() throws {
    let path = folder + "/journal"
    let first = try AppendedLines(path: path)
    let error = #expect(throws: AppendedLines.Trouble.self) {
      _ = try AppendedLines(path: path)
    }
    #expect(error == .held(path: path))
    try first.append("still mine")
  }

  @Test("a file of a folder is written from beside it, also over what a killed run left there")
  func besideFolder() throws {
    let stage = folder + "/stage"
    try PrivateFile.makeFolder(stage)
    let left = folder + "/.push2pacs-a.part-\(ProcessInfo.processInfo.processIdentifier)"
    try PrivateFile.write([9], to: left)
    try PrivateFile.write([1], named: "a", in: stage, for: nil)
    try PrivateFile.write([2], named: "a", in: stage + "/", for: nil)
    #expect(try PrivateFile.read(stage + "/a", atMost: 10) == [2])
    #expect(
      try FolderListing(folder, depth: 1).entries.map(\.path).sorted() == ["stage", "stage/a"])
    let attributes = try FileManager.default.attributesOfItem(atPath: stage + "/a")
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }

  @Test("old temporary files of processes that are gone are taken away, and nothing else")
  func leftovers() throws {
    let names = [
      ".push2pacs-confirmation.json.part-2147483000", ".scratch-2147483000-17",
      ".push2pacs-confirmation.json.part-\(ProcessInfo.processInfo.processIdentifier)",
      ".push2pacs-confirmation.json.part-", ".push2pacs-confirmation.json.part-1x",
      "part-2147483000",
      ".scratch-2147483000", "confirmation.json",
    ]
    for name in names { try PrivateFile.write([1], to: folder + "/" + name) }
    try PrivateFile.makeFolder(folder + "/.push2pacs-a.part-2147483000")
    Leftovers.clear(in: folder)
    #expect(try FolderListing(folder, depth: 0).entries.count == names.count + 1, "all are young")
    let old = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -3600)]
    for name in names {
      try FileManager.default.setAttributes(old, ofItemAtPath: folder + "/" + name)
    }
    Leftovers.clear(in: folder)
    #expect(
      try FolderListing(folder, depth: 0).entries.map(\.path)
        == (names.dropFirst(2) + [".push2pacs-a.part-2147483000"]).sorted())
  }

  @Test("of many who make one file at once one has made it, and it is whole")
  func madeOnce() throws {
    let path = folder + "/key"
    #expect(try PrivateFile.makeOnce([1, 2, 3], at: path))
    #expect(try !PrivateFile.makeOnce([4, 5, 6], at: path))
    #expect(try PrivateFile.read(path, atMost: 10) == [1, 2, 3])
    #expect(try FolderListing(folder, depth: 0).entries.map(\.path) == ["key"])
  }

  @Test("a journal whose name has gone to another file is held under its name")
  func replaced() throws {
    let path = folder + "/journal"
    let first = try AppendedLines(path: path)
    try PrivateFile.write(Array("new\n".utf8), to: path)
    let second = try AppendedLines(path: path)
    #expect(second.lines == ["new"])
    try first.append("to nobody")
    try second.append("kept")
    #expect(try PrivateFile.read(path, atMost: 100) == Array("new\nkept\n".utf8))
  }

  @Test("many who make the same folders at once all have them")
  func foldersAtOnce() throws {
    for round in 0..<50 {
      let path = "\(folder)/\(round)/b/c"
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        do { try PrivateFile.makeFolders(path) } catch { Issue.record(error) }
      }
      #expect(FolderListing.exists(path))
    }
  }
}

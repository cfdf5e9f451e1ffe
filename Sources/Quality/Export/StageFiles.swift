import Files
import Workers

/// The files of a stage while it is being made: written, digested and brought to the disk.
///
/// Takes files on several threads at once.
struct StageFiles: Sendable {
  /// Where the stage is while it is being made.
  let folder: String
  let timings: Timings?
  private let digests = DigestQueue()
  private let flushes = FlushQueue()

  init(folder: String, timings: Timings?) {
    self.folder = folder
    self.timings = timings
  }

  /// Writes what is going to be sent.
  func write(capture bytes: [UInt8], _ name: String) throws(FileTrouble) {
    try timings.measure("write the captures") { () throws(FileTrouble) in
      try PrivateFile.create(bytes, at: FilePath.joined(folder, name), flushedBy: flushes)
    }
    timings.measure("digests of the stage") { digests.add(bytes, named: name) }
  }

  /// Writes what the review page is made of; it can be made again.
  func write(review bytes: [UInt8], _ name: String) throws(FileTrouble) {
    try PrivateFile.create(bytes, at: FilePath.joined(folder, name), flush: false)
    timings.measure("digests of the stage") { digests.add(bytes, named: name) }
  }

  /// The digests of all files that were written until now, by name.
  func digested() -> [String: String] {
    timings.measure("digests of the stage") { digests.finish() }
  }

  /// Waits until all that is going to be sent is on the disk.
  func finish() throws(FileTrouble) { try flushes.finish() }
}

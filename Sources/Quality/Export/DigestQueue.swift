import Digest
import Synchronization

/// Digests of files that are written on several threads.
///
/// Files wait until there are enough of them to be taken in beside each other, which costs half.
final class DigestQueue: Sendable {
  private struct File {
    let name: String
    let bytes: [UInt8]
  }

  private struct State {
    var waiting: [File] = []
    var digests: [String: String] = [:]
  }

  /// A slice is three files: four of each kind lie beside each other.
  private static let batch = 12

  private let state = Mutex(State())

  /// Takes in a file, now or with others.
  func add(_ bytes: [UInt8], named name: String) {
    let batch = state.withLock { state -> [File] in
      state.waiting.append(File(name: name, bytes: bytes))
      guard state.waiting.count >= Self.batch else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    digest(batch)
  }

  /// The digests of all files by name, 64 hex digits each.
  func finish() -> [String: String] {
    digest(
      state.withLock { state in
        defer { state.waiting = [] }
        return state.waiting
      })
    return state.withLock { $0.digests }
  }

  private func digest(_ files: [File]) {
    guard !files.isEmpty else { return }
    let digests = SHA256.digests(of: files.map(\.bytes)).map(Hex.text)
    state.withLock { state in
      for (file, digest) in zip(files, digests) { state.digests[file.name] = digest }
    }
  }
}

/// That a stage was found intact in this run, and how to tell that a file has not changed since.
///
/// A digest of every byte takes longer than sending it: it is made once, before anything is sent.
package struct StageProof: Sendable {
  private let key: Fingerprint.Key
  private let fingerprints: [String: Fingerprint]

  init(key: Fingerprint.Key, fingerprints: [String: Fingerprint]) {
    self.key = key
    self.fingerprints = fingerprints
  }

  /// Whether these bytes are those that were digested under this name; `false` where none were.
  package func covers(_ bytes: [UInt8], as file: String) -> Bool {
    guard let known = fingerprints[file] else { return false }
    return known == Fingerprint(of: bytes.span.bytes, key: key)
  }
}

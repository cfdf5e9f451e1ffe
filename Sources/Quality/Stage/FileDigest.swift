import Digest
package import Files

/// The SHA-256 of a file that need not fit into memory.
package enum FileDigest {
  /// 64 hex digits.
  package static func hex(of path: String) throws(FileTrouble) -> String {
    var hash = SHA256()
    try PrivateFile.readPieces(path) { hash.update($0) }
    return Hex.text(hash.finish())
  }
}

import Digest
package import Files
import JSON

/// The site's secret: who does not hold it cannot make a confirmation.
package struct SiteKey: Sendable {
  let bytes: [UInt8]

  /// Reads the key, or makes it on first use: 32 random bytes as hex.
  ///
  /// - Parameter group: who may read it beside its owner.
  package static func load(
    from path: String, for group: GroupAccess? = nil
  ) throws(KeyError) -> SiteKey {
    if !FolderListing.exists(path) {
      var generator = SystemRandomNumberGenerator()
      let random = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      do {
        try PrivateFile.makeFolders(FilePath.folder(of: path))
        // Somebody else may make it at the same moment: then theirs is the key.
        _ = try PrivateFile.makeOnce(
          Array((Hex.text(random) + "\n").utf8), at: path,
          mode: group == nil ? 0o600 : GroupAccess.fileMode, for: group)
      } catch { throw .file(error) }
    }
    let text: [UInt8]
    do { text = try PrivateFile.read(path, atMost: 4096) } catch { throw .file(error) }
    let line = String(decoding: text, as: UTF8.self).filter { !$0.isWhitespace }
    guard let bytes = Hex.bytes(line), bytes.count >= 32 else { throw .notAKey(path: path) }
    return SiteKey(bytes: bytes)
  }

  func code(_ message: [UInt8]) -> String { Hex.text(HMACSHA256.code(message, key: bytes)) }

  /// Tells this key from others, and nothing of what it is: 16 hex digits.
  package var name: String { String(code(Array("the name of this key".utf8)).prefix(16)) }

  /// An object with its code, `mac`, over the rest of it, `sealedBy` with the key's name among it.
  func sealing(_ document: JSON) -> JSON {
    guard var object = document.objectValue else { return document }
    object["sealedBy"] = .string(name)
    object["mac"] = .string(code(Self.text(of: object)))
    return .object(object)
  }

  /// What the seal of an object says.
  func seal(of document: JSON) -> Seal {
    guard let object = document.objectValue, object["sealedBy"]?.stringValue == name else {
      return .foreign
    }
    guard let mac = object["mac"]?.stringValue.flatMap(Hex.bytes),
      let own = Hex.bytes(code(Self.text(of: object))), HMACSHA256.areEqual(mac, own)
    else { return .broken }
    return .whole
  }

  private static func text(of object: JSONObject) -> [UInt8] {
    var rest = object
    rest["mac"] = nil
    return JSON.object(rest).sortedByKey.bytes()
  }
}

/// Why the site's key cannot be used.
package enum KeyError: Error, Equatable, CustomStringConvertible {
  case file(FileTrouble)
  case notAKey(path: String)

  package var description: String {
    switch self {
    case .file(let trouble): "the site's key: \(trouble)"
    case .notAKey(let path):
      "\(path) holds no key of at least 64 hex digits; take it away to have a new one made"
    }
  }
}

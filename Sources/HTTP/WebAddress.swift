import Foundation

/// Where a web service is, or one of its resources: https, or http on this very machine.
///
/// It holds no user name, no password and no fragment; whatever goes into its path or query is
/// percent-encoded. RFC 3986.
package struct WebAddress: Hashable, Sendable {
  package let scheme: String
  /// In lower case, an IPv6 address without its brackets.
  package let host: String
  /// `nil`: the one of the scheme.
  package let port: Int?
  /// Percent-encoded, with a slash before each segment and none at the end.
  package private(set) var path: String
  /// Percent-encoded, without the question mark.
  package private(set) var query: String

  /// Reads the address of a service as people write it: `https://pacs.example/dicom-web`.
  package init(_ text: String) throws(WebError) {
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let host = parts.host, !host.isEmpty
    else { throw .address(text, .unreadable) }
    guard scheme == "https" || scheme == "http" else { throw .address(text, .scheme) }
    guard parts.user == nil, parts.password == nil else {
      // What stands there is a secret: it is not repeated.
      throw .address("\(scheme)://...@\(host)", .userInfo)
    }
    guard parts.fragment == nil else { throw .address(text, .unreadable) }
    if let port = parts.port, !(1...65535).contains(port) { throw .address(text, .unreadable) }
    self.scheme = scheme
    self.host = host.lowercased().filter { $0 != "[" && $0 != "]" }
    port = parts.port
    var path = parts.percentEncodedPath[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    self.path = String(path)
    query = parts.percentEncodedQuery ?? ""
    guard scheme == "https" || isLoopback else { throw .address(text, .notEncrypted) }
  }

  /// Whether it is this very machine, so that nothing goes over a wire.
  package var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Scheme, host and port: what a token is given to.
  package var origin: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return "\(scheme)://\(name)" + (port.map { ":\($0)" } ?? "")
  }

  /// Whether a request to the other one ends at the same service.
  package func hasSameOrigin(as other: WebAddress) -> Bool {
    scheme == other.scheme && host == other.host && effectivePort == other.effectivePort
  }

  private var effectivePort: Int { port ?? (scheme == "https" ? 443 : 80) }

  /// The resource below this one.
  package func appending(_ segments: String...) -> WebAddress {
    var result = self
    for segment in segments { result.path += "/" + Self.encoded(segment) }
    return result
  }

  /// The same resource with these parameters, in this order.
  package func asking(_ parameters: [(name: String, value: String)]) -> WebAddress {
    var result = self
    let more = parameters.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
    result.query = (query.isEmpty ? more : [query] + more).joined(separator: "&")
    return result
  }

  /// Where a link of an answer leads: a redirection, the next page of a search.
  ///
  /// - Throws: where it leads to another service: a token is not carried there.
  package func following(_ link: String) throws(WebError) -> WebAddress {
    guard let base = URL(string: text), let target = URL(string: link, relativeTo: base) else {
      throw .address(link, .unreadable)
    }
    let address = try WebAddress(target.absoluteString)
    guard hasSameOrigin(as: address) else {
      throw .redirected(from: origin, to: address.origin)
    }
    return address
  }

  /// The whole of it.
  package var text: String { origin + path + (query.isEmpty ? "" : "?\(query)") }

  var url: URL? {
    URL(string: path.isEmpty ? origin + "/" + (query.isEmpty ? "" : "?\(query)") : text)
  }

  /// The unreserved characters of RFC 3986 2.3 stay, everything else is encoded.
  private static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}

extension WebAddress: CustomStringConvertible {
  package var description: String { text }
}

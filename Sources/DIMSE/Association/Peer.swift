/// A node of the network: where it is and what it calls itself.
package struct Peer: Hashable, Sendable {
  package var host: String
  package var port: UInt16
  package var aeTitle: AETitle

  package init(host: String, port: UInt16, aeTitle: AETitle) {
    self.host = host
    self.port = port
    self.aeTitle = aeTitle
  }

  /// Reads `AETITLE@host:port`; an IPv6 address stands in brackets.
  package init?(_ text: String) {
    guard let at = text.firstIndex(of: "@"), let colon = text.lastIndex(of: ":"), at < colon,
      let title = AETitle(String(text[..<at])),
      let port = UInt16(text[text.index(after: colon)...]), port > 0
    else { return nil }
    var host = text[text.index(after: at)..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port, aeTitle: title)
  }
}

extension Peer: CustomStringConvertible {
  package var description: String {
    "\(aeTitle)@\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}

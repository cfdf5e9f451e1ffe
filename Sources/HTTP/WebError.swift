/// Why a request got no answer that can be used.
package enum WebError: Error, Equatable, Sendable {
  case address(String, AddressFault)
  case token(variable: String, TokenFault)
  /// The environment switches the check of certificates off.
  case certificatesUnchecked(variable: String)
  case nameNotFound(host: String)
  case cannotConnect(origin: String)
  case connectTimeout(origin: String, seconds: Int)
  case notTrusted(origin: String, detail: String)
  case tlsFailed(origin: String, detail: String)
  case timeout(origin: String, seconds: Int)
  case connectionLost(origin: String, detail: String)
  case redirected(from: String, to: String)
  case tooLarge(origin: String, limit: Int)
  case status(StatusFailure)
  /// An answer that is none.
  case badAnswer(origin: String, detail: String)
  /// A file that was to be sent or written.
  case file(String)
  case stopped

  package enum AddressFault: Sendable {
    case unreadable, scheme, userInfo, notEncrypted
  }

  package enum TokenFault: Sendable {
    case absent, unusable
  }

  /// Whether trying again can help; decides the exit code of a command.
  package enum Kind: Sendable {
    /// Nothing will change by itself: somebody must change something (69).
    case permanent
    /// The same again may work (75).
    case transient
    /// The service does not keep to the protocol (76).
    case protocolViolation
    /// The address or the token is wrong (78).
    case configuration
    /// Somebody stopped it (75).
    case cancelled
    /// Our own disk (74).
    case local
  }

  package var kind: Kind {
    switch self {
    case .address, .token, .certificatesUnchecked: .configuration
    case .nameNotFound, .cannotConnect, .connectTimeout, .notTrusted, .tlsFailed, .redirected:
      .permanent
    case .timeout, .connectionLost: .transient
    case .tooLarge, .badAnswer: .protocolViolation
    case .status(let failure): failure.isTransient ? .transient : .permanent
    case .file: .local
    case .stopped: .cancelled
    }
  }
}

extension StatusFailure {
  /// Whether the same request may succeed later.
  ///
  /// RFC 9110 15.5.9, 15.6; RFC 6585 4.
  package var isTransient: Bool { [408, 425, 429, 502, 503, 504].contains(code) }
}

extension WebError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .address(let text, .unreadable):
      "'\(text)' is no address of a web service; write it as https://host/path"
    case .address(let text, .scheme):
      "'\(text)' is no https address; write it as https://host/path"
    case .address(let text, .userInfo):
      "\(text) holds a user name or password; put a token into an environment variable instead"
    case .address(let text, .notEncrypted):
      "'\(text)' is not encrypted; patients' data go over https only (http to this machine alone)"
    case .token(let variable, .absent):
      "the environment variable \(variable), which should hold the token, is not set; set it and run it again"
    case .token(let variable, .unusable):
      "the token in \(variable) has characters that no token has; set it anew, without spaces or line ends"
    case .certificatesUnchecked(let variable):
      "the environment variable \(variable) switches the check of certificates off; unset it"
    case .nameNotFound(let host):
      "the host \(host) is not known. Check the name in the address."
    case .cannotConnect(let origin):
      "no connection to \(origin). Check address and port; ask whether the service runs and a firewall stands between."
    case .connectTimeout(let origin, let seconds):
      "no connection to \(origin) within \(seconds) s. Check address and port; ask whether the service runs and a firewall stands between."
    case .notTrusted(let origin, let detail):
      "the certificate of \(origin) is not trusted (\(detail)). Ask its administrators for the certificate of their authority, and have it added to this machine's trusted ones (Debian: /usr/local/share/ca-certificates, then update-ca-certificates)."
    case .tlsFailed(let origin, let detail):
      "no encrypted connection to \(origin) (\(detail)). Ask its administrators for TLS 1.2 or 1.3 on that port."
    case .timeout(let origin, let seconds):
      "\(origin) was silent for \(seconds) s. Run it again; ask its administrators when it stays so."
    case .connectionLost(let origin, let detail):
      "the connection to \(origin) broke (\(detail)). Run it again."
    case .redirected(let from, let to):
      "\(from) sends on to \(to); nothing is sent there. If that is right, write its address into the configuration."
    case .tooLarge(let origin, let limit):
      "\(origin) answered with more than \(limit) bytes where that is too much. Tell its administrators."
    case .status(let failure): "\(failure)"
    case .badAnswer(let origin, let detail):
      "\(origin) gave an answer that cannot be read: \(detail). Tell its administrators."
    case .file(let detail): detail
    case .stopped: "stopped"
    }
  }
}

extension StatusFailure: CustomStringConvertible {
  /// `https://pacs.example refused the token in PACS_TOKEN (401). Get a new one ...`.
  package var description: String {
    switch code {
    case 401:
      if let tokenVariable {
        "\(origin) does not accept the token in \(tokenVariable) (401). Get a new one, set it and run it again."
      } else {
        "\(origin) wants to know who asks (401). Name the variable of a token: \"tokenVariable\" in the configuration."
      }
    case 403:
      "\(origin) does not allow this (403). Ask its administrators for the permission\(tokenVariable.map { " of the token in \($0)" } ?? "")."
    case 404:
      "\(origin) has no such resource (404). Check the path of the address."
    case 408, 504: "\(origin) took too long (\(code)). Run it again."
    case 413: "\(origin) finds the request too large (413). Ask its administrators for the limit."
    case 429, 503:
      "\(origin) is busy (\(code))\(retryAfter.map { ", it asks to wait \($0) s" } ?? ""). Run it again later."
    case 300..<400:
      "\(origin) sends on elsewhere (\(code)). Write the address that it means into the configuration."
    case 500..<600:
      "\(origin) has a fault of its own (\(code)). Ask its administrators for the line in their log."
    default:
      "\(origin) refused the request (\(code)). Ask its administrators for the line in their log."
    }
  }
}

/// What a web service answered: with any status.
package struct WebResponse: Sendable, Equatable {
  package let status: Int
  /// Names in lower case.
  package let headers: [String: String]
  /// Empty where it went into a file.
  package let body: [UInt8]
  /// Whom it came from.
  package let origin: String
  /// The variable of the token that was shown, where one was.
  package let tokenVariable: String?

  package init(
    status: Int, headers: [String: String] = [:], body: [UInt8] = [], origin: String = "",
    tokenVariable: String? = nil
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.origin = origin
    self.tokenVariable = tokenVariable
  }

  /// A header, whatever the case of its name.
  package func header(_ name: String) -> String? { headers[name.lowercased()] }

  package var isSuccess: Bool { (200..<300).contains(status) }

  /// The status as an error, for a caller that cannot use it.
  package var failure: WebError {
    .status(
      StatusFailure(
        code: status, origin: origin, tokenVariable: tokenVariable, retryAfter: retryAfter))
  }

  /// Throws unless the status is one of the 200s.
  package func requireSuccess() throws(WebError) {
    guard isSuccess else { throw failure }
  }

  /// Seconds after which to ask again, where the service says so as a number.
  package var retryAfter: Int? {
    guard let seconds = header("retry-after").flatMap({ Int($0) }), (0...86400).contains(seconds)
    else { return nil }
    return seconds
  }
}

/// A status that says no, and what is needed to say what to do about it.
package struct StatusFailure: Hashable, Sendable {
  package let code: Int
  package let origin: String
  package let tokenVariable: String?
  package let retryAfter: Int?

  package init(code: Int, origin: String, tokenVariable: String? = nil, retryAfter: Int? = nil) {
    self.code = code
    self.origin = origin
    self.tokenVariable = tokenVariable
    self.retryAfter = retryAfter
  }
}

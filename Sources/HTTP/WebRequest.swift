/// What is asked of a web service.
package struct WebRequest: Sendable {
  package enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
  }

  package enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// A file, which is sent piece by piece and never held in memory as a whole.
    case file(String)
  }

  package var method: Method
  package var address: WebAddress
  /// In the order given; a token is not among them, the client adds it.
  package var headers: [(name: String, value: String)]
  package var body: Body

  package init(
    _ method: Method = .get, _ address: WebAddress,
    headers: [(name: String, value: String)] = [], body: Body = .none
  ) {
    self.method = method
    self.address = address
    self.headers = headers
    self.body = body
  }
}

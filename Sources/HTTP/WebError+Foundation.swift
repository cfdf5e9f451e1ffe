import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension WebError {
  /// What an error code of the URL loading system means here.
  init(foundation code: Int, detail: String, address: WebAddress) {
    let origin = address.origin
    switch code {
    case NSURLErrorCannotFindHost, NSURLErrorDNSLookupFailed:
      self = .nameNotFound(host: address.host)
    case NSURLErrorCannotConnectToHost, NSURLErrorNotConnectedToInternet:
      self = .cannotConnect(origin: origin)
    case NSURLErrorServerCertificateUntrusted, NSURLErrorServerCertificateHasBadDate,
      NSURLErrorServerCertificateHasUnknownRoot, NSURLErrorServerCertificateNotYetValid:
      self = .notTrusted(origin: origin, detail: detail)
    case NSURLErrorSecureConnectionFailed, NSURLErrorClientCertificateRejected,
      NSURLErrorClientCertificateRequired:
      self = .tlsFailed(origin: origin, detail: detail)
    case NSURLErrorTimedOut:
      self = .timeout(origin: origin, seconds: 60)
    case NSURLErrorBadServerResponse, NSURLErrorCannotParseResponse,
      NSURLErrorCannotDecodeContentData, NSURLErrorCannotDecodeRawData, NSURLErrorZeroByteResource:
      self = .badAnswer(origin: origin, detail: detail)
    case NSURLErrorBadURL:
      self = .address(address.text, .unreadable)
    case NSURLErrorUnsupportedURL:
      // The address was looked at before: it is the answer that is of no known kind.
      self = .badAnswer(origin: origin, detail: "it does not speak HTTP")
    case _ where detail.hasPrefix("SSL certificate problem") || detail.contains("subject name"):
      // Foundation on Linux has no code for these.
      self = .notTrusted(origin: origin, detail: detail)
    case _ where detail.contains("SSL") || detail.contains("TLS"):
      self = .tlsFailed(origin: origin, detail: detail)
    default:
      self = .connectionLost(origin: origin, detail: "\(detail), \(code)")
    }
  }
}

import Foundation
import CLibrary

/// What the environment of the process may do to requests, and must not.
enum Surroundings {
  /// Where Foundation on some systems looks for the certificates that are trusted.
  static let trustVariable = "URLSessionCertificateAuthorityInfoFile"

  /// Refuses a trust store that trusts everybody.
  static func requireChecking() throws(WebError) {
    let value = ProcessInfo.processInfo.environment[trustVariable]
    guard value != "INSECURE_SSL_NO_VERIFY" else {
      throw .certificatesUnchecked(variable: trustVariable)
    }
  }

  /// Whether requests go through another machine: then how it reaches a service is its affair.
  static var hasProxy: Bool {
    let environment = ProcessInfo.processInfo.environment
    return ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"].contains {
      environment[$0]?.isEmpty == false
    }
  }

  /// Keeps requests to this machine away from a proxy, which would get them unencrypted.
  static let keepLoopbackDirect: Void = {
    let environment = ProcessInfo.processInfo.environment
    let names = ["http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"]
    guard names.contains(where: { environment[$0]?.isEmpty == false }) else { return }
    let kept = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    let own = "localhost,127.0.0.1,::1"
    setenv("no_proxy", kept.isEmpty ? own : kept + "," + own, 1)
  }()
}

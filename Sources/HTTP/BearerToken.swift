import Foundation

/// A secret that lets a request in: RFC 6750.
///
/// It is read from an environment variable, never from a command line or a file, and no text that
/// describes it shows it.
package struct BearerToken: Sendable {
  /// The name of the variable that it came from.
  package let variable: String
  private let secret: String

  /// Takes the token out of a variable.
  ///
  /// - Throws: where there is none, or one that no header can carry.
  package init(
    variable: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(WebError) {
    guard let value = environment[variable], !value.isEmpty else {
      throw .token(variable: variable, .absent)
    }
    // RFC 6750 2.1, generously: visible ASCII without a space.
    guard value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), value.utf8.count <= 16384 else {
      throw .token(variable: variable, .unusable)
    }
    self.variable = variable
    secret = value
  }

  /// The value of the header Authorization.
  var header: String { "Bearer \(secret)" }
}

extension BearerToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "the token in $\(variable)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["variable": variable]) }
}

/// Somebody at a terminal who can be shown something and asked something.
package protocol Asking {
  /// Shows a line.
  mutating func show(_ line: String)

  /// Asks, and waits for a whole line; what was typed before the question is thrown away.
  ///
  /// - Throws: where nobody is there to answer any more.
  mutating func ask(_ question: String) throws(AskingEnded) -> String
}

/// The terminal was closed, or the person left.
package struct AskingEnded: Error, Equatable {
  package init() {}
}

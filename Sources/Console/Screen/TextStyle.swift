/// How text stands out on a terminal; `plain` leaves it as it is.
///
/// Colour never says anything alone: the words beside it do.
package struct TextStyle: Sendable, Equatable {
  package static let plain = TextStyle(isEnabled: false)
  package static let colored = TextStyle(isEnabled: true)

  package let isEnabled: Bool

  package func bold(_ text: String) -> String { wrap(text, "1") }
  package func dim(_ text: String) -> String { wrap(text, "2") }
  package func red(_ text: String) -> String { wrap(text, "31") }
  package func green(_ text: String) -> String { wrap(text, "32") }
  package func yellow(_ text: String) -> String { wrap(text, "33") }

  /// The text in one of the colours.
  package func apply(_ emphasis: Emphasis, _ text: String) -> String {
    switch emphasis {
    case .none: text
    case .bold: bold(text)
    case .dim: dim(text)
    case .red: red(text)
    case .green: green(text)
    case .yellow: yellow(text)
    }
  }

  /// SGR, ECMA-48 8.3.117.
  private func wrap(_ text: String, _ code: String) -> String {
    isEnabled && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// How one cell or word stands out.
package enum Emphasis: Sendable, Equatable {
  case none, bold, dim, red, green, yellow
}

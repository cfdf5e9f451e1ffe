package import JSON

/// What a rule has to say against a summary.
package struct Finding: Sendable, Equatable {
  package enum Severity: String, Sendable { case error, warning }

  /// The number of the rule, 1 to 46.
  package let rule: Int
  package let severity: Severity
  /// Which resource, as a person would call it.
  package let place: String
  package let text: String

  package init(_ rule: Int, _ severity: Severity, _ place: String, _ text: String) {
    self.rule = rule
    self.severity = severity
    self.place = place
    self.text = text
  }

  /// An error.
  package init(_ rule: Int, _ place: String, _ text: String) {
    self.init(rule, .error, place, text)
  }

  package var json: JSON {
    [
      "rule": .integer(rule), "severity": .string(severity.rawValue), "place": .string(place),
      "text": .string(text),
    ]
  }
}

extension Finding: CustomStringConvertible {
  package var description: String {
    let name =
      SummaryCheck.ruleNames.indices.contains(rule - 1) ? SummaryCheck.ruleNames[rule - 1] : ""
    return "rule \(rule) (\(name)), \(place): \(text)"
  }
}

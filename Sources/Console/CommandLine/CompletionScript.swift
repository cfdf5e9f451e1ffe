/// The shells that completion scripts are made for.
package enum CompletionShell: String, Sendable, CaseIterable {
  case bash, zsh, fish
}

extension ProgramSpecification {
  /// A completion script, made from the same tables as the parser.
  package func completions(for shell: CompletionShell) -> String {
    switch shell {
    case .bash: bashCompletions
    case .zsh: zshCompletions
    case .fish: fishCompletions
    }
  }

  /// The name of the shell function that completes.
  var completionFunction: String {
    "_" + String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }
}

extension String {
  /// The text in single quotes, as the Bourne family and zsh read it.
  var singleQuoted: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

import Console
import Testing

/// A command line up to the cursor, and what a shell should offer there.
struct CompletionCase: CustomTestStringConvertible, Sendable {
  let words: [String]
  let offered: Set<String>

  init(_ line: String, _ offered: Set<String>) {
    words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    self.offered = offered
  }

  var testDescription: String { words.joined(separator: " ") }
}

/// The generated scripts, run by the shells themselves.
@Suite("Completions") struct CompletionsTests {
  static let common: Set<String> = ["--json", "--quiet", "--config", "--help", "--version"]
  static let export: Set<String> = [
    "--isodoses", "--window", "--scale", "--sum", "--structures", "--pacs", "--output",
    "--multiframe", "--prior", "--planning", "--completed", "--limit",
  ]

  /// The program, which lists two names when asked as it should be; one of them is a trap.
  static let listing = """
    #!/bin/sh
    [ "$*" = "config --list pacs" ] && printf '%s\\n' main 'mirror$(touch${IFS}trap)' && exit
    touch wrong
    """

  /// What a shell made of a script; the names that were listed must not have been carried out.
  static func run(_ shell: String, _ arguments: [String], _ script: String) throws -> Shell.Outcome
  {
    let outcome = try Shell.run(
      shell, arguments, input: script, programs: ["push2pacs": listing])
    #expect(!outcome.files.contains("trap"))
    #expect(!outcome.files.contains("wrong"))
    return outcome
  }

  static let cases: [CompletionCase] = [
    .init("push2pacs export x --pacs ", ["main", "mirror$(touch${IFS}trap)"]),
    .init("push2pacs export x --pacs ma", ["main"]),
    .init("push2pacs ", ["export", "dose", "verify", "completions", "help"]),
    .init("push2pacs e", ["export"]),
    .init("push2pacs --quiet e", ["export"]),
    .init("push2pacs --config file e", ["export"]),
    .init("push2pacs help d", ["dose"]),
    .init("push2pacs export --s", ["--scale", "--sum", "--structures"]),
    .init("push2pacs dose --a", ["--at"]),
    .init("push2pacs export x --sum ", ["sequential", "concurrent", "beams"]),
    .init("push2pacs export x --sum c", ["concurrent"]),
    .init("push2pacs completions ", ["bash", "zsh", "fish"]),
    .init("push2pacs completions z", ["zsh"]),
    .init("push2pacs verify --qui", ["--quiet"]),
    .init("push2pacs export x --isodoses ", []),
  ]

  @Test(
    "bash offers what the parser takes", .enabled(if: Shell.has("bash")),
    arguments: cases + [
      .init("push2pacs export --", common.union(export)),
      .init("push2pacs verify --", common.union(["--looked"])),
      .init("push2pacs export --sum = ", ["sequential", "concurrent", "beams"]),
      .init("push2pacs export --sum = b", ["beams"]),
    ])
  func bash(_ example: CompletionCase) throws {
    // "--sum = " stands for --sum=, which bash hands over in three words
    var words = example.words
    if words.count > 2, words[words.count - 2] == "=", words.last == "" { words.removeLast() }
    let script = """
      \(ConsoleTests.example.completions(for: .bash))
      COMP_WORDS=(\(words.map(\.shellQuoted).joined(separator: " ")))
      COMP_CWORD=\(words.count - 1)
      _push2pacs
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let outcome = try Self.run("bash", ["-u"], script)
    // outside of a completion compopt is refused, which is silenced
    #expect(outcome.error == "")
    #expect(Set(outcome.output.split(separator: "\n").map(String.init)) == example.offered)
  }

  @Test(
    "fish offers what the parser takes", .enabled(if: Shell.has("fish")),
    arguments: cases + [
      .init("push2pacs export --sum=b", ["--sum=beams"])
    ])
  func fish(_ example: CompletionCase) throws {
    let script = """
      \(ConsoleTests.example.completions(for: .fish))
      complete -C '\(example.words.joined(separator: " "))'
      """
    let outcome = try Self.run("fish", ["--no-config"], script)
    #expect(outcome.error == "")
    let offered = outcome.output.split(separator: "\n").map {
      String($0.split(separator: "\t")[0])
    }
    #expect(Set(offered) == example.offered)
  }

  @Test("fish says what an option is for", .enabled(if: Shell.has("fish")))
  func fishHelp() throws {
    let script = example.completions(for: .fish) + "complete -C 'push2pacs export --iso'\n"
    let outcome = try Shell.run("fish", ["--no-config"], input: script)
    #expect(outcome.output == "--isodoses\tLevels, as 18,12,8\n")
  }

  /// zsh completes on a terminal only, so one is played to it: `zpty` of zsh itself.
  @Test("zsh offers what the parser takes", .enabled(if: Shell.has("zsh")), arguments: cases)
  func zsh(_ example: CompletionCase) throws {
    let script = """
      zmodload zsh/zpty
      cat > _push2pacs <<'SCRIPT'
      \(ConsoleTests.example.completions(for: .zsh))SCRIPT
      cat > setup.zsh <<'SCRIPT'
      PROMPT=
      fpath=($PWD $fpath)
      autoload -Uz compinit && compinit -u -D
      zstyle ':completion:*' completer _complete
      # hand over what would be offered in place of showing it
      compadd() {
        # with -O, -A or -D it only sorts out what fits
        if (( ! $+argv[(r)-[OAD]] )); then
          local -a caught
          builtin compadd -O caught "$@"
          print -l -- OFFER-${^caught} >> offers
        fi
        builtin compadd "$@"
      }
      finish() { print >> offers; exit }
      complete-and-finish() { zle complete-word; finish }
      zle -C complete-word .complete-word _main_complete
      zle -N complete-and-finish
      bindkey '^I' complete-and-finish
      print ready
      SCRIPT
      TERM=dumb zpty shell 'zsh -f -i'
      zpty -w shell 'source ./setup.zsh'
      zpty -r shell answer '*ready*'
      zpty -w -n shell '\(example.words.joined(separator: " "))'$'\\t'
      while zpty -r shell answer 2>/dev/null; do :; done
      cat offers
      """
    let outcome = try Self.run("zsh", ["-f"], script)
    let offered = outcome.output.split(separator: "\n").filter { $0.hasPrefix("OFFER-") }
      .map { $0.dropFirst(6).trimmingSuffix("=") }
    #expect(Set(offered) == example.offered, "\(outcome)")
  }

  @Test("each script is read by its shell without a complaint", arguments: CompletionShell.allCases)
  func parses(_ shell: CompletionShell) throws {
    guard Shell.has(shell.rawValue) else { return }
    let outcome = try Shell.run(
      shell.rawValue, ["-n"], input: example.completions(for: shell))
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
  }
}

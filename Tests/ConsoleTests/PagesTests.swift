import Console
import Foundation
import Testing

@Suite("Help and manual page") struct PagesTests {
  @Test("the help of a command: usage, sense, arguments, options by purpose, examples, exit codes")
  func commandHelp() throws {
    let command = try #require(example.command(named: "export"))
    #expect(
      command.help(program: example) == """
        Usage: push2pacs export PATH... [options]

        Draw the dose of a course and send it to a PACS.

        Reads everything under the paths. Asks before it sends.

        Without --pacs it ends at the stage.

        Arguments:
          PATH  Files and folders.

        What is drawn:
              --isodoses LIST    Levels, as 18,12,8.
              --window C,W       The window of the scan.
              --scale N          How much larger. Default: at least 512 pixels.
              --sum HOW          How doses are added. One of: sequential, concurrent,
                                 beams.
              --structures NAME  Structures to draw. May be repeated.

        Where it goes:
              --pacs NAME       The PACS.
          -o, --output DIR      Where the stage is made.
          -m, --multiframe      One multi-frame image.
              --prior           It is a follow-up scan.
              --planning        It is the planning scan.
              --completed DATE  The date of the last fraction.
              --limit GY        A dose.

        Common to all commands:
              --json         Write one JSON document to stdout; messages to stderr.
          -q, --quiet        Show errors and results only.
              --config FILE  Use this configuration in place of $PUSH2PACS_CONFIG or
                             ~/.config/push2pacs/config.json.
          -h, --help         Show this help.
              --version      Show the version.

        Examples:
          # one course to the PACS
          push2pacs export Fixtures/srs --pacs main

        Exit status:
            0  done; also: staged and waiting for a confirmation; warnings are listed
           64  the command was not understood
           65  the input is wrong, a check blocks, or what the PACS holds differs
           77  not confirmed, or the confirmation is void
          70, 130, 143: as of every command; see push2pacs --help

        """)
  }

  @Test("the overview shows the commands that matter and the next step")
  func overview() {
    #expect(
      example.overview() == """
        Burns dose into a copy of the scan.

          # what is in these folders?
          push2pacs inspect PATH
          # the dose into the PACS
          push2pacs export PATH --pacs NAME

        Try: push2pacs inspect Fixtures

        All commands: push2pacs --help

        """)
  }

  @Test("the list of commands stands under headings, in one column")
  func commandList() {
    #expect(
      example.help().hasPrefix(
        """
        Usage: push2pacs COMMAND [arguments] [options]

        Burns dose into a copy of the scan.

        Commands:
          export       Draw the dose of a course and send it to a PACS.
          completions  Write a completion script.

        Single steps:
          dose         Say the dose at a point.
          verify       Compare the PACS with the stage.

        Common to all commands:
        """))
  }

  @Test("no line is wider than the window, or than 80 columns", arguments: [20, 40, 60, 80, 200])
  func fits(width: Int) {
    let pages =
      [example.help(width: width), example.overview(width: width)]
      + example.commands.map { $0.help(program: example, width: width) }
    for page in pages {
      for line in page.split(separator: "\n") where !line.contains("push2pacs ") {
        #expect(line.count <= max(40, min(80, width)), "\(line)")
      }
    }
  }

  @Test("headings are bold on a terminal, and nothing else changes")
  func style() {
    let styled = example.help(style: .colored)
    #expect(styled.contains("\u{1B}[1mCommands:\u{1B}[0m\n"))
    let plain = styled.replacingOccurrences(of: "\u{1B}[1m", with: "")
      .replacingOccurrences(of: "\u{1B}[0m", with: "")
    #expect(plain == example.help())
  }

  @Test("groff typesets the manual page without a warning", .enabled(if: Shell.has("groff")))
  func groff() throws {
    let page = try Shell.run(
      "groff", ["-man", "-ww", "-z", "-Tutf8"], input: example.manualPage(date: "2025-01-31"))
    #expect(page.status == 0)
    #expect(page.error == "")
  }

  @Test("mandoc finds no error in the manual page", .enabled(if: Shell.has("mandoc")))
  func mandoc() throws {
    let lint = try Shell.run(
      "mandoc", ["-Tlint", "-Wwarning"], input: example.manualPage(date: "2025-01-31"))
    #expect(lint.output == "")
    #expect(lint.status == 0)
  }

  @Test(
    "the typeset manual page has every command, option and exit code, dashes as typed",
    .enabled(if: Shell.has("mandoc")))
  func manualPage() throws {
    let page = try Shell.run("mandoc", ["-Tascii", "-O", "width=100"], input: example.manualPage())
    // bold and underlined letters are struck over
    let text = page.output.replacing(/.\u{8}/, with: "")
    for command in example.commands {
      #expect(text.contains(command.usage(program: "push2pacs")))
      for option in command.options { #expect(text.contains(option.usage)) }
    }
    for option in example.globalOptions.options { #expect(text.contains(option.usage)) }
    for status in ExitStatus.allCases { #expect(text.contains("\(status.rawValue)")) }
    #expect(text.contains("push2pacs - burns dose into a copy of the scan"))
    #expect(text.contains("push2pacs export Fixtures/srs --pacs main"))
    #expect(text.contains("~/.config/push2pacs/config.json"))
  }

  @Test("a line that begins with a dot or a quote is text, not a request of roff")
  func escapes() {
    let program = ProgramSpecification(
      name: "p", version: "1", abstract: ".dot \\back 'quote'", commands: [],
      sections: [("Files", ".config is read\n\n'tis \"so\"")])
    let lines = program.manualPage().split(separator: "\n")
    #expect(lines.contains(#"\&.dot \eback \(aqquote\(aq."#))
    #expect(lines.contains(#"\&.config is read"#))
    #expect(lines.contains(#"\(aqtis "so""#))
    #expect(lines.contains(#".SH "FILES""#))
  }
}

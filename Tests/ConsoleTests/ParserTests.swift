import Console
import Testing

@Suite("Command line parser") struct ParserTests {
  static func run(_ line: String) throws -> ParsedArguments {
    let words = line.split(separator: " ").map(String.init)
    guard case .run(let arguments) = try example.parse(words) else {
      throw UsageError.misuse("not run")
    }
    return arguments
  }

  @Test(
    "values arrive whichever way they are written",
    arguments: [
      "export a b --scale 3 -o out -m --structures PTV --structures=GTV --window -600,1500",
      "--quiet export --scale=3 -mo out a --structures PTV b --window=-600,1500 --structures GTV",
      "export -moout --structures=PTV --structures=GTV --window=-600,1500 --scale 3 -q -- a b",
    ])
  func readsValues(_ line: String) throws {
    let arguments = try Self.run(line)
    #expect(arguments.command.name == "export")
    #expect(arguments.positionals == ["a", "b"])
    #expect(arguments.integer("scale") == 3)
    #expect(arguments.string("output") == "out")
    #expect(arguments.flag("multiframe"))
    #expect(arguments.strings("structures") == ["PTV", "GTV"])
    #expect(arguments.numbers("window") == [-600, 1500])
    #expect(!arguments.flag("prior"))
    #expect(arguments.double("limit") == nil)
    #expect(arguments.string("pacs") == nil)
  }

  @Test("behind -- everything is an argument, and - is one anywhere")
  func endsOptions() throws {
    let arguments = try Self.run("export - -- --scale -x --")
    #expect(arguments.positionals == ["-", "--scale", "-x", "--"])
    #expect(!arguments.has("scale"))
  }

  /// What is typed, and the whole message.
  static let mistakes: [(String, String)] = [
    ("export --isodos 1 x", "unknown option '--isodos'; did you mean '--isodoses'?"),
    ("export --isodoes 1 x", "unknown option '--isodoes'; did you mean '--isodoses'?"),
    ("export --struct x", "unknown option '--struct'; did you mean '--structures'?"),
    ("export --qiuet x", "unknown option '--qiuet'; did you mean '--quiet'?"),
    ("export --frobnicate x", "unknown option '--frobnicate'; --help lists the options"),
    ("export -json x", "unknown option '-json'; did you mean '--json'?"),
    ("export -x", "unknown option '-x'; --help lists the options"),
    ("verify --scale 3 x", "'verify' has no option '--scale'; it belongs to 'export'"),
    ("--pacs main export x", "'--pacs' belongs behind the command; see push2pacs --help"),
    ("exprot x", "unknown command 'exprot'; did you mean 'export'?"),
    ("expo x", "unknown command 'expo'; did you mean 'export'?"),
    ("frobnicate", "unknown command 'frobnicate'; --help lists the commands"),
    ("/data/a", "'/data/a' is no command; to look into it: push2pacs inspect /data/a"),
    ("--quiet", "a command is missing after '--quiet'; see --help"),
    ("export x --scale", "'--scale' needs a value: --scale N, a whole number from 1 to 8"),
    ("export x --pacs --json", "'--pacs' needs a value: --pacs NAME, a name"),
    ("export x --json=1", "'--json' takes no value"),
    ("export x --scale 9", "--scale: '9' is not allowed; give a whole number from 1 to 8"),
    (
      "export x --scale 2.0",
      "--scale: '2.0' is not allowed; give a whole number from 1 to 8"
    ),
    ("export x --limit -1", "--limit: '-1' is not allowed; give a number of at least 0"),
    ("export x --limit nan", "--limit: 'nan' is not allowed; give a number of at least 0"),
    ("export x --limit 0x10", "--limit: '0x10' is not allowed; give a number of at least 0"),
    ("export x --limit 1,5", "--limit: '1,5' is not allowed; give a number of at least 0"),
    (
      "export x --limit 1e999",
      "--limit: '1e999' is not allowed; give a number of at least 0"
    ),
    (
      "export x --window 40",
      "--window: '40' is not allowed; give 2 numbers with commas between them"
    ),
    (
      "export x --window 40,",
      "--window: '40,' is not allowed; give 2 numbers with commas between them"
    ),
    (
      "export x --sum all",
      "--sum: 'all' is not allowed; give one of sequential, concurrent, beams"
    ),
    (
      "export x --completed 2023-02-29",
      "--completed: '2023-02-29' is not allowed; give a date as YYYY-MM-DD"
    ),
    (
      "export x --completed 2023-2-09",
      "--completed: '2023-2-09' is not allowed; give a date as YYYY-MM-DD"
    ),
    ("export x --pacs a --pacs b", "'--pacs' is given twice; once is enough"),
    (
      "export x --prior --planning",
      "'--prior' and '--planning' exclude each other; give one of them"
    ),
    ("export", "'export' needs PATH; usage: push2pacs export PATH... [options]"),
    ("dose x", "'dose' needs '--at X,Y,Z'"),
    (
      "verify a b",
      "'b' is one argument too many for 'verify'; usage: push2pacs verify [STAGE] [options]"
    ),
    ("completions tcsh", "SHELL: 'tcsh' is not allowed; give one of bash, zsh, fish"),
    (
      "export x --scale \u{1B}[2J",
      "--scale: '\u{FFFD}[2J' is not allowed; give a whole number from 1 to 8"
    ),
  ]

  @Test("a mistake is named in one line, with the way out", arguments: mistakes)
  func namesMistakes(_ line: String, _ message: String) throws {
    let error = try #require(throws: UsageError.self) { try Self.run(line) }
    #expect(error.description == message)
  }

  @Test("days that exist are dates", arguments: ["2024-02-29", "2000-02-29", "1999-12-31"])
  func acceptsDates(_ date: String) throws {
    #expect(try Self.run("export x --completed \(date)").string("completed") == date)
  }

  @Test(
    "days that do not exist are none",
    arguments: [
      "1900-02-29", "2023-04-31", "2023-13-01", "2023-00-10", "2023-01-00", "20230101",
      "+023-01-01",
    ])
  func refusesDates(_ date: String) {
    #expect(throws: UsageError.self) { try Self.run("export x --completed \(date)") }
  }

  @Test(
    "help is shown wherever it is asked for, also beside a mistake",
    arguments: [
      ("--help", nil), ("-h", nil), ("help", nil), ("--frobnicate --help", nil),
      ("export --help", "export"), ("export -h --frobnicate", "export"), ("help export", "export"),
      ("--help export", "export"), ("export x --scale 99 --help", "export"),
    ] as [(String, String?)])
  func showsHelp(_ line: String, _ command: String?) throws {
    guard case .help(let topic) = try example.parse(line.split(separator: " ").map(String.init))
    else {
      Issue.record("no help")
      return
    }
    #expect(topic?.name == command)
  }

  @Test("help behind -- is an argument")
  func helpAsArgument() throws {
    #expect(try Self.run("export -- --help").positionals == ["--help"])
  }

  @Test("nothing typed is the overview, --version the version")
  func specialCases() throws {
    guard case .overview = try example.parse([]) else {
      Issue.record("no overview")
      return
    }
    guard case .version = try example.parse(["--version"]) else {
      Issue.record("no version")
      return
    }
  }
}

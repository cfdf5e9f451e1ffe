import Console
import Foundation
import JSON
import Synchronization
import Testing

@Suite("Terminal, tables, progress") struct ScreenTests {
  /// Widths as `wcwidth` of PyPI gives them.
  @Test(
    "texts take as many columns as a terminal gives them",
    arguments: [
      ("", 0), ("abc", 3), ("Müller", 6), ("Mu\u{308}ller", 6), ("山田^太郎", 9), ("ヤマダ", 6),
      ("ﾔﾏﾀﾞ", 4), ("김철수", 6), ("😀", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("Ω…", 2),
      ("\u{AD}", 1),
    ])
  func displayWidth(_ text: String, _ width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test(
    "nothing that came from a file steers the terminal",
    arguments: [
      ("DOE^JOHN", "DOE^JOHN"), ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"), ("a\r\nb\tc", "a  b c"),
      ("a\u{9B}2J", "a\u{FFFD}2J"), ("\u{202E}gnp", "\u{FFFD}gnp"),
      ("a\u{7F}\0", "a\u{FFFD}\u{FFFD}"),
      ("é山", "é山"),
    ])
  func printable(_ text: String, _ expected: String) {
    #expect(text.printable == expected)
  }

  @Test(
    "a text is cut at whole characters",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("山田太郎", 5, "山田…"),
      ("山田太郎", 4, "山…"), ("abc", 1, "…"), ("abc", 0, ""),
    ])
  func truncates(_ text: String, _ width: Int, _ expected: String) {
    #expect(text.truncated(width: width) == expected)
  }

  @Test(
    "a text is wrapped at spaces, a long word inside",
    arguments: [
      ("one two three", 7, ["one two", "three"]), ("", 5, [""]),
      ("1.2.840.10008.5", 6, ["1.2.84", "0.1000", "8.5"]), ("山田 太郎", 4, ["山田", "太郎"]),
      ("山田", 1, ["山", "田"]),
    ] as [(String, Int, [String])])
  func wraps(_ text: String, _ width: Int, _ expected: [String]) {
    #expect(text.wrapped(width: width) == expected)
  }

  static let table: Table = {
    var table = Table([
      .init("Series"), .init("Images", .right), .init("Description", flexible: .truncate),
    ])
    table.add(["CT", "212", "Head and neck, 1.5 mm, contrast"])
    table.add([.init("RTDOSE", .bold), "1", .init("Plan dose", .green)])
    return table
  }()

  @Test(
    "a table takes what it needs where there is room, or no terminal", arguments: [nil, 80, 47])
  func wideTable(width: Int?) {
    #expect(
      Self.table.lines(width: width) == [
        "Series  Images  Description",
        "CT         212  Head and neck, 1.5 mm, contrast",
        "RTDOSE       1  Plan dose",
      ])
  }

  @Test("in a narrow window only the flexible column gives way")
  func narrowTable() {
    #expect(
      Self.table.lines(width: 30, style: .colored) == [
        "\u{1B}[1mSeries\u{1B}[0m  \u{1B}[1mImages\u{1B}[0m  \u{1B}[1mDescription\u{1B}[0m",
        "CT         212  Head and neck…",
        "\u{1B}[1mRTDOSE\u{1B}[0m       1  \u{1B}[32mPlan dose\u{1B}[0m",
      ])
  }

  @Test("no line of a table is wider than the window", arguments: 5...60)
  func fits(width: Int) {
    var wrapping = Table([
      .init("Check"), .init("Detail", flexible: .wrap), .init("n", .right),
      .init("Name", flexible: .truncate),
    ])
    wrapping.add(["dose.plausible", "maximum 18.4 Gy is 1.02 times the prescription", "12", "山田太郎"])
    wrapping.add(["a", "", "1", ""])
    for line in wrapping.lines(width: width) + Self.table.lines(width: width) {
      #expect(line.displayWidth <= max(width, 10), "\(line)")
      #expect(!line.hasSuffix(" "))
    }
    let words = wrapping.lines(width: 200)[1]
    #expect(words == "dose.plausible  maximum 18.4 Gy is 1.02 times the prescription  12  山田太郎")
  }

  @Test(
    "colour needs a terminal that has it, and nobody who asked for none",
    arguments: [
      (.init(term: "xterm-256color"), true), (.init(term: "dumb"), false), (.init(), false),
      (.init(term: ""), false), (.init(noColor: "1", term: "xterm"), false),
      (.init(noColor: "", term: "xterm"), true),
    ] as [(Terminal.Environment, Bool)])
  func color(_ environment: Terminal.Environment, _ expected: Bool) throws {
    let person = try Person()
    let terminal = Terminal(
      program: "p", input: person.keyboard, output: person.keyboard, error: person.keyboard,
      environment: environment)
    #expect(terminal.outputStyle.isEnabled == expected)
    #expect(terminal.errorStyle.isEnabled == expected)
    #expect(terminal.showsProgress == (environment.term?.hasPrefix("xterm") == true))
    let null = open("/dev/null", O_RDWR)
    defer { close(null) }
    let silent = Terminal(
      program: "p", input: null, output: null, error: null, environment: environment)
    #expect(silent.outputStyle == .plain && silent.errorStyle == .plain)
    #expect(!silent.showsProgress && silent.outputWidth == nil && silent.errorWidth == 80)
  }

  @Test("the window's width counts, then COLUMNS, then 80")
  func width() throws {
    let person = try Person()
    func terminal(_ columns: String?) -> Terminal {
      Terminal(
        program: "p", input: person.keyboard, output: person.keyboard, error: person.keyboard,
        environment: .init(columns: columns))
    }
    #expect(terminal(nil).outputWidth == 80)
    #expect(terminal("66").outputWidth == 66)
    #expect(terminal("-5").outputWidth == 80)
    #expect(terminal("99999999999999999999").outputWidth == 80)
    person.setColumns(132)
    #expect(terminal("66").outputWidth == 132)
    person.setColumns(3)
    #expect(terminal(nil).outputWidth == 20)
  }

  @Test("a message is one line that begins with the program's name")
  func messages() throws {
    let person = try Person()
    let terminal = person.terminal
    terminal.message("RD.dcm: bad\nvalue \u{1B}]0;x\u{7}; export it again")
    terminal.note("Read 212 files.")
    terminal.print("result")
    terminal.print(["format": "x/1", "count": 2])
    person.plays([])
    #expect(
      person.screenText() == """
        push2pacs: RD.dcm: bad value \u{FFFD}]0;x\u{FFFD}; export it again
        Read 212 files.
        result
        {
          "format": "x/1",
          "count": 2
        }

        """)
  }

  @Test("quiet keeps notes and progress away, not messages")
  func quiet() throws {
    let person = try Person()
    let terminal = Terminal(
      program: "p", input: person.keyboard, output: person.keyboard, error: person.keyboard,
      environment: .init(term: "xterm"), quiet: true)
    terminal.note("Reading.")
    terminal.message("no such folder")
    terminal.print("result")
    #expect(!terminal.showsProgress)
    person.plays([])
    #expect(person.screenText() == "p: no such folder\nresult\n")
  }

  @Test(
    "a full disk behind stdout is remembered, a reader that went away is none",
    .enabled(if: access("/dev/full", W_OK) == 0))
  func outputFailure() {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }
    let terminal = Terminal(program: "p", input: full, output: full, error: full)
    #expect(terminal.outputFailure == nil)
    terminal.print("result")
    #expect(terminal.outputFailure == "No space left on device")
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    close(ends[0])
    let piped = Terminal(program: "p", input: full, output: ends[1], error: full)
    piped.print("result")
    #expect(piped.outputFailure == nil)
    close(ends[1])
  }
}

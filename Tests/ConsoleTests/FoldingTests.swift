import Console
import Testing

@Suite("Folding") struct FoldingTests {
  @Test(
    "lines break at spaces and go on below where their text begins",
    arguments: [
      ("short", 20, ["short"]),
      ("", 20, [""]),
      ("one\ntwo", 20, ["one", "two"]),
      (
        "push2pacs: no such file; name another one", 24,
        ["push2pacs: no such file;", "  name another one"]
      ),
      (
        "Scan       MR, 36 slices, 3 mm apart", 30,
        ["Scan       MR, 36 slices, 3 mm", "           apart"]
      ),
      (
        "  1  CT of 2020, 36 images, frame A", 22,
        ["  1  CT of 2020, 36", "     images, frame A"]
      ),
      (
        "Review     /a/path/that/fits/no/line/at/all", 24,
        ["Review     /a/path/that/fits/no/line/at/all"]
      ),
      (
        "look at /a/path/that/fits/no/line/at/all again", 24,
        ["look at", "  /a/path/that/fits/no/line/at/all", "  again"]
      ),
      (
        "\u{1B}[1mstyled text is left alone\u{1B}[0m", 10,
        ["\u{1B}[1mstyled text is left alone\u{1B}[0m"]
      ),
    ] as [(String, Int, [String])])
  func folds(_ text: String, _ width: Int, _ expected: [String]) {
    #expect(text.folded(width: width, program: "push2pacs") == expected)
  }

  @Test(
    "a command to be copied stands whole on a line of its own",
    arguments: [
      (
        "Next: push2pacs verify /a/b --pacs X@h:104", 30,
        ["Next:", "  push2pacs verify /a/b --pacs X@h:104"]
      ),
      (
        "      push2pacs verify /a/b --pacs X@h:104", 30,
        ["      push2pacs verify /a/b --pacs X@h:104"]
      ),
      ("Next: push2pacs verify /a/b", 30, ["Next: push2pacs verify /a/b"]),
    ] as [(String, Int, [String])])
  func commands(_ text: String, _ width: Int, _ expected: [String]) {
    #expect(text.folded(width: width, program: "push2pacs") == expected)
  }

  @Test("a table that cannot be narrow enough becomes a list that cuts nothing")
  func list() {
    var table = Table([.init("KEY"), .init("VALUE", flexible: .wrap), .init("FROM")])
    table.add(["confirmation.differentAccounts", "false", "default"])
    table.add(["audit", "~/.local/state/push2pacs/audit.jsonl", ""])
    #expect(
      table.lines(width: 40) == [
        "confirmation.differentAccounts",
        "  VALUE  false",
        "  FROM   default",
        "audit",
        "  VALUE  ~/.local/state/push2pacs/audit.",
        "         jsonl",
      ])
    #expect(
      table.lines(width: 60).first == "KEY                             VALUE                FROM")
  }
}

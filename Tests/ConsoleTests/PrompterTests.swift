import Console
import Foundation
import Testing

@Suite("Asking a person") struct PrompterTests {
  @Test("yes and no are taken as whole words only, anything else asks again")
  func wholeWords() throws {
    let person = try Person()
    let question = "Accept? [yes/no] "
    let refused = ["y", "n", "", "yes!", "ye", "yesno", "true", "1", "yes no", "ja"]
    person.plays(
      refused.map { .sees(question, types: $0 + "\n") } + [.sees(question, types: "yes\n")]
        + refused.map { .sees(question, types: $0 + "\n") } + [.sees(question, types: " No \n")])
    let prompter = try Prompter(person.terminal)
    #expect(try prompter.askYesNo("Accept?"))
    #expect(try !prompter.askYesNo("Accept?"))
    let again = person.screenText().components(
      separatedBy: "Please answer with the whole word: yes or no.")
    #expect(again.count == 2 * refused.count + 1)
  }

  @Test("what was typed before the question was seen answers nothing")
  func typedAhead() throws {
    let person = try Person()
    // the echo proves that the lines lie ready for whoever reads
    person.type("yes\nyes\nye")
    person.waits(for: "yes\r\nyes\r\nye")
    person.plays([
      .sees("[yes/no] ", types: "no\nyes\nyes\n"), .sees("yes\r\nyes\r\n", types: ""),
    ])
    let prompter = try Prompter(person.terminal)
    #expect(try !prompter.askYesNo("Confirm?"))
    _ = person.screenText()
    // nor do the lines typed behind the answer, before the next question
    person.plays([.sees("Reviewer: ", types: "Ada\n")])
    #expect(try prompter.ask("Reviewer: ") == "Ada")
    _ = person.screenText()
  }

  /// What is typed, and why it is not taken.
  static let refused: [([UInt8], String)] = [
    (Array("\u{1B}[AAda".utf8), "Control characters (arrow keys too) cannot be taken."),
    (Array("A\u{9B}da".utf8), "Control characters (arrow keys too) cannot be taken."),
    (Array("Ada\u{202E}".utf8), "Control characters (arrow keys too) cannot be taken."),
    (Array("A\tda".utf8), "Control characters (arrow keys too) cannot be taken."),
    ([0x41, 0xE9], "That is not UTF-8; the terminal should use it."),
    (Array(repeating: 0x41, count: 513), "That was too long."),
    (Array(repeating: 0x41, count: 3000), "That was too long."),
  ]

  @Test(
    "a line with controls, of another encoding or without end is asked again", arguments: refused)
  func refusesLines(_ bytes: [UInt8], _ reason: String) throws {
    let person = try Person()
    person.plays([
      .sees("Reviewer: ", types: bytes + [0x0A]),
      .sees("\(reason) Please type it again.\r\nReviewer: ", types: "  Ada Löwe \n"),
    ])
    #expect(try Prompter(person.terminal).ask("Reviewer: ") == "Ada Löwe")
    _ = person.screenText()
  }

  @Test("a line of the greatest length is taken")
  func longestLine() throws {
    let person = try Person()
    let line = String(repeating: "é", count: Prompter.lengthLimit / 2)
    person.plays([.sees("Reason: ", types: line + "\n")])
    #expect(try Prompter(person.terminal).ask("Reason: ") == line)
  }

  @Test("an answer is asked for until it means something")
  func meaning() throws {
    let person = try Person()
    person.plays([
      .sees("(Gy): ", types: "\n"), .sees("(Gy): ", types: "eighteen\n"),
      .sees("Please answer with a number, as 59.4.\r\nDose (Gy): ", types: "18\n"),
    ])
    let dose = try Prompter(person.terminal).ask("Dose (Gy): ", expected: "a number, as 59.4") {
      Double($0)
    }
    #expect(dose == 18)
  }

  @Test("one of several is chosen by its number; what would steer the terminal is taken out")
  func chooses() throws {
    let person = try Person()
    person.plays([
      .sees("Number (1-10): ", types: "0\n"), .sees("Number (1-10): ", types: "11\n"),
      .sees("Number (1-10): ", types: "CT\n"), .sees("Number (1-10): ", types: "3\n"),
    ])
    let options = ["CT\u{1B}[2J"] + (2...10).map { "MR \($0)" }
    #expect(try Prompter(person.terminal).choose("Which scan?", options) == 2)
    let screen = person.screenText()
    #expect(screen.hasPrefix("Which scan?\n   1  CT\u{FFFD}[2J\n   2  MR 2\n"))
    #expect(screen.contains("\n  10  MR 10\nNumber (1-10): "))
    #expect(screen.contains("Please answer with a number from 1 to 10."))
  }

  @Test("the end of the input is no answer", arguments: ["\u{4}", "ye\u{4}\u{4}"])
  func endOfInput(_ typed: String) throws {
    let person = try Person()
    person.plays([.sees("[yes/no] ", types: typed)])
    let error = try #require(throws: PromptError.self) {
      try Prompter(person.terminal).askYesNo("Confirm?")
    }
    #expect(error == .endOfInput)
    #expect(error.exitStatus == .notConfirmed)
  }

  @Test("without a terminal on stdin nobody is asked, whatever stdout is")
  func noTerminal() throws {
    let person = try Person()
    let null = open("/dev/null", O_RDWR)
    defer { close(null) }
    let terminal = Terminal(
      program: "push2pacs", input: null, output: person.keyboard, error: person.keyboard)
    let error = try #require(throws: PromptError.self) { try Prompter(terminal) }
    #expect(error == .noTerminal)
    #expect(error.exitStatus == .notConfirmed)
  }

  @Test("questions reach the person although stdout and stderr go into files")
  func redirected() throws {
    let person = try Person()
    let null = open("/dev/null", O_RDWR)
    defer { close(null) }
    person.plays([.sees("Reviewer: ", types: "Ada\n")])
    let prompter = try Prompter(
      Terminal(program: "push2pacs", input: person.keyboard, output: null, error: null))
    #expect(try prompter.ask("Reviewer: ") == "Ada")
  }
}

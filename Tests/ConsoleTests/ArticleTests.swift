import Console
import Testing

@Suite("The article about the console") struct ArticleTests {
  @Test("its example does what it says")
  func worksAsWritten() throws {
    let shout = OptionSpecification("shout", help: "In capitals.")
    let greet = CommandSpecification(
      "greet", abstract: "Greets somebody",
      positionals: [PositionalSpecification("NAME", help: "Whom to greet.")],
      groups: [OptionGroup("How", [shout])])
    let program = ProgramSpecification(
      name: "hello", version: "1", abstract: "Greets", commands: [greet])
    guard case .run(let arguments) = try program.parse(["greet", "--shout", "Ada"]) else {
      Issue.record("not understood")
      return
    }
    #expect(arguments.flag("shout"))
    #expect(arguments.positionals == ["Ada"])
  }
}

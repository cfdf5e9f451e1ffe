import Configuration
import Console
import Files
import HTTP
import JSON

/// `push2pacs setup`: asks for the PACS, tries it, and writes the configuration.
struct SetupCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let path = ConfigurationPlace(context.arguments).path
    var document: JSON = [:]
    if Surroundings.exists(path) {
      do {
        document = try Site.writtenDocument(path)
        _ = try Site(written: document, in: path)
      } catch {
        throw CommandFailure(.configuration, "\(error); mend it first, nothing was changed")
      }
    }
    do {
      let prompter = try Prompter(context.terminal)
      Interruption.install()
      guard let answers = try SetupQuestions(prompter).ask(path, document) else {
        throw CommandFailure(.notConfirmed, "nothing was changed")
      }
      try write(answers, over: document, to: path, prompter)
    } catch let error as PromptError {
      throw CommandFailure(
        error.exitStatus, "\(error); nothing was written. By hand: push2pacs config schema")
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
  }

  /// Writes beside the file, tries what was written, and gives it the file's name.
  private func write(
    _ answers: SetupAnswers, over document: JSON, to path: String, _ prompter: Prompter
  ) throws {
    let document = answers.document(over: document)
    let bytes = Array((document.serialized(pretty: true) + "\n").utf8)
    let candidate = path + ".setup"
    do throws(FileTrouble) {
      try PrivateFile.makeFolders(FilePath.folder(of: path))
      try PrivateFile.write(bytes, to: candidate)
    } catch { throw CommandFailure(.cannotCreate, "\(error)") }
    defer { PrivateFile.remove(candidate) }
    prompter.show("")
    prompter.show("Trying it, as push2pacs doctor does:")
    var failure: CommandFailure?
    do throws(CommandFailure) { try tried(answers, with: candidate) } catch { failure = error }
    if let status = Interruption.exitStatus {
      throw CommandFailure(status, "stopped; nothing was written")
    }
    if let failure {
      prompter.show("")
      prompter.show("It does not work yet: \(failure.message.printable)")
      guard try prompter.askYesNo("Write the configuration all the same?") else {
        throw CommandFailure(failure.status, "\(failure.clause); nothing was written")
      }
    }
    do throws(FileTrouble) { try PrivateFile.move(candidate, to: path) } catch {
      throw CommandFailure(.cannotCreate, "\(error)")
    }
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "file": .string(path), "pacs": .string(answers.name),
        "fhir": JSON(answers.record?.name), "works": .bool(failure == nil),
      ])
      return
    }
    terminal.print("")
    terminal.print("Written: \(path.printable)")
    let services = answers.record.map { " --fhir \($0.name)" } ?? ""
    terminal.print(
      failure == nil
        ? "Next: push2pacs export FOLDER --pacs \(answers.name)\(context.sameConfiguration)"
        : "Next, when the PACS team has answered: push2pacs doctor --pacs \(answers.name)\(services)\(context.sameConfiguration)"
    )
  }

  private func tried(_ answers: SetupAnswers, with path: String) throws(CommandFailure) {
    let record = answers.record.map { ["--fhir", $0.name] } ?? []
    let invocation: Invocation
    do {
      invocation = try Program.specification.parse(
        ["doctor", "--pacs", answers.name, "--config", path] + record)
    } catch { throw CommandFailure(.ourFault, "\(error)") }
    guard case .run(let arguments) = invocation else { return }
    // What the doctor says is for the person, not the result.
    let screen = Terminal(program: context.terminal.program, output: 2)
    try DoctorCommand(
      context: Context(terminal: screen, arguments: arguments), concludes: false
    ).run()
  }
}

import Configuration
import Console
import Files
import JSON

/// `push2pacs setup`: asks for the PACS, tries it, and writes the configuration.
struct SetupCommand {
  let context: Context

  /// What a person says of a PACS.
  private struct Answers {
    var ownTitle: String
    var name: String
    var host: String
    var port: Int
    var title: String
  }

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
      guard let answers = try ask(prompter, path, document) else {
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

  private func ask(
    _ prompter: Prompter, _ path: String, _ document: JSON
  ) throws(PromptError) -> Answers? {
    let isThere = Surroundings.exists(path)
    prompter.show("This asks for a PACS, tries it, and writes \(path.printable).")
    prompter.show("What is asked for, the PACS team knows. Enter takes what stands in brackets.")
    if isThere {
      prompter.show("")
      prompter.show("That file is there already; what else stands in it is kept.")
      guard try prompter.askYesNo("Change it?") else { return nil }
    }
    prompter.show("")
    let isTitle = "1 to 16 plain characters"
    func title(_ text: String) -> String? { Site.isAETitle(text) ? text : nil }
    let ownTitle = try prompter.ask(
      "AE title of this machine", proposing: document["aeTitle"]?.stringValue ?? "PUSH2PACS",
      expected: isTitle, title)
    let name = try prompter.ask(
      "Short name for the PACS, for --pacs", proposing: "main",
      expected: "a word of letters, digits, - and _"
    ) { text in
      let isWord =
        text.count <= 32
        && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
      return isWord ? text : nil
    }
    let known = document["pacs"]?[name]
    if known != nil {
      guard try prompter.askYesNo("'\(name)' is configured already. Replace its address?") else {
        return nil
      }
    }
    func isHost(_ text: String) -> String? {
      text.count <= 253 && text.allSatisfy { $0.isASCII && !$0.isWhitespace && !"/@".contains($0) }
        ? text : nil
    }
    let isHostName = "a host name or address, without port or path"
    let host =
      if let before = known?["host"]?.stringValue {
        try prompter.ask(
          "Host of the PACS", proposing: before, expected: isHostName, isHost)
      } else {
        try prompter.ask("Host of the PACS: ", expected: isHostName, isHost)
      }
    let port = try prompter.ask(
      "Port of the PACS", proposing: "\(known?["port"]?.integerValue ?? 104)",
      expected: "a number from 1 to 65535"
    ) { text in Int(text).flatMap { (1...65535).contains($0) ? $0 : nil } }
    let called =
      if let before = known?["aeTitle"]?.stringValue {
        try prompter.ask("AE title of the PACS", proposing: before, expected: isTitle, title)
      } else {
        try prompter.ask("AE title of the PACS: ", expected: isTitle, title)
      }
    return Answers(ownTitle: ownTitle, name: name, host: host, port: port, title: called)
  }

  /// Writes beside the file, tries what was written, and gives it the file's name.
  private func write(
    _ answers: Answers, over document: JSON, to path: String, _ prompter: Prompter
  ) throws {
    var document = document
    if document["version"] == nil { document["version"] = .integer(SiteSchema.version) }
    document["aeTitle"] = .string(answers.ownTitle)
    var all = document["pacs"] ?? [:]
    var archive = all[answers.name] ?? [:]
    archive["host"] = .string(answers.host)
    archive["port"] = .integer(answers.port)
    archive["aeTitle"] = .string(answers.title)
    all[answers.name] = archive
    document["pacs"] = all
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
    do throws(CommandFailure) { try tried(answers.name, with: candidate) } catch { failure = error }
    if let status = Interruption.exitStatus {
      throw CommandFailure(status, "stopped; nothing was written")
    }
    if let failure {
      prompter.show("")
      prompter.show("It does not work yet: \(failure.message.printable)")
      guard try prompter.askYesNo("Write the configuration all the same?") else {
        throw CommandFailure(failure.status, "\(failure.message); nothing was written")
      }
    }
    do throws(FileTrouble) { try PrivateFile.move(candidate, to: path) } catch {
      throw CommandFailure(.cannotCreate, "\(error)")
    }
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "file": .string(path), "pacs": .string(answers.name), "works": .bool(failure == nil),
      ])
      return
    }
    terminal.print("")
    terminal.print("Written: \(path.printable)")
    terminal.print(
      failure == nil
        ? "Next: push2pacs export FOLDER --pacs \(answers.name)"
        : "Next, when the PACS team has answered: push2pacs doctor --pacs \(answers.name)")
  }

  private func tried(_ name: String, with path: String) throws(CommandFailure) {
    let invocation: Invocation
    do {
      invocation = try Program.specification.parse(["doctor", "--pacs", name, "--config", path])
    } catch { throw CommandFailure(.ourFault, "\(error)") }
    guard case .run(let arguments) = invocation else { return }
    // What the doctor says is for the person, not the result.
    let screen = Terminal(program: context.terminal.program, output: 2)
    try DoctorCommand(context: Context(terminal: screen, arguments: arguments)).run()
  }
}

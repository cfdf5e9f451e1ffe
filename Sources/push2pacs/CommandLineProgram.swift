import Console
import DICOM
import JSON

/// From what was typed to an exit code: the one place that decides stdout, stderr and the code.
enum CommandLineProgram {
  static func run(_ typed: [String]) -> ExitStatus {
    let plain = Terminal(program: Program.specification.name)
    let invocation: Invocation
    do { invocation = try Program.specification.parse(typed) } catch {
      plain.message("\(error)")
      return .usage
    }
    switch invocation {
    case .overview:
      plain.print(
        Program.specification.overview(width: plain.outputWidth ?? 80, style: plain.outputStyle))
      return finished(plain)
    case .help(let command):
      let width = plain.outputWidth ?? 80
      plain.print(
        command.map {
          $0.help(
            program: Program.specification, width: width, style: plain.outputStyle)
        } ?? Program.specification.help(width: width, style: plain.outputStyle))
      return finished(plain)
    case .version:
      let commit = BuiltCommit.text.map { " (\($0))" } ?? ""
      plain.print("push2pacs \(Program.version)\(commit)")
      return finished(plain)
    case .run(let arguments):
      return run(arguments)
    }
  }

  private static func run(_ arguments: ParsedArguments) -> ExitStatus {
    let terminal = Terminal(
      program: Program.specification.name, quiet: arguments.flag("quiet"))
    let context = Context(terminal: terminal, arguments: arguments)
    Interruption.endAtOnce(on: terminal)
    do {
      try dispatch(context)
    } catch {
      terminal.message(error.message)
      for line in error.lines { terminal.note(line) }
      if let next = error.next, terminal.errorIsTerminal { terminal.note("Next: \(next)") }
      return error.status
    }
    return finished(terminal)
  }

  /// Done, unless the result did not arrive where it was written to.
  private static func finished(_ terminal: Terminal) -> ExitStatus {
    guard let failure = terminal.outputFailure else { return .done }
    terminal.message("cannot write the result: \(failure)")
    return .inputOutput
  }

  private static func dispatch(_ context: Context) throws(CommandFailure) {
    switch context.arguments.command.name {
    case "inspect": try InspectCommand(context: context).run()
    case "dose": try DoseCommand(context: context).run()
    case "export": try ExportCommand(context: context).run()
    case "review": try ReviewCommand(context: context).run()
    case "confirm": try ConfirmCommand(context: context).run()
    case "completions":
      guard let shell = CompletionShell(rawValue: context.arguments.positionals[0]) else { return }
      context.print(
        Program.specification.completions(for: shell), as: "script",
        with: ["shell": .string(shell.rawValue)])
    case "manual":
      context.print(Program.specification.manualPage(date: Surroundings.today.iso), as: "page")
    case "archive": try ArchiveCommand(context: context).run()
    case "conformance": try ConformanceCommand(context: context).run()
    case "config": try ConfigCommand(context: context).run()
    case "setup": try SetupCommand(context: context).run()
    case "doctor": try DoctorCommand(context: context).run()
    case "push": try PushCommand(context: context).run()
    case "verify": try VerifyCommand(context: context).run()
    case "send": try SendCommand(context: context).run()
    case "find": try FindCommand(context: context).run()
    case "fetch": try FetchCommand(context: context).run()
    case "retract": try RetractCommand(context: context).run()
    case "summary": try SummaryCommand(context: context).run()
    case "audit": try AuditCommand(context: context).run()
    default: throw CommandFailure(.ourFault, "no such command")
    }
  }
}

import Console
import JSON
import Quality

/// `push2pacs review`: a stage's page and its checks again.
struct ReviewCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let stage = try context.stage(context.arguments.positionals[0])
    let manifest = stage.manifest
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "stage": .string(stage.path), "label": .string(manifest.label),
        "review": .string(Surroundings.absolute(stage.reviewPage)),
        "checks": .array(manifest.checks.map(\.document)),
      ])
    } else {
      for line in manifest.introduction { terminal.print(folding: line.printable) }
      terminal.print("")
      let width = max(40, terminal.outputWidth ?? 80)
      for line in CheckTable.lines(manifest.checks, width: width) { terminal.print(line) }
      guard !manifest.isOfImages else {
        terminal.print("Images as they are: nothing was drawn, there is no review page.")
        do { try stage.requireIntact() } catch { throw CommandFailure(.wrongInput, "\(error)") }
        return
      }
      terminal.print("")
      terminal.print(folding: "Review page    \(Surroundings.absolute(stage.reviewPage))")
      terminal.print(folding: "Contact sheet  \(Surroundings.absolute(stage.contactSheet))")
    }
    do { try stage.requireIntact() } catch { throw CommandFailure(.wrongInput, "\(error)") }
    if !context.isJSON { SheetOnScreen.show(stage, on: terminal) }
    Browser.open(Surroundings.absolute(stage.reviewPage))
  }
}

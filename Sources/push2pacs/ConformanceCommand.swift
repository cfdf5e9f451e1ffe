import Console
import JSON

/// `push2pacs conformance`: the DICOM conformance statement, as Markdown or as its tables.
struct ConformanceCommand {
  let context: Context

  func run() throws(CommandFailure) {
    if context.isJSON {
      context.terminal.print(ConformanceTables.document)
    } else {
      context.terminal.print(ConformanceStatement().text)
    }
  }
}

import Audit
import Console
import JSON

/// `push2pacs audit`: the audit log, its chain checked.
struct AuditCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let path = Auditing(try context.site()).log.path
    let chain: AuditChain
    do { chain = try AuditChain(readingFrom: path) } catch {
      throw CommandFailure(.inputOutput, "\(error)")
    }
    if context.arguments.flag("xml") {
      for record in chain.records {
        context.terminal.print(AuditMessage(record, application: "push2pacs").xml)
      }
    } else if context.isJSON {
      context.terminal.print([
        "path": .string(path), "records": .integer(chain.records.count),
        "whole": .bool(chain.brokenAt == nil), "brokenAt": JSON(chain.brokenAt),
        "lastSHA256": .string(chain.lastDigest),
        "log": .array(chain.records.map { JSON.object($0.object) }),
      ])
    } else {
      show(chain, path)
    }
    if let line = chain.brokenAt {
      throw CommandFailure(
        .wrongInput,
        "\(path): line \(line) does not follow from the line before it: the log was altered; keep it and ask who can write it"
      )
    }
  }

  private func show(_ chain: AuditChain, _ path: String) {
    let terminal = context.terminal
    for record in chain.records {
      let mark = record.outcome == .success ? "" : "FAILED "
      terminal.print(
        folding:
          "\(record.at)  \(mark)\(record.event.rawValue)  patient \(record.patientID.isEmpty ? "not named" : record.patientID)  \(record.account)@\(record.host)"
      )
      var lines: [String] = []
      if !record.people.isEmpty { lines.append(record.people.joined(separator: ", ")) }
      if let destination = record.destination { lines.append(destination) }
      if !record.seriesInstanceUIDs.isEmpty {
        lines.append("series \(record.seriesInstanceUIDs.joined(separator: ", "))")
      }
      if let detail = record.detail { lines.append(detail) }
      for line in lines { terminal.print(folding: "    \(line)") }
    }
    terminal.print("")
    guard chain.brokenAt == nil else { return }
    terminal.print(
      folding: chain.records.isEmpty
        ? "The audit log \(path) is empty; the first export writes into it."
        : "\(chain.records.count) records, the chain holds. Note the last digest elsewhere to prove later that nothing was cut off:"
    )
    if !chain.records.isEmpty { terminal.print(chain.lastDigest) }
    if chain.isTorn {
      terminal.print("A last line was torn by a crash; the next record drops it.")
    }
  }
}

import Archive
import Console
import DIMSE
import Files
import JSON

/// `push2pacs archive`: an embedded PACS for trying things out, until Ctrl-C.
struct ArchiveCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let arguments = context.arguments
    let directory = arguments.string("directory") ?? "."
    let title = arguments.string("ae-title") ?? "ARCHIVE"
    guard let aeTitle = AETitle(title) else {
      throw CommandFailure(.usage, "--ae-title: '\(title)' has not 1 to 16 characters")
    }
    var callers: Set<AETitle> = []
    for name in arguments.strings("allow") {
      guard let caller = AETitle(name) else {
        throw CommandFailure(.usage, "--allow: '\(name)' is no AE title")
      }
      callers.insert(caller)
    }
    var options = Archive.Options(allowedCallers: callers.isEmpty ? nil : callers)
    for typed in context.arguments.strings("peer") {
      guard let peer = Peer(typed) else {
        throw CommandFailure(.usage, "--peer: '\(typed.printable)' is no AETITLE@host:port")
      }
      guard options.destinations.updateValue(peer, forKey: peer.aeTitle) == nil else {
        throw CommandFailure(.usage, "--peer: \(peer.aeTitle.text) is named twice")
      }
    }
    options.maximumAssociations = context.arguments.integer("associations") ?? 16
    do { try PrivateFile.makeFolders(directory) } catch {
      throw CommandFailure(.cannotCreate, "\(error)")
    }
    let terminal = context.terminal
    let archive: Archive
    do {
      archive = try Archive(
        directory: directory, aeTitle: aeTitle, options: options
      ) { event in
        if case .unreadable(let path, let reason) = event { terminal.note("\(path): \(reason)") }
      }
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
    let host = arguments.string("host") ?? "127.0.0.1"
    let port = UInt16(clamping: arguments.integer("port") ?? 11112)
    StopOnSignal.install { archive.stop() }
    do {
      try archive.serve(host: host, port: port) { port in
        if context.isJSON {
          terminal.print([
            "aeTitle": .string(aeTitle.text), "host": .string(host), "port": .integer(Int(port)),
            "directory": .string(directory), "instances": .integer(archive.count),
          ])
        } else {
          terminal.print("archive \(aeTitle.text) listening on \(host):\(port)")
        }
        terminal.note("\(archive.count) instances in \(directory); Ctrl-C ends it")
      }
    } catch { throw CommandFailure(.unavailable, "\(error)") }
    if let status = Console.Interruption.exitStatus {
      throw CommandFailure(status, "the archive has ended; what it holds is in \(directory)")
    }
  }
}

import Digest
package import Files
import JSON

/// The site's audit log: JSON Lines that only grow, each line bound to the one before it.
///
/// A line holds its number and the SHA-256 of the line before it, so that no line can be altered,
/// taken out or put in without the rest of the chain telling. Who can write the file can still cut
/// off its end or write all of it anew: note the last digest elsewhere.
package struct AuditLog: Sendable {
  package let path: String
  /// Who adds to it beside its owner: accounts that share one log.
  private let group: GroupAccess?

  package init(path: String, group: GroupAccess? = nil) {
    self.path = path
    self.group = group
  }

  /// What stands before the first line.
  package static let beginning = String(repeating: "0", count: 64)

  /// Adds a record and waits until it is on the disk.
  ///
  /// - Throws: where it cannot be written, or the log's last line is none of ours: then nothing may
  ///   be done that ought to stand in it.
  package func append(_ record: AuditRecord) throws(AuditError) {
    do { try PrivateFile.makeFolders(FilePath.folder(of: path)) } catch { throw .file(error) }
    let lines: AppendedLines
    do {
      lines = try AppendedLines(
        path: path, mode: group == nil ? 0o600 : GroupAccess.logMode, waits: true, group: group)
    } catch {
      switch error {
      case .held(let path): throw .held(path: path)
      case .file(let trouble): throw .file(trouble)
      }
    }
    var number = 1
    if let last = lines.lines.last {
      guard let document = try? JSON(parsing: last), let before = document["number"]?.integerValue,
        before == lines.lines.count
      else { throw .broken(path: path, line: lines.lines.count) }
      number = before + 1
    }
    var object = JSONObject()
    object["number"] = .integer(number)
    object["previous"] = .string(
      lines.lines.last.map { SHA256.hex(Array($0.utf8)) } ?? Self.beginning)
    if lines.wasTorn { object["afterTornLine"] = .bool(true) }
    let own = record.object
    for key in own.keys { object[key] = own[key] }
    do { try lines.append(JSON.object(object).serialized()) } catch { throw .file(error) }
  }
}

/// Why the audit log cannot be written or read.
package enum AuditError: Error, Equatable, CustomStringConvertible {
  case file(FileTrouble)
  case held(path: String)
  /// A line that is not what its place in the chain asks for.
  case broken(path: String, line: Int)

  package var description: String {
    switch self {
    case .file(let trouble):
      "the audit log: \(trouble); nothing is done that cannot be recorded: put it right, or name another file as \"audit\" in the configuration"
    case .held(let path): "\(path): the audit log is held by another program"
    case .broken(let path, let line):
      "\(path): line \(line) of the audit log is damaged; see push2pacs audit, then move the file aside and keep it"
    }
  }
}

import Configuration
import Console
import DICOM
import Files
import JSON
import Quality
import SecondaryCapture

/// What every command works with: terminal, configuration, and where and when it runs.
struct Context {
  static let software = CaptureSeries.Software(name: "push2pacs", version: Program.version)

  let terminal: Terminal
  let arguments: ParsedArguments

  var isJSON: Bool { arguments.flag("json") }

  /// Prints a text, or with `--json` a document that has it under a key.
  func print(_ text: String, as key: String, with others: JSONObject = [:]) {
    guard isJSON else { return terminal.print(text) }
    var document = JSON.object(others)
    document[key] = .string(text)
    terminal.print(document)
  }

  /// The configuration: `--config`, else `$PUSH2PACS_CONFIG`, else the user's, else none.
  func site() throws(CommandFailure) -> Site {
    let path = ConfigurationPlace(arguments).readPath
    let site: Site
    do { site = try Site.read(path) } catch { throw CommandFailure(.configuration, "\(error)") }
    do { try SchemeCheck.check(site.isodoses) } catch {
      throw CommandFailure(.configuration, "\(path ?? ""): \(error)")
    }
    do { try PeopleCheck.check(site.confirmation) } catch {
      throw CommandFailure(.configuration, "\(path ?? ""): \(error)")
    }
    return site
  }

  /// What a command to be copied ends in: a configuration that was named has to be named again.
  var sameConfiguration: String {
    arguments.string("config").map { " --config \($0.shellQuoted)" } ?? ""
  }

  /// The group that stages are shared with, where the site names one.
  func group(_ site: Site) throws(CommandFailure) -> GroupAccess? {
    guard let name = site.stage.group else { return nil }
    guard let group = GroupAccess(named: name) else {
      throw CommandFailure(
        .configuration, "stage.group: this machine knows no group '\(name.printable)'")
    }
    return group
  }

  /// The group that shares a file of the site; `nil` for one in somebody's home.
  static func sharing(_ path: String, _ group: String?) -> GroupAccess? {
    path.hasPrefix("~") ? nil : group.flatMap(GroupAccess.init(named:))
  }

  func key(_ site: Site) throws(CommandFailure) -> SiteKey {
    let path = Surroundings.expanded(site.confirmation.keyFile)
    guard !Surroundings.isReadableByOthers(path) else {
      throw CommandFailure(
        .configuration,
        "\(path): everybody can read the site's key; take that away with chmod o= \(path)")
    }
    do {
      return try SiteKey.load(
        from: path, for: Self.sharing(site.confirmation.keyFile, site.stage.group))
    } catch { throw CommandFailure(.configuration, "\(error)") }
  }

  /// Opens a stage.
  ///
  /// - Parameter status: how to end where its manifest is damaged.
  func stage(
    _ path: String, whenDamaged status: ExitStatus = .wrongInput
  ) throws(CommandFailure) -> Stage {
    do { return try Stage(path: path) } catch {
      if case .notAStage = error { throw CommandFailure(.noInput, "\(error)") }
      throw CommandFailure(status, "\(error)")
    }
  }
}

/// Why a command ends without having done what it was asked: exit code, one line, and a table
/// where there are several things to say.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String
  var lines: [String] = []
  /// What to do now, for the person at a terminal.
  var next: String?

  init(_ status: ExitStatus, _ message: String, lines: [String] = [], next: String? = nil) {
    self.status = status
    self.message = message
    self.lines = lines
    self.next = next
  }

  /// The message where the sentence goes on behind it.
  var clause: Substring { message.hasSuffix(".") ? message.dropLast() : message[...] }
}

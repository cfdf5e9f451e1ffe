import Console

/// Where the configuration is, and why there.
struct ConfigurationPlace {
  enum Reason: String {
    case option = "--config"
    case environment = "$PUSH2PACS_CONFIG"
    case own = "the account's own"
  }

  let path: String
  let reason: Reason

  init(_ arguments: ParsedArguments) {
    if let named = arguments.string("config") {
      (path, reason) = (named, .option)
    } else if let named = Surroundings.variable("PUSH2PACS_CONFIG") {
      (path, reason) = (named, .environment)
    } else {
      (path, reason) = (Surroundings.expanded("~/.config/push2pacs/config.json"), .own)
    }
  }

  /// What is read; `nil` where there is nothing and nobody said that there should be.
  var readPath: String? { reason == .own && !Surroundings.exists(path) ? nil : path }
}

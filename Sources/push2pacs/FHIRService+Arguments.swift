import Configuration
import Console

extension Context {
  /// The address of a FHIR server and the variable of its token: the server as it is typed, or by a
  /// name of the configuration, with or without the path of a resource behind it.
  func fhirService(
    _ text: String
  ) throws(CommandFailure) -> (address: String, tokenVariable: String?) {
    let token = arguments.string("token")
    if Self.isWebAddress(text) { return (text, token) }
    let site = try site()
    let name = String(text.prefix { $0 != "/" })
    guard let known = site.fhir[name] else {
      let names = site.fhir.keys.sorted()
      throw CommandFailure(
        .configuration,
        names.isEmpty
          ? "no FHIR server '\(name.printable)' is configured; give its address, https://host/path, or write it into the configuration"
          : "no FHIR server '\(name.printable)' is configured; there is \(names.joined(separator: ", ")), or give its address"
      )
    }
    return (known.url + text.dropFirst(name.count), token ?? known.tokenVariable)
  }

  static func isWebAddress(_ text: String) -> Bool {
    text.hasPrefix("https://") || text.hasPrefix("http://")
  }
}

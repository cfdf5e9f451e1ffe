package import JSON

/// Resources of a Bundle, or of several, by what refers to them.
package struct ResourceIndex: Sendable {
  /// In the order in which they came.
  package private(set) var all: [Resource] = []
  private var places: [String: Int] = [:]
  /// The addresses under which the resources are to be had, as far as they say it.
  private var bases: Set<String> = []

  package struct Resource: Sendable {
    package let fullURL: String
    package let json: JSON

    package var type: String { json["resourceType"]?.stringValue ?? "" }
    package var id: String? { json["id"]?.stringValue }
  }

  package init() {}

  /// The resources of a Bundle; a single resource is a Bundle of one.
  package init(_ document: JSON) {
    guard document["resourceType"]?.stringValue == "Bundle" else {
      add(document, fullURL: nil)
      return
    }
    add(bundle: document)
  }

  package mutating func add(bundle: JSON) {
    for entry in bundle["entry"]?.arrayValue ?? [] {
      guard let resource = entry["resource"] else { continue }
      add(resource, fullURL: entry["fullUrl"]?.stringValue)
    }
  }

  /// Adds a resource unless it is there already.
  package mutating func add(_ json: JSON, fullURL: String?) {
    guard let type = json["resourceType"]?.stringValue else { return }
    let local = json["id"]?.stringValue.map { "\(type)/\($0)" }
    let name = fullURL ?? local ?? "#\(all.count)"
    let names = [name, local].compactMap { $0 }
    guard !names.contains(where: { places[$0] != nil }) else { return }
    all.append(Resource(fullURL: name, json: json))
    for name in names { places[name] = all.count - 1 }
    if let local, let fullURL, fullURL.hasSuffix("/" + local) {
      add(base: String(fullURL.dropLast(local.count + 1)))
    }
  }

  /// Takes note of the address of the server that has the resources.
  package mutating func add(base: String) { bases.insert(base) }

  /// `Type/id` of a reference; `nil` where it leads to another server: the same id is somebody
  /// else's there.
  package func local(_ reference: String) -> String? {
    var parts = reference.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 3, parts[parts.count - 2] == "_history" { parts.removeLast(2) }
    guard parts.count >= 2 else { return nil }
    let base = parts.dropLast(2).joined(separator: "/")
    guard base.isEmpty || bases.isEmpty || bases.contains(base) else { return nil }
    return parts.suffix(2).joined(separator: "/")
  }

  /// The resource that a reference means: a fullUrl, `Type/id`, or an address of the same server.
  package subscript(reference: String?) -> Resource? {
    guard let reference else { return nil }
    if let place = places[reference] { return all[place] }
    return local(reference).flatMap { places[$0] }.map { all[$0] }
  }
}

package import JSON

/// Resources of a Bundle, or of several, by what refers to them.
package struct ResourceIndex: Sendable {
  /// In the order in which they came.
  package private(set) var all: [Resource] = []
  private var places: [String: Int] = [:]

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
  }

  /// The resource that a reference means: a fullUrl, `Type/id`, or the end of an address.
  package subscript(reference: String?) -> Resource? {
    guard let reference else { return nil }
    if let place = places[reference] { return all[place] }
    let parts = reference.split(separator: "/")
    if parts.count > 3, parts[parts.count - 2] == "_history" {
      return self[parts.dropLast(2).suffix(2).joined(separator: "/")]
    }
    guard parts.count >= 2 else { return nil }
    return places[parts.suffix(2).joined(separator: "/")].map { all[$0] }
  }
}

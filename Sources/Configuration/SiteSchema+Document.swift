package import JSON

extension SiteSchema {
  /// The table as JSON Schema, draft 2020-12, for editors and administrators' tools.
  package static var document: JSON {
    var root = Node()
    for key in table {
      root.add(key, at: key.path.split(separator: ".").map(String.init))
    }
    var document = root.schema
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = .string("push2pacs configuration, version \(version)")
    return document
  }

  /// An object of the configuration while the schema is put together.
  private struct Node {
    var children: [(name: String, node: Node)] = []
    var key: Key?

    mutating func add(_ key: Key, at path: [String]) {
      guard let name = path.first else {
        self.key = key
        return
      }
      let place: Int
      if let known = children.firstIndex(where: { $0.name == name }) {
        place = known
      } else {
        place = children.count
        children.append((name, Node()))
      }
      children[place].node.add(key, at: Array(path.dropFirst()))
    }

    var schema: JSON {
      if let key { return SiteSchema.schema(of: key) }
      if let named = children.first, named.name == "NAME" {
        return ["type": "object", "additionalProperties": named.node.schema]
      }
      if let named = children.first, named.name == "CHECK" {
        return [
          "type": "object", "additionalProperties": named.node.schema,
          "propertyNames": ["enum": JSON(SiteSchema.limits)],
        ]
      }
      var properties = JSONObject()
      var required: [String] = []
      for child in children {
        if child.name.hasSuffix("[]") {
          properties.append(
            String(child.name.dropLast(2)), ["type": "array", "items": child.node.schema])
        } else {
          properties.append(child.name, child.node.schema)
        }
        if let key = child.node.key, key.standard == nil { required.append(child.name) }
      }
      var schema: JSON = ["type": "object", "properties": .object(properties)]
      schema["additionalProperties"] = false
      // An archive is reached by DICOM, by its web address, or by both.
      if required.contains("host") {
        schema["anyOf"] = [["required": JSON(required)], ["required": ["url"]]]
      } else if !required.isEmpty {
        schema["required"] = JSON(required)
      }
      return schema
    }
  }

  private static func schema(of key: Key) -> JSON {
    var schema: JSON
    switch key.kind {
    case .text: schema = ["type": "string"]
    case .texts: schema = ["type": "array", "items": ["type": "string"]]
    case .flag: schema = ["type": "boolean"]
    case .whole(let range):
      schema = [
        "type": "integer", "minimum": .integer(range.lowerBound),
        "maximum": .integer(range.upperBound),
      ]
    case .number(let range):
      schema = [
        "type": "number", "minimum": .number(range.lowerBound),
        "maximum": .number(range.upperBound),
      ]
    case .oneOf(let words): schema = ["type": "string", "enum": JSON(words)]
    }
    schema["description"] = .string(key.help)
    return schema
  }
}

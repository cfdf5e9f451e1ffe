package import JSON

/// One value that holds, and whether the site has written it down.
package struct Setting: Sendable, Equatable {
  /// As a person would write it: `pacs.main.port`.
  package let path: String
  package let value: JSON
  package let isWritten: Bool
}

extension Site {
  /// Everything that holds, value by value, in the order of the schema.
  ///
  /// - Parameter written: the file's document; `nil` where there is none.
  package func settings(writtenIn written: JSON?) -> [Setting] {
    var settings: [Setting] = []
    Self.collect(document, written ?? [:], path: "", into: &settings)
    return settings
  }

  private static func collect(
    _ value: JSON, _ written: JSON?, path: String, into settings: inout [Setting]
  ) {
    guard let object = value.objectValue, !object.isEmpty else {
      let isWritten = written.map { !$0.isNull } ?? false
      // An object without entries has nothing to say unless somebody wrote it.
      if value.objectValue == nil || isWritten {
        settings.append(Setting(path: path, value: value, isWritten: isWritten))
      }
      return
    }
    for entry in object.entries {
      let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      collect(entry.value, written?[entry.key], path: inner, into: &settings)
    }
  }

  /// The whole configuration with every value that holds; what is not set is `null`.
  package var document: JSON {
    var document: JSON = [
      "version": .integer(SiteSchema.version), "aeTitle": .string(aeTitle), "port": .integer(port),
      "contact": JSON(contact), "audit": JSON(audit), "stage": ["group": JSON(stage.group)],
    ]
    document["pacs"] = Self.named(pacs, \.document)
    document["fhir"] = Self.named(fhir, \.document)
    document["isodoses"] = Self.named(isodoses) {
      ["levels": JSON($0.levels), "colors": JSON($0.colors)]
    }
    document["label"] = ["date": .string(label.date), "template": JSON(label.template)]
    document["limits"] = Self.named(limits) { values in
      Self.named(values) { JSON.number($0) }
    }
    document["confirmation"] = [
      "expiresHours": .number(confirmation.expiresHours),
      "keyFile": .string(confirmation.keyFile),
      "differentAccounts": .bool(confirmation.needsDifferentAccounts),
      "expected": JSON(confirmation.expected),
      "people": .array(
        confirmation.people.map {
          ["name": .string($0.name), "role": .string($0.role), "account": JSON($0.account)]
        }),
    ]
    return document
  }

  private static func named<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
    .object(
      JSONObject(
        values.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: json($0.value)) }))
  }
}

extension Site.Archive {
  fileprivate var document: JSON {
    var document: JSON = [:]
    if !host.isEmpty {
      document = [
        "host": .string(host), "port": .integer(port), "aeTitle": .string(aeTitle),
      ]
    }
    document["query"] = .bool(canBeAsked)
    document["retrieve"] = .string(retrieve.rawValue)
    document["commit"] = .string(commit.rawValue)
    if !host.isEmpty {
      document["associations"] = .integer(associations)
      document["timeouts"] = [
        "connect": .number(timeouts.connect), "associate": .number(timeouts.associate),
        "response": .number(timeouts.response), "read": .number(timeouts.read),
        "write": .number(timeouts.write),
        "release": .number(timeouts.release), "commitment": .number(timeouts.commitment),
      ]
    }
    if let web {
      document["url"] = .string(web.url)
      document["tokenVariable"] = JSON(web.tokenVariable)
    }
    return document
  }
}

extension Site.WebService {
  fileprivate var document: JSON {
    ["url": .string(url), "tokenVariable": JSON(tokenVariable)]
  }
}

import Configuration
import JSON

/// What a person says of a PACS, and of a FHIR server.
struct SetupAnswers {
  enum Connection {
    case dicom(host: String, port: Int, title: String)
    case web(Service)
  }

  /// Where a web service is, and which variable holds its token; the token itself is never asked for.
  struct Service {
    let url: String
    let tokenVariable: String?

    func write(into entry: inout JSON) {
      entry["url"] = .string(url)
      entry["tokenVariable"] = tokenVariable.map(JSON.string)
    }
  }

  let ownTitle: String
  let name: String
  let connection: Connection
  var record: (name: String, service: Service)?

  /// The configuration with these in it; what else stands there is kept.
  func document(over document: JSON) -> JSON {
    var document = document
    if document["version"] == nil { document["version"] = .integer(SiteSchema.version) }
    document["aeTitle"] = .string(ownTitle)
    var all = document["pacs"] ?? [:]
    var archive = all[name] ?? [:]
    switch connection {
    case .dicom(let host, let port, let title):
      if archive["host"] == nil { archive["retrieve"] = nil }
      archive["host"] = .string(host)
      archive["port"] = .integer(port)
      archive["aeTitle"] = .string(title)
    case .web(let service):
      // Another way to be spoken to: what belonged to the old one goes with it.
      for key in ["host", "port", "aeTitle", "retrieve", "commit", "associations"] {
        archive[key] = nil
      }
      service.write(into: &archive)
    }
    all[name] = archive
    document["pacs"] = all
    if let record {
      var servers = document["fhir"] ?? [:]
      var entry = servers[record.name] ?? [:]
      record.service.write(into: &entry)
      servers[record.name] = entry
      document["fhir"] = servers
    }
    return document
  }
}

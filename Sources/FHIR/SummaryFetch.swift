import HTTP
import JSON
package import TreatmentSummary

/// Fetches a summary from a server: the Procedures of a patient and what they refer to.
///
/// IHE-RO XRTS-02, Retrieve Treatment Summary.
package struct SummaryFetch {
  private let server: FHIRServer

  /// The most resources that a summary is made of.
  private static let limit = 2000

  package init(from server: FHIRServer) { self.server = server }

  /// All summaries of a patient.
  ///
  /// - Parameter patient: an identifier, or `SYSTEM|ID`.
  package func resources(ofPatient patient: String) throws(FHIRError) -> ResourceIndex {
    var patients: [JSON] = []
    for page in try server.search("Patient", [("identifier", patient)]) {
      patients += (page["entry"]?.arrayValue ?? []).compactMap { $0["resource"] }
        .filter { $0["resourceType"]?.stringValue == "Patient" }
    }
    // A page may repeat what the one before it had.
    var ids: Set<String> = []
    patients.removeAll { $0["id"]?.stringValue.map { !ids.insert($0).inserted } ?? false }
    guard let found = patients.first, let id = found["id"]?.stringValue else {
      throw .noPatient(patient)
    }
    guard patients.count == 1 else {
      throw .severalPatients(
        patient, patients.compactMap { $0["identifier"]?[0]?["system"]?.stringValue })
    }
    var index = index(of: found)
    for page in try server.search("Procedure", [("subject", "Patient/\(id)")]) {
      index.add(bundle: page)
    }
    // What is planned and not begun hangs on nothing: where the server can be asked, it is.
    for (type, key) in [("ServiceRequest", "subject"), ("BodyStructure", "patient")] {
      do {
        for page in try server.search(type, [(key, "Patient/\(id)")]) { index.add(bundle: page) }
      } catch {
        guard !error.isTransient else { throw error }
      }
    }
    try complete(&index)
    guard
      !BundleReading.courses(in: index).isEmpty || !BundleReading.plannedCourses(in: index).isEmpty
    else { throw .noSummary(patient) }
    return index
  }

  /// The Course Summary with a UID and all that belongs to it; nothing where there is none.
  package func resources(ofCourse uid: String) throws(FHIRError) -> ResourceIndex? {
    let found = try server.find("Procedure", system: CodeSystem.dicomUID, value: "urn:oid:\(uid)")
    guard let course = found.first else { return nil }
    guard found.count == 1 else {
      throw .severalMatches(type: "Procedure", identifier: "urn:oid:\(uid)")
    }
    var index = index(of: course)
    if let subject = course["subject"]?["reference"]?.stringValue {
      for page in try server.search("Procedure", [("subject", subject)]) {
        index.add(bundle: page)
      }
    }
    try complete(&index)
    return index
  }

  /// One resource by its address, and all that belongs to it.
  package func resources(at reference: String) throws(FHIRError) -> ResourceIndex {
    guard let json = try server.read(reference) else { throw .noSummary(reference) }
    var index = index(of: json)
    if let subject = json["subject"]?["reference"]?.stringValue {
      for page in try server.search("Procedure", [("subject", subject)]) {
        index.add(bundle: page)
      }
    }
    try complete(&index)
    return index
  }

  /// A resource of the server, which may call itself by another address than we call it.
  private func index(of json: JSON) -> ResourceIndex {
    var index = ResourceIndex(json)
    index.add(base: server.base.text)
    return index
  }

  /// Reads by id whatever is referred to and is not there.
  private func complete(_ index: inout ResourceIndex) throws(FHIRError) {
    let wanted = ["Patient", "Procedure", "ServiceRequest", "BodyStructure"]
    var asked: Set<String> = []
    while true {
      var open: [String] = []
      for resource in index.all {
        for reference in BundleReading.references(in: resource.json)
        where index[reference] == nil && asked.insert(reference).inserted {
          guard let local = index.local(reference),
            let type = local.split(separator: "/").first, wanted.contains(String(type)),
            index[local] == nil, asked.insert(local).inserted || local == reference
          else { continue }
          open.append(local)
        }
      }
      if open.isEmpty { return }
      guard index.all.count + open.count <= Self.limit else { throw .tooMany(Self.limit) }
      for reference in open {
        if let json = try server.read(reference) { index.add(json, fullURL: nil) }
      }
    }
  }
}

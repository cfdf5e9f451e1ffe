package import JSON

/// An exported dose map beside the course: its study as ImagingStudy, its series as
/// DocumentReference that the Course Summary reports.
package struct DoseMapLinks: Sendable, Equatable {
  package struct Series: Sendable, Equatable {
    package let uid: String
    package let modality: String
    package let description: String
    /// SOP Instance and SOP Class UIDs.
    package let instances: [TreatmentSummary.DICOMInstance]

    package init(
      uid: String, modality: String, description: String,
      instances: [TreatmentSummary.DICOMInstance]
    ) {
      self.uid = uid
      self.modality = modality
      self.description = description
      self.instances = instances
    }
  }

  package let studyUID: String
  /// `YYYY-MM-DD`.
  package let started: String?
  package let series: [Series]
  /// When it was sent.
  package let date: String
  /// The DICOMweb address of the archive, where it has one.
  package let web: String?
  /// Reference to the server's own ImagingStudy of the study, which is referred to and left alone.
  package var knownStudy: String?
  /// Series of earlier maps, as the ImagingStudy of them has them.
  package var earlierSeries: [JSON] = []

  package init(
    studyUID: String, started: String?, series: [Series], date: String, web: String? = nil,
    knownStudy: String? = nil
  ) {
    self.studyUID = studyUID
    self.started = started
    self.series = series
    self.date = date
    self.web = web
    self.knownStudy = knownStudy
  }

  /// What the Course Summary refers to.
  var report: JSON? {
    series.first.map {
      [
        "reference": .string(SummaryName("dose-map", $0.uid).fullURL),
        "display": .string($0.description),
      ]
    }
  }

  /// The name space of the identifier by which an ImagingStudy of maps is found again.
  ///
  /// The study's own UID would find the hospital's ImagingStudy as well, and an update would take all
  /// other series out of it.
  package static let system = "urn:push2pacs:imaging-study"

  /// A summary's Bundle with the links: nothing else of it changes.
  package func added(to bundle: JSON, of summary: TreatmentSummary) -> JSON {
    var linked = report.map { Self.reporting([$0], in: bundle) } ?? bundle
    linked["entry"] = .array((linked["entry"]?.arrayValue ?? []) + entries(of: summary))
    return linked
  }

  /// A Bundle whose Course Summary reports some documents beside those that it reports already.
  package static func reporting(_ reports: [JSON], in bundle: JSON) -> JSON {
    guard !reports.isEmpty else { return bundle }
    var entries = bundle["entry"]?.arrayValue ?? []
    for index in entries.indices {
      guard let resource = entries[index]["resource"],
        BundleReading.profile(of: resource) == .courseSummary
      else { continue }
      let known = resource["report"]?.arrayValue ?? []
      entries[index]["resource"]?["report"] = .array(known + reports)
    }
    var reporting = bundle
    reporting["entry"] = .array(entries)
    return reporting
  }

  private func entries(of summary: TreatmentSummary) -> [JSON] {
    guard let map = series.first else { return [] }
    let study = SummaryName("imaging-study", studyUID)
    let subject: JSON = ["reference": .string(summary.patient.reference)]
    var imaging: JSON = ["resourceType": "ImagingStudy"]
    if !summary.volumes.isEmpty {
      imaging["extension"] = .array(
        summary.volumes.map { volume in
          [
            "url": .string(Canonical.volumeReference),
            "valueReference": [
              "reference": .string(volume.reference), "display": .string(volume.name),
            ],
          ]
        })
    }
    imaging["identifier"] = [
      [
        "use": "official",
        "type": [
          "coding": [
            Coding("110180", "Study Instance UID", system: CodeSystem.dicom).json
          ]
        ],
        "system": .string(CodeSystem.dicomUID), "value": .string("urn:oid:\(studyUID)"),
      ],
      ["use": "secondary", "system": .string(Self.system), "value": .string(studyUID)],
    ]
    imaging["status"] = "available"
    let uids = series.map(\.uid)
    let earlier = earlierSeries.filter { !uids.contains($0["uid"]?.stringValue ?? "") }
    let modalities = Set(
      series.map(\.modality) + earlier.compactMap { $0["modality"]?["code"]?.stringValue }
    ).sorted()
    imaging["modality"] = .array(modalities.map { Coding($0, system: CodeSystem.dicom).json })
    imaging["subject"] = subject
    imaging["started"] = started.map(JSON.string)
    let plans = summary.plans.compactMap { $0.planned?.reference }
    if !plans.isEmpty {
      imaging["basedOn"] = .array(plans.map { ["reference": .string($0)] })
    }
    if let course = summary.course.treated {
      imaging["procedureReference"] = ["reference": .string(course.reference)]
    }
    let all = earlier + series.map(Self.json)
    imaging["numberOfSeries"] = .integer(all.count)
    imaging["numberOfInstances"] = .integer(
      all.map { $0["instance"]?.arrayValue?.count ?? 0 }.reduce(0, +))
    imaging["series"] = .array(all)
    var related: [JSON] = [["reference": .string(knownStudy ?? study.fullURL)]]
    if let course = summary.course.treated {
      related.append(["reference": .string(course.reference)])
    }
    var attachment: JSON = ["contentType": "application/dicom"]
    if let web {
      attachment["url"] = .string("\(web)/studies/\(studyUID)/series/\(map.uid)")
    }
    attachment["title"] = .string(map.description)
    let document: JSON = [
      "resourceType": "DocumentReference",
      "identifier": [
        [
          "use": "official", "system": .string(CodeSystem.dicomUID),
          "value": .string("urn:oid:\(map.uid)"),
        ]
      ],
      "status": "current",
      "type": [
        "coding": [Coding("18748-4", "Diagnostic imaging study", system: CodeSystem.loinc).json],
        "text": "Radiotherapy dose map (DICOM series)",
      ],
      "subject": subject, "date": .string(date),
      "description": .string("\(map.description), exported by push2pacs"),
      "content": [["attachment": attachment]], "context": ["related": .array(related)],
    ]
    let entry = BundleWriting.update(
      SummaryName("dose-map", map.uid).fullURL, document, uid: map.uid)
    guard knownStudy == nil else { return [entry] }
    let own: JSON = [
      "fullUrl": .string(study.fullURL), "resource": imaging,
      "request": [
        "method": "PUT",
        "url": .string(
          "ImagingStudy?" + FHIRQuery.identifier(system: Self.system, value: studyUID)),
      ],
    ]
    return [own, entry]
  }

  private static func json(_ series: Series) -> JSON {
    [
      "uid": .string(series.uid),
      "modality": Coding(series.modality, system: CodeSystem.dicom).json,
      "description": .string(series.description),
      "numberOfInstances": .integer(series.instances.count),
      "instance": .array(
        series.instances.enumerated().map { index, instance in
          var json: JSON = ["uid": .string(instance.uid)]
          if let sopClass = instance.sopClass {
            json["sopClass"] = Coding("urn:oid:\(sopClass)", system: CodeSystem.uri).json
          }
          json["number"] = .integer(index + 1)
          return json
        }),
    ]
  }
}

import JSON

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

  func entries(of summary: TreatmentSummary) -> [JSON] {
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
      ]
    ]
    imaging["status"] = "available"
    let modalities = Set(series.map(\.modality)).sorted()
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
    imaging["numberOfSeries"] = .integer(series.count)
    imaging["numberOfInstances"] = .integer(series.map(\.instances.count).reduce(0, +))
    imaging["series"] = .array(series.map(Self.json))
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
    // An update would take the other series out of an ImagingStudy that somebody else keeps.
    return knownStudy == nil
      ? [BundleWriting.update(study.fullURL, imaging, uid: studyUID), entry] : [entry]
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

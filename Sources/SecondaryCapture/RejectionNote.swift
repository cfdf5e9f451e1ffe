package import DICOM
import Radiotherapy

/// A rejection note: the Key Object Selection that withdraws instances of a map.
///
/// IHE IOCM; PS3.3 A.35.4, C.17.6 and TID 2010 of PS3.16. Whether an archive hides the instances
/// then is its own affair.
package struct RejectionNote: Sendable {
  /// Why the instances are withdrawn: the document's title.
  package enum Reason: String, Sendable, CaseIterable {
    case safety
    case quality

    package var meaning: String {
      switch self {
      case .safety: "Rejected for Patient Safety Reasons"
      case .quality: "Rejected for Quality Reasons"
      }
    }

    var code: CodedEntry {
      switch self {
      case .safety: CodedEntry(value: "113037", scheme: "DCM", meaning: meaning)
      case .quality: CodedEntry(value: "113001", scheme: "DCM", meaning: meaning)
      }
    }
  }

  /// The withdrawn instances of one series.
  package struct Series: Sendable {
    package let instanceUID: String
    /// SOP class and SOP instance UID of each.
    package let instances: [(sopClassUID: String, sopInstanceUID: String)]

    package init(
      instanceUID: String, instances: [(sopClassUID: String, sopInstanceUID: String)]
    ) {
      self.instanceUID = instanceUID
      self.instances = instances
    }
  }

  package let reason: Reason
  package let series: [Series]
  /// What the person who withdraws the map wrote.
  package let explanation: String
  package let sopInstanceUID: String
  package let seriesInstanceUID: String
  package let seriesNumber: Int
  /// DICOM date and time of the withdrawal.
  package let date: String
  package let time: String
  package let software: CaptureSeries.Software

  package init(
    reason: Reason, series: [Series], explanation: String, sopInstanceUID: String,
    seriesInstanceUID: String, seriesNumber: Int, date: String, time: String,
    software: CaptureSeries.Software
  ) {
    self.reason = reason
    self.series = series
    self.explanation = explanation
    self.sopInstanceUID = sopInstanceUID
    self.seriesInstanceUID = seriesInstanceUID
    self.seriesNumber = seriesNumber
    self.date = date
    self.time = time
    self.software = software
  }

  /// The note as a data set.
  ///
  /// - Parameter instance: one of the withdrawn instances: patient and study stand in the note byte
  ///   for byte as in it.
  package func dataSet(like instance: DataSet) throws(EncodingError) -> DataSet {
    var set = DataSet()
    for tag in Self.copied {
      if let element = instance[tag] { set.set(element) }
    }
    for tag in Self.mayBeEmpty where !set.contains(tag) { set.setEmpty(tag) }
    try set.set(.sopClassUID, SOPClass.keyObjectSelection)
    try set.set(.sopInstanceUID, sopInstanceUID)
    try set.set(.modality, "KO")
    try set.set(.seriesInstanceUID, seriesInstanceUID)
    try set.set(.seriesNumber, integer: seriesNumber)
    try set.set(.seriesDescription, reason.meaning)
    try set.set(.seriesDate, date)
    try set.set(.seriesTime, time)
    set.set(.referencedPerformedProcedureStepSequence, items: [])
    try set.set(.manufacturer, software.name)
    try set.set(.manufacturerModelName, software.name)
    try set.set(.softwareVersions, software.version)
    try set.set(.instanceNumber, integer: 1)
    try set.set(.contentDate, date)
    try set.set(.contentTime, time)
    try setEvidence(of: instance.string(.studyInstanceUID) ?? "", in: &set)
    try set.set(.valueType, "CONTAINER")
    set.set(.conceptNameCodeSequence, items: [try reason.code.item()])
    try set.set(.continuityOfContent, "SEPARATE")
    var template = DataSet()
    try template.set(.mappingResource, "DCMR")
    try template.set(.templateIdentifier, "2010")
    set.set(.contentTemplateSequence, items: [template])
    try setContent(in: &set)
    return set
  }

  /// Patient and study, without what belongs to the map's own series.
  private static let copied = CaptureTemplate.copied.filter {
    $0 != .bodyPartExamined && $0 != .patientPosition
  }

  private static let mayBeEmpty = CaptureTemplate.mayBeEmpty.filter {
    $0 != .positionReferenceIndicator && $0 != .patientPosition
  }

  /// Current Requested Procedure Evidence Sequence: every instance by study and series.
  ///
  /// PS3.3 C.17.2.3.
  private func setEvidence(of study: String, in set: inout DataSet) throws(EncodingError) {
    var evidence = DataSet()
    try evidence.set(.studyInstanceUID, study)
    evidence.set(
      .referencedSeriesSequence,
      items: try series.map { series throws(EncodingError) in
        var item = DataSet()
        try item.set(.seriesInstanceUID, series.instanceUID)
        item.set(
          .referencedSOPSequence,
          items: try series.instances.map { instance throws(EncodingError) in
            try Self.reference(instance)
          })
        return item
      })
    set.set(.currentRequestedProcedureEvidenceSequence, items: [evidence])
  }

  private func setContent(in set: inout DataSet) throws(EncodingError) {
    var content: [DataSet] = []
    var description = DataSet()
    try description.set(.relationshipType, "CONTAINS")
    try description.set(.valueType, "TEXT")
    description.set(
      .conceptNameCodeSequence,
      items: [
        try CodedEntry(value: "113012", scheme: "DCM", meaning: "Key Object Description").item()
      ])
    try description.set(.textValue, explanation)
    content.append(description)
    for instance in series.flatMap(\.instances) {
      var item = DataSet()
      try item.set(.relationshipType, "CONTAINS")
      try item.set(.valueType, "IMAGE")
      item.set(.referencedSOPSequence, items: [try Self.reference(instance)])
      content.append(item)
    }
    set.set(.contentSequence, items: content)
  }

  private static func reference(
    _ instance: (sopClassUID: String, sopInstanceUID: String)
  ) throws(EncodingError) -> DataSet {
    var item = DataSet()
    try item.set(.referencedSOPClassUID, instance.sopClassUID)
    try item.set(.referencedSOPInstanceUID, instance.sopInstanceUID)
    return item
  }
}

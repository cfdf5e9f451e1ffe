package import DICOM
package import DIMSE

/// What is to be fetched from an archive: a series, or some instances of it.
package struct RetrieveRequest: Sendable {
  package var study: String
  package var series: String
  /// Some of the series alone; empty: all of it.
  package var instances: [String] = []
  /// How many are expected to come.
  package var expected: Int
  /// The SOP classes that are expected to come.
  package var classes: [String]
  /// In which transfer syntaxes, those that one context is proposed for together in one list.
  package var syntaxes: [[TransferSyntax]]
  /// What the names of files begin with that instances wait in; nothing else may be called so.
  package var spool: String

  /// Of so many instances one request names the UIDs: a list of UIDs has at most 65534 bytes, and
  /// archives have their own limits.
  private static let most = 64

  package init(
    study: String, series: String, instances: [String] = [], expected: Int, classes: [String],
    syntaxes: [[TransferSyntax]], spool: String
  ) {
    self.study = study
    self.series = series
    self.instances = instances
    self.expected = expected
    self.classes = classes
    self.syntaxes = syntaxes
    self.spool = spool
  }

  /// The identifiers of the requests, with their levels.
  ///
  /// PS3.4 C.4.2.1.4: unique keys alone.
  package func identifiers() throws(DeliveryError) -> [(level: QueryLevel, keys: DataSet)] {
    do {
      var key = DataSet()
      try key.set(.studyInstanceUID, study)
      try key.set(.seriesInstanceUID, series)
      guard !instances.isEmpty else { return [(.series, key)] }
      var found: [(QueryLevel, DataSet)] = []
      for start in stride(from: 0, to: instances.count, by: Self.most) {
        var part = key
        try part.set(
          .sopInstanceUID, Array(instances[start..<min(start + Self.most, instances.count)]))
        found.append((.image, part))
      }
      return found
    } catch { throw .encoding(error) }
  }

  /// The storage contexts for a C-GET, in which the archive is the user and we provide.
  ///
  /// An association has 128 contexts: where there are many classes, one for each has to do.
  package var storageContexts: [ContextProposal] {
    let isMuch = classes.count * syntaxes.count > 120
    return classes.flatMap { uid in
      isMuch
        ? [ContextProposal(uid, syntaxes.flatMap(\.self), role: .provider)]
        : syntaxes.map { ContextProposal(uid, $0, role: .provider) }
    }
  }
}

package import DICOM

/// A file that breaks the standard in ways that do not matter here.
package struct ForgivenFile: Sendable {
  package let path: String
  package let modality: String
  /// `nil` where the file does not say.
  package let seriesInstanceUID: String?
  package let what: [Forgiveness]
}

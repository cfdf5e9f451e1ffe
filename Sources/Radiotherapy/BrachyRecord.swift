package import DICOM

/// An RT Brachy Treatment Record: named, not counted, since no map of brachytherapy is drawn.
///
/// PS3.3 A.30.
package struct BrachyRecord: Sendable {
  package let identity: ObjectIdentity
  package let referencedPlans: [ObjectReference]

  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    referencedPlans = ObjectReference.all(in: file.dataSet, .referencedRTPlanSequence)
  }
}

import DICOM
import DIMSE
import Quality

/// An instance that is ready to go out: read, known as unchanged, and in the syntax that was accepted.
struct Parcel: Sendable {
  let entry: Manifest.Instance
  let syntax: TransferSyntax
  private let body: Body

  private enum Body: Sendable {
    /// The file's own bytes from an offset.
    case whole([UInt8], from: Int)
    /// Packed anew, in pieces.
    case packed([[UInt8]])
    /// Too large to be in memory: read while it goes out.
    case streamed(StagedInstance)
  }

  /// - Parameter accepted: the syntaxes that the archive takes for this class.
  init(
    _ entry: Manifest.Instance, of stage: Stage, proof: StageProof?, accepted: [TransferSyntax]
  ) throws(DeliveryError) {
    self.entry = entry
    let instance = try StagedInstance(entry, of: stage, proof: proof)
    // Packed pixels go out as they are or unpacked, never the other way round.
    let own = instance.file.transferSyntax
    guard
      let syntax = accepted.contains(own)
        ? own : instance.possibleSyntaxes.first(where: accepted.contains)
    else {
      throw .association(
        .noContext(
          sopClassUID: entry.sopClassUID, transferSyntaxUID: accepted.isEmpty ? nil : own.uid))
    }
    self.syntax = syntax
    if let (bytes, offset) = instance.whole(in: syntax) {
      body = .whole(bytes, from: offset)
    } else if entry.isMultiFrame {
      body = .streamed(instance)
    } else {
      var pieces = try instance.pieces(in: syntax)
      var packed: [[UInt8]] = []
      while let piece = try pieces.next() { packed.append(piece) }
      body = .packed(packed)
    }
  }

  /// Sends it without waiting for the answer.
  ///
  /// - Returns: the bytes of the data set.
  func send(over association: Association) throws(DeliveryError) -> Int {
    let request = StoreRequest(
      sopClassUID: entry.sopClassUID, sopInstanceUID: entry.sopInstanceUID)
    switch body {
    case .whole(let bytes, let offset):
      do {
        let span = bytes.span.bytes
        try association.beginStore(
          request, transferSyntax: syntax, dataSet: span.extracting(offset..<span.byteCount))
      } catch { throw .association(error) }
      return bytes.count - offset
    case .packed(let pieces):
      var left = pieces[...]
      return try send(request, over: association) { () throws(DeliveryError) in left.popFirst() }
    case .streamed(let instance):
      var pieces = try instance.pieces(in: syntax)
      return try send(request, over: association) { () throws(DeliveryError) in try pieces.next() }
    }
  }

  private func send(
    _ request: StoreRequest, over association: Association,
    _ next: () throws(DeliveryError) -> [UInt8]?
  ) throws(DeliveryError) -> Int {
    var failure: DeliveryError?
    var count = 0
    do throws(AssociationError) {
      try association.beginStore(request, transferSyntax: syntax) {
        () throws(AssociationError) in
        do throws(DeliveryError) {
          let piece = try next()
          count += piece?.count ?? 0
          return piece
        } catch {
          failure = error
          throw .cannotKeep("\(error)")
        }
      }
    } catch { throw failure ?? .association(error) }
    return count
  }
}

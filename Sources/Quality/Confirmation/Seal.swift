/// What a key finds of the seal that an export puts on `manifest.json`.
package enum Seal: Sendable, Equatable {
  /// Nothing was altered since the export.
  case whole
  /// It names this key and does not hold: somebody altered the manifest.
  case broken
  /// Another key's, or none: staged elsewhere, or altered by somebody who hid it.
  case foreign
}

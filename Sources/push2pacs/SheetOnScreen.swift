import Console
import Files
import Pictures
import Quality

/// The contact sheet inside the terminal, where the terminal can show a picture.
enum SheetOnScreen {
  /// Shows it below what stands there; where it cannot be shown, its path must do.
  static func show(_ stage: Stage, on terminal: Terminal, onError: Bool = false) {
    guard terminal.canShowPictures(onError: onError),
      let bytes = try? PrivateFile.read(stage.contactSheet, atMost: 1 << 28),
      let sheet = try? PNGImage(parsing: bytes), sheet.color == .rgb
    else { return }
    let small = sheet.shrunk(toColumns: terminal.pictureColumns(onError: onError))
    terminal.show(
      TerminalPicture(
        rows: small.rows, columns: small.columns, rgb: small.samples, png: small.serializedFast),
      onError: onError)
  }
}

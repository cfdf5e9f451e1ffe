extension Terminal {
  /// How long a terminal has for its answer, in milliseconds.
  private static let patience = 500

  /// Shows a picture on stdout or stderr, where that is a terminal that can.
  ///
  /// - Parameter onError: whether it goes to stderr, because stdout holds a result.
  /// - Returns: whether it was shown; otherwise nothing was written that anybody sees.
  @discardableResult
  package func show(_ picture: TerminalPicture, onError: Bool = false) -> Bool {
    guard canShowPictures(onError: onError), let language = pictureLanguage(onError: onError)
    else { return false }
    let descriptor = onError ? errorDescriptor : outputDescriptor
    let width = onError ? errorWidth : (outputWidth ?? 80)
    return System.write(picture.bytes(for: language, cells: min(width, 100)), to: descriptor) == nil
  }

  /// Whether it is worth making a picture at all: not into a file, not when quiet.
  package func canShowPictures(onError: Bool = false) -> Bool {
    !isQuiet && (onError ? errorIsTerminal : outputIsTerminal)
      && PictureLanguage.hint(System.environmentValue) != .none
  }

  /// How many pixels wide a picture may be: as wide as the window, where it tells.
  package func pictureColumns(onError: Bool = false) -> Int {
    let cells = onError ? errorWidth : (outputWidth ?? 80)
    let pixels = System.pixelColumns(of: onError ? errorDescriptor : outputDescriptor)
    return min(pixels ?? cells * 8, 800)
  }

  private func pictureLanguage(onError: Bool) -> PictureLanguage? {
    switch PictureLanguage.hint(System.environmentValue) {
    case .none: return nil
    case .speaks(let language): return language
    case .unknown:
      // Without a keyboard there is nobody whom the terminal could answer.
      guard inputIsTerminal else { return nil }
      // A signal must not end the process while the terminal is in another mode.
      Interruption.install()
      let answer = System.answer(
        to: Array(PictureLanguage.question.utf8),
        writing: onError ? errorDescriptor : outputDescriptor, reading: inputDescriptor,
        milliseconds: Self.patience, until: PictureLanguage.isWhole)
      return PictureLanguage(answer: answer)
    }
  }
}

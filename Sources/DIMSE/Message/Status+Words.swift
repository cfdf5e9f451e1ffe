extension Status {
  /// What the status means as an answer to this kind of request, in words.
  package func meaning(for field: CommandField) -> String {
    let request = CommandField(rawValue: field.rawValue & 0x7FFF)
    return specific(to: request) ?? general ?? unknown
  }

  /// Whether the code has a meaning of its own as an answer to this kind of request.
  package func isKnown(for field: CommandField) -> Bool {
    let request = CommandField(rawValue: field.rawValue & 0x7FFF)
    return specific(to: request) != nil || general != nil
  }

  /// The status in words, its code behind: `out of resources (A700)`.
  package func words(for field: CommandField) -> String { "\(meaning(for: field)) (\(self))" }

  /// PS3.4 Tables B.2-1, C.4-1, C.4-2, C.4-3.
  private func specific(to request: CommandField) -> String? {
    switch (request, code) {
    case (.store, 0xA700...0xA7FF): "refused: out of resources"
    case (.store, 0xA900...0xA9FF): "the data set does not match its SOP class"
    case (.store, 0xC000...0xCFFF): "the data set is not understood"
    case (.store, 0xB000): "stored, some values were changed"
    case (.store, 0xB006): "stored, some elements were left out"
    case (.store, 0xB007): "stored, although the data set does not match its SOP class"
    case (.find, 0xFF01): "a match; some optional keys are not supported"
    case (.find, 0xB001): "only part of the matches: the limit of answers is reached"
    case (.find, 0xA700): "refused: out of resources"
    case (.find, 0xA710): "invalid prior record key"
    case (.find, 0xA900), (.move, 0xA900), (.get, 0xA900): "the query does not match its SOP class"
    case (.find, 0xC000...0xCFFF), (.move, 0xC000...0xCFFF), (.get, 0xC000...0xCFFF):
      "unable to process"
    case (.move, 0xB000), (.get, 0xB000): "done, but some instances failed or gave a warning"
    case (.move, 0xA701), (.get, 0xA701): "out of resources: the matches cannot be counted"
    case (.move, 0xA702), (.get, 0xA702): "out of resources: the instances cannot be sent"
    case (.move, 0xA801): "the destination of the move is not known to the PACS"
    case (.move, 0xAA00...0xAA04), (.get, 0xAA00...0xAA04): "the frames asked for cannot be sent"
    default: nil
    }
  }

  /// PS3.7 Annex C.
  private var general: String? {
    switch code {
    case 0x0000: "success"
    case 0xFF00: "pending"
    case 0xFE00: "cancelled"
    case 0x0105: "no such attribute"
    case 0x0106: "invalid attribute value"
    case 0x0107: "some attributes are not supported"
    case 0x0110: "processing failure"
    case 0x0111: "an instance with this UID is already there"
    case 0x0112: "no such instance"
    case 0x0113: "no such event type"
    case 0x0114: "no such argument"
    case 0x0115: "invalid argument value"
    case 0x0116: "an attribute value is out of range"
    case 0x0117: "invalid instance UID"
    case 0x0118: "no such SOP class"
    case 0x0119: "the instance is of another SOP class"
    case 0x0120: "a mandatory attribute is missing"
    case 0x0121: "a mandatory value is missing"
    case 0x0122: "SOP class not supported"
    case 0x0123: "no such action"
    case 0x0124: "not authorised"
    case 0x0131: "this transaction UID was used before"
    case 0x0210: "this message ID is in use"
    case 0x0211: "operation not recognised"
    case 0x0212: "an argument has the wrong type"
    case 0x0213: "resource limitation"
    default: nil
    }
  }

  private var unknown: String {
    switch category {
    case .success: "success"
    case .warning: "a warning of its own"
    case .pending: "pending"
    case .cancelled: "cancelled"
    case .failure: "a failure of its own"
    }
  }

  /// What to do, or to ask of those who run the peer; `nil` where nothing needs doing.
  package func advice(for field: CommandField) -> String? {
    let request = CommandField(rawValue: field.rawValue & 0x7FFF)
    switch (request, code) {
    case (_, 0x0000), (_, 0xFF00), (_, 0xFF01), (_, 0xFE00): return nil
    case (_, 0xA700...0xA7FF), (_, 0x0213):
      return "Ask the PACS team for free space and load; then run it again."
    case (.move, 0xA801):
      return "Ask the PACS team to register our AE title with our address and port."
    case (.store, 0xB000...0xBFFF):
      return "Compare what the PACS holds with what was sent: verify lists what was changed."
    case (.store, 0x0111):
      return "Verify that what the PACS holds under this UID is what was to be sent."
    case (.store, 0xA900...0xA9FF), (.store, 0xC000...0xCFFF):
      return "Ask the PACS team for the line of this instance in their log."
    case (_, 0x0122), (_, 0x0118), (_, 0x0211):
      return "Ask the PACS team to switch this SOP class on for our AE title."
    case (_, 0x0124): return "Ask the PACS team for the permissions of our AE title."
    default: return "Ask the PACS team what this status means and for the line in their log."
    }
  }
}

extension PictureLanguage {
  /// What is asked of a terminal: the kitty protocol's own question, then what device it is.
  ///
  /// Every terminal answers the second one, so that nobody waits in vain for an answer to the first.
  /// What a terminal that knows no such sequence shows of the first is wiped off its line, which was
  /// empty before.
  static let question =
    "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\r\u{1B}[K\u{1B}[c"

  /// What the variables say of the terminal.
  enum Hint: Equatable {
    case speaks(PictureLanguage)
    /// It has to be asked.
    case unknown
    /// It shows none, and asking would only write signs on it.
    case none
  }

  static func hint(_ variable: (String) -> String?) -> Hint {
    func has(_ name: String) -> Bool { !(variable(name) ?? "").isEmpty }
    let term = variable("TERM") ?? ""
    guard !term.isEmpty, term != "dumb", term != "linux", !term.hasPrefix("vt"),
      variable("TERM_PROGRAM") != "Apple_Terminal"
    else { return .none }
    // Between us and the terminal sits another program, which answers for itself.
    if has("TMUX") || has("STY") || term.hasPrefix("screen") || term.hasPrefix("tmux") {
      return .unknown
    }
    if term == "xterm-kitty" || term == "xterm-ghostty" || has("KITTY_WINDOW_ID") {
      return .speaks(.kitty)
    }
    switch variable("TERM_PROGRAM") {
    case "ghostty": return .speaks(.kitty)
    case "iTerm.app", "WezTerm", "mintty": return .speaks(.iTerm2)
    default: break
    }
    if variable("LC_TERMINAL") == "iTerm2" { return .speaks(.iTerm2) }
    if term.hasPrefix("foot") || term.hasPrefix("mlterm") { return .speaks(.sixel) }
    return .unknown
  }

  /// Whether an answer is whole: the device's attributes have come, `ESC [ ? ... c`.
  static func isWhole(_ answer: [UInt8]) -> Bool { attributes(in: answer) != nil }

  /// The language of a terminal that answered so; `nil` where it shows no pictures.
  init?(answer: [UInt8]) {
    let text = String(decoding: answer, as: UTF8.self)
    if text.contains("_Gi=31;OK") {
      self = .kitty
    } else if Self.attributes(in: answer)?.contains("4") == true {
      self = .sixel
    } else {
      return nil
    }
  }

  /// The attributes of a device; 4 stands for sixel graphics.
  private static func attributes(in answer: [UInt8]) -> [Substring]? {
    let text = String(decoding: answer, as: UTF8.self)
    guard let start = text.firstRange(of: "\u{1B}[?") else { return nil }
    let rest = text[start.upperBound...]
    guard let end = rest.firstIndex(of: "c") else { return nil }
    let list = rest[..<end].split(separator: ";")
    return list.allSatisfy { $0.allSatisfy(\.isNumber) } ? list : nil
  }
}

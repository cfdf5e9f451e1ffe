import CLibrary

/// The commit that this executable was built from, as `Scripts/install` writes it behind its end.
///
/// An executable that was built otherwise says nothing of its commit: none is guessed.
enum BuiltCommit {
  /// What stands last in the file: this word, the commit, a `+` where the sources had been changed.
  private static let mark = "\npush2pacs-commit "

  static var text: String? {
    guard let path = SystemDifferences.executablePath else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var tail = [UInt8](repeating: 0, count: 96)
    let size = lseek(descriptor, 0, SEEK_END)
    guard size > 96, pread(descriptor, &tail, tail.count, size - 96) == 96 else { return nil }
    return commit(in: tail)
  }

  static func commit(in tail: [UInt8]) -> String? {
    guard tail.last == UInt8(ascii: "\n") else { return nil }
    let line = tail.dropLast().split(separator: UInt8(ascii: "\n")).last ?? []
    let word = Array(mark.utf8.dropFirst())
    guard line.starts(with: word) else { return nil }
    let text = String(decoding: line.dropFirst(word.count), as: UTF8.self)
    let digits = text.hasSuffix("+") ? text.dropLast() : text[...]
    guard (40...64).contains(digits.count), digits.allSatisfy({ $0.isHexDigit && $0.isASCII })
    else { return nil }
    return text
  }
}

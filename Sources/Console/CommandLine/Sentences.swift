extension String {
  /// With a full stop, unless it ends in some such mark.
  var asSentence: String { last.map { ".?!:".contains($0) } == true ? self : self + "." }

  var withoutFullStop: String { last == "." ? String(dropLast()) : self }

  /// The text up to the end of its first sentence, without the full stop.
  var firstSentence: String {
    var sentence = ""
    var rest = self[...]
    while let character = rest.popFirst() {
      if character == ".", rest.isEmpty || rest.first == " " { break }
      sentence.append(character)
    }
    return sentence
  }
}

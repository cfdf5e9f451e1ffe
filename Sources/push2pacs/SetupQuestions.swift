import Configuration
import Console
import HTTP
import JSON

/// The questions of `setup`, in their order.
struct SetupQuestions {
  let prompter: Prompter

  init(_ prompter: Prompter) { self.prompter = prompter }

  private static let isTitle = "1 to 16 plain characters"

  /// - Returns: `nil` where the person does not want what is there to be changed.
  func ask(_ path: String, _ document: JSON) throws(PromptError) -> SetupAnswers? {
    prompter.show("This asks for a PACS, tries it, and writes \(path.printable).")
    prompter.show("What is asked for, the PACS team knows. Enter takes what stands in brackets.")
    if Surroundings.exists(path) {
      prompter.show("")
      prompter.show("That file is there already; what else stands in it is kept.")
      guard try prompter.askYesNo("Change it?") else { return nil }
    }
    prompter.show("")
    let ownTitle = try prompter.ask(
      "AE title of this machine", proposing: document["aeTitle"]?.stringValue ?? "PUSH2PACS",
      expected: Self.isTitle, Self.title)
    let name = try askName("Short name for the PACS, for --pacs", "main")
    let known = document["pacs"]?[name]
    if known != nil {
      guard try prompter.askYesNo("'\(name)' is configured already. Replace its address?") else {
        return nil
      }
    }
    let isWeb = known.map { $0["host"] == nil && $0["url"] != nil } ?? false
    let kind = try prompter.ask(
      "Spoken to by dicom (AE title and port) or web (DICOMweb)",
      proposing: isWeb ? "web" : "dicom", expected: "dicom or web"
    ) { ["dicom", "web"].contains($0.lowercased()) ? $0.lowercased() : nil }
    let connection: SetupAnswers.Connection =
      if kind == "web" {
        .web(try askService("the DICOMweb service", "https://pacs.example/dicom-web", known))
      } else { try askNode(known) }
    var answers = SetupAnswers(ownTitle: ownTitle, name: name, connection: connection)
    prompter.show("")
    if try prompter.askYesNo("A FHIR server for treatment summaries as well?") {
      let record = try askName("Short name for the FHIR server, for --fhir", "record")
      let before = document["fhir"]?[record]
      if before != nil {
        guard try prompter.askYesNo("'\(record)' is configured already. Replace its address?")
        else { return nil }
      }
      answers.record = (
        record, try askService("the FHIR server", "https://fhir.example/r4", before)
      )
    }
    return answers
  }

  private static func title(_ text: String) -> String? { Site.isAETitle(text) ? text : nil }

  private func askName(_ question: String, _ proposal: String) throws(PromptError) -> String {
    try prompter.ask(
      question, proposing: proposal, expected: "a word of letters, digits, - and _"
    ) { text in
      let isWord =
        text.count <= 32
        && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
      return isWord ? text : nil
    }
  }

  /// Asks, and proposes what stood there before.
  private func ask<Meaning>(
    _ question: String, before: String?, expected: String, _ meaning: (String) -> Meaning?
  ) throws(PromptError) -> Meaning {
    if let before {
      return try prompter.ask(question, proposing: before, expected: expected, meaning)
    }
    return try prompter.ask("\(question): ", expected: expected, meaning)
  }

  private func askNode(_ known: JSON?) throws(PromptError) -> SetupAnswers.Connection {
    let host = try ask(
      "Host of the PACS", before: known?["host"]?.stringValue,
      expected: "a host name or address, without port or path"
    ) { text in
      text.count <= 253 && text.allSatisfy { $0.isASCII && !$0.isWhitespace && !"/@".contains($0) }
        ? text : nil
    }
    let port = try prompter.ask(
      "Port of the PACS", proposing: "\(known?["port"]?.integerValue ?? 104)",
      expected: "a number from 1 to 65535"
    ) { text in Int(text).flatMap { (1...65535).contains($0) ? $0 : nil } }
    let title = try ask(
      "AE title of the PACS", before: known?["aeTitle"]?.stringValue, expected: Self.isTitle,
      Self.title)
    return .dicom(host: host, port: port, title: title)
  }

  private func askService(
    _ what: String, _ example: String, _ known: JSON?
  ) throws(PromptError) -> SetupAnswers.Service {
    let url = try ask(
      "Address of \(what)", before: known?["url"]?.stringValue,
      expected: "an address like \(example), without user name; http for this machine alone"
    ) { text in (try? WebAddress(text)) == nil ? nil : text }
    let variable = try prompter.ask(
      "Environment variable that holds its token, or none",
      proposing: known?["tokenVariable"]?.stringValue ?? "none",
      expected: "the name of a variable, never the token itself; or none"
    ) { text in Self.isVariable(text) ? text : nil }
    return .init(url: url, tokenVariable: variable == "none" ? nil : variable)
  }

  /// Whether it is how variables are called; tokens mostly are longer, or have other characters.
  private static func isVariable(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first), text.utf8.count <= 64 else {
      return false
    }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }
}

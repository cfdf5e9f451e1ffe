package import HTTP
import JSON

/// Why a FHIR server did not take or give what was asked.
package enum FHIRError: Error, Equatable, Sendable {
  case web(WebError)
  /// The server said no, and why: the words of its OperationOutcome.
  case refused(status: Int, origin: String, words: [String])
  /// Several resources have an identifier that is one resource's.
  case severalMatches(type: String, identifier: String)
  /// Another program changed a resource meanwhile.
  case changedMeanwhile(type: String, words: [String] = [])
  /// No JSON, or not what was asked for.
  case badAnswer(origin: String, String)
  /// A summary that takes back what was told already.
  case goesBack(String)
  case noPatient(String)
  case severalPatients(String, [String])
  case noSummary(String)
  /// Single requests that ended before the last one.
  indirect case brokenOff(done: Int, of: Int, at: String, FHIRError)
  /// What is there afterwards is not what was sent.
  case differs(String)
  /// More resources than a summary can have.
  case tooMany(Int)
  /// A search whose pages do not end.
  case endlessSearch(type: String, pages: Int)
}

extension FHIRError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .web(let error): "\(error)"
    case .refused(let status, let origin, let words):
      "\(origin) \(StatusFailure(code: status, origin: origin).isTransient ? "is busy" : "refused it") (\(status))\(Self.said(words))\(StatusFailure(code: status, origin: origin).isTransient ? ". Run it again later" : "")"
    case .severalMatches(let type, let identifier):
      "the server has several \(type)s with the identifier \(identifier); have the doubles removed"
    case .changedMeanwhile(let type, let words):
      "a \(type) was changed by somebody else meanwhile (409 or 412)\(Self.said(words)). Run it again"
    case .badAnswer(let origin, let why): "\(origin) gave an answer that is no FHIR: \(why)"
    case .goesBack(let what): "the server knows more already: \(what); nothing was sent"
    case .noPatient(let id): "the server knows no patient \(id)"
    case .severalPatients(let id, let systems):
      "the server has several patients \(id) (\(systems.joined(separator: ", "))); write --patient SYSTEM|ID"
    case .noSummary(let id): "the server has no Course Summary of \(id)"
    case .brokenOff(let done, let count, let place, let error):
      "\(done) of \(count) resources are there; at \(place): \(error). Run it again and it goes on"
    case .differs(let what): "read back, it is not what was sent: \(what)"
    case .endlessSearch(let type, let pages):
      "a search for \(type)s goes on after \(pages) pages; tell the server's administrators"
    case .tooMany(let count): "the summary refers to more than \(count) resources"
    }
  }

  private static func said(_ words: [String]) -> String {
    words.isEmpty ? "" : ": " + words.joined(separator: "; ")
  }

  /// Whether the same again may work.
  package var isTransient: Bool {
    switch self {
    case .web(let error): error.kind == .transient || error.kind == .cancelled
    case .changedMeanwhile: true
    case .refused(let status, let origin, _):
      StatusFailure(code: status, origin: origin).isTransient
    case .brokenOff: true
    default: false
    }
  }
}

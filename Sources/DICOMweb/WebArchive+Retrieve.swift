import Files
import Foundation
import HTTP

/// WADO-RS: PS3.18 10.4.
extension WebArchive {
  /// Fetches an instance as the archive keeps it; `nil` where it does not hold it.
  ///
  /// - Parameter limit: the most bytes that its file may have.
  package func instance(
    study: String, series: String, instance: String, limit: Int
  ) throws(DICOMwebError) -> [UInt8]? {
    let resource = base.appending("studies", study, "series", series, "instances", instance)
    let response = try ask(resource) { (request) throws(WebError) in
      try client.send(request, limit: limit, isStopped: isStopped)
    }
    guard let response else { return nil }
    guard let boundary = try boundary(of: response) else { return response.body }
    let parts: [Multipart.Part]
    do { parts = try Multipart.parts(of: response.body, boundary: boundary) } catch {
      throw .multipart(error, service: base.origin)
    }
    return Array(response.body[try only(parts)])
  }

  /// Fetches an instance into a file, never in memory as a whole; `false` where it is not held.
  package func instance(
    study: String, series: String, instance: String, to path: String, limit: Int
  ) throws(DICOMwebError) -> Bool {
    let resource = base.appending("studies", study, "series", series, "instances", instance)
    let answer = path + ".answer"
    defer { PrivateFile.remove(answer) }
    let response = try ask(resource) { (request) throws(WebError) in
      try client.download(request, to: answer, limit: limit, isStopped: isStopped)
    }
    guard let response else { return false }
    if let boundary = try boundary(of: response) {
      try copyPart(of: answer, boundary, to: path)
    } else {
      do { try PrivateFile.move(answer, to: path) } catch { throw .web(.file("\(error)")) }
    }
    return true
  }

  /// Asks for a resource in any transfer syntax; `nil` where there is none.
  private func ask(
    _ resource: WebAddress, _ send: (WebRequest) throws(WebError) -> WebResponse
  ) throws(DICOMwebError) -> WebResponse? {
    let plain = "multipart/related; type=\"application/dicom\""
    // Not every service knows the wildcard.
    for accepted in [plain + "; transfer-syntax=*", plain] {
      let response: WebResponse
      do { response = try send(WebRequest(.get, resource, headers: [("Accept", accepted)])) } catch
      {
        throw .web(error)
      }
      switch response.status {
      case 200: return response
      case 404, 410: return nil
      case 400, 406: if accepted == plain { throw .web(response.failure) }
      case 206: throw .answer("a part of an instance (206)", service: base.origin)
      default: throw .web(response.failure)
      }
    }
    return nil
  }

  /// What separates the parts of an answer; `nil` where it is one bare file.
  private func boundary(of response: WebResponse) throws(DICOMwebError) -> String? {
    let text = response.header("content-type") ?? "nothing"
    switch MediaType(text).map({ ($0.name, $0.parameters["boundary"]) }) {
    case ("multipart/related", let boundary?)?: return boundary
    case ("application/dicom", _)?: return nil
    default:
      throw .answer("\(text) where an instance was asked for", service: base.origin)
    }
  }

  /// Where the one instance lies that was asked for.
  private func only(_ parts: [Multipart.Part]) throws(DICOMwebError) -> Range<Int> {
    guard let first = parts.first, parts.count == 1 else {
      throw .answer("\(parts.count) parts where one instance was asked for", service: base.origin)
    }
    return first.range
  }

  /// Writes the one part of a body that lies in a file into a file of its own.
  private func copyPart(
    of answer: String, _ boundary: String, to path: String
  ) throws(DICOMwebError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: answer), options: .alwaysMapped)
    } catch { throw .web(.file("\(answer): cannot be read")) }
    let parts: [Multipart.Part]
    do {
      parts = try data.withUnsafeBytes { Multipart.parts(in: $0, boundary: boundary) }.get()
    } catch { throw .multipart(error, service: base.origin) }
    let range = try only(parts)
    do throws(FileTrouble) {
      var file = try GrowingFile(creating: path)
      var offset = range.lowerBound
      while offset < range.upperBound {
        let end = min(offset + (1 << 20), range.upperBound)
        try file.append(data[offset..<end])
        offset = end
      }
    } catch { throw .web(.file("\(error)")) }
  }
}

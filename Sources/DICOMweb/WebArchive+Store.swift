import HTTP

/// STOW-RS: PS3.18 10.5.
extension WebArchive {
  private static let answerLimit = 16 << 20

  /// Stores files, and reads what became of each.
  package func store(_ files: [[UInt8]]) throws(DICOMwebError) -> StoreAnswer {
    let writer = MultipartWriter()
    return try store(.bytes(writer.body(files)), writer)
  }

  /// Stores what a multipart body in a file holds.
  package func store(
    bodyAt path: String, _ writer: MultipartWriter
  ) throws(DICOMwebError) -> StoreAnswer {
    try store(.file(path), writer)
  }

  private func store(
    _ body: WebRequest.Body, _ writer: MultipartWriter
  ) throws(DICOMwebError) -> StoreAnswer {
    let response = try send(
      WebRequest(
        .post, base.appending("studies"),
        headers: [("Content-Type", writer.contentType), ("Accept", Self.json)], body: body),
      limit: Self.answerLimit)
    // 200, 202 and 409 come with lists; so does the 400 of some.
    guard [200, 202, 400, 409].contains(response.status) else { throw .web(response.failure) }
    guard isJSON(response) else {
      guard response.isSuccess else { throw .web(response.failure) }
      throw .answer(
        "\(response.header("content-type") ?? "nothing") where \(Self.json) was asked for; what is stored is not known",
        service: base.origin)
    }
    let answer: StoreAnswer
    do { answer = StoreAnswer(try DICOMJSON.dataSets(response.body)) } catch {
      guard response.isSuccess else { throw .web(response.failure) }
      throw .model(error, service: base.origin)
    }
    // A refusal without lists is one of everything.
    guard response.isSuccess || !answer.results.isEmpty || !answer.unnamedFailures.isEmpty else {
      throw .web(response.failure)
    }
    return answer
  }
}

import HTTP
import Testing

@Suite("Web address") struct WebAddressTests {
  @Test("an address is read, a slash at its end does not count")
  func reads() throws {
    let address = try WebAddress("https://PACS.example:8443/dicom-web/")
    #expect(address.text == "https://pacs.example:8443/dicom-web")
    #expect(address.origin == "https://pacs.example:8443")
    #expect(!address.isLoopback)
  }

  @Test("segments and parameters are percent-encoded, RFC 3986 2.1")
  func encodes() throws {
    let address = try WebAddress("https://a.example/w").appending("studies", "1.2/3 ä")
      .asking([("PatientID", "A&B=C"), ("includefield", "all")])
    #expect(
      address.text
        == "https://a.example/w/studies/1.2%2F3%20%C3%A4?PatientID=A%26B%3DC&includefield=all")
  }

  @Test(
    "without encryption this machine alone is spoken to",
    arguments: [
      ("http://127.0.0.1:80/a", true), ("http://localhost/a", true), ("http://[::1]:8042/a", true),
      ("http://127.1.2.3", true), ("http://127.0.0.1.example/a", false),
      ("http://pacs.example/a", false), ("http://10.0.0.1/a", false),
      ("http://localhost.example", false), ("http://127.0.0", false),
    ])
  func encryption(text: String, isAllowed: Bool) throws {
    if isAllowed {
      #expect(try WebAddress(text).isLoopback)
    } else {
      let error = #expect(throws: WebError.self) { try WebAddress(text) }
      #expect(error == .address(text, .notEncrypted))
    }
  }

  @Test(
    "what is no address of a service is refused",
    arguments: [
      "", "pacs.example", "ftp://pacs.example/", "https://", "https:///path", "https://a b/",
      "https://a.example/#part", "https://a.example:99999/", "https://a.example/\n",
      "ARCHIVE@h:104",
      "https://a.example:x/", "file:///etc/passwd",
    ])
  func refuses(text: String) {
    #expect(throws: WebError.self) { try WebAddress(text) }
  }

  @Test("a password in an address is refused and not repeated")
  func password() throws {
    let error = try #require(throws: WebError.self) {
      try WebAddress("https://me:hunter2@pacs.example/")
    }
    #expect(!"\(error)".contains("hunter2") && !"\(error)".contains("me:"))
    #expect("\(error)".contains("pacs.example"))
  }

  @Test(
    "a link is followed within the service only",
    arguments: [
      ("/w/next?p=2", "https://a.example/w/next?p=2"),
      ("https://A.example:443/other", "https://a.example:443/other"),
      ("https://b.example/w", nil), ("http://a.example/w", nil), ("https://a.example:8443/", nil),
      ("//b.example/w", nil), ("https://a.example@b.example/", nil),
    ] as [(String, String?)])
  func links(link: String, target: String?) throws {
    let base = try WebAddress("https://a.example/w")
    if let target {
      #expect(try base.following(link).text == target)
    } else {
      #expect(throws: WebError.self) { try base.following(link) }
    }
  }

  @Test("a token shows its variable, never itself")
  func token() throws {
    let token = try BearerToken(variable: "PACS_TOKEN", environment: ["PACS_TOKEN": "s3cret"])
    var dumped = ""
    dump(token, to: &dumped)
    for text in ["\(token)", String(reflecting: token), dumped] {
      #expect(!text.contains("s3cret") && text.contains("PACS_TOKEN"))
    }
  }

  @Test("a token that is absent or cannot stand in a header is refused, unshown")
  func badToken() throws {
    #expect(throws: WebError.token(variable: "T", .absent)) {
      try BearerToken(variable: "T", environment: [:])
    }
    #expect(throws: WebError.token(variable: "T", .absent)) {
      try BearerToken(variable: "T", environment: ["T": ""])
    }
    for bad in ["a b", "a\r\nX-Other: 1", "ä"] {
      let error = try #require(throws: WebError.self) {
        try BearerToken(variable: "T", environment: ["T": bad])
      }
      #expect(error == .token(variable: "T", .unusable) && !"\(error)".contains(bad))
    }
  }
}

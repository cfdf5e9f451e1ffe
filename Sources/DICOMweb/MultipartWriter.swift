/// Writes instances into the body of a store request, one part each.
///
/// PS3.18 10.5.1.
package struct MultipartWriter: Sendable {
  package let boundary: String

  /// Letters and digits alone, which no server misreads; 128 random bits, which no file holds.
  package init() {
    var generator = SystemRandomNumberGenerator()
    let bits = [generator.next(), generator.next()]
    boundary = "push2pacs" + bits.map { String($0, radix: 36) }.joined()
  }

  package init(boundary: String) { self.boundary = boundary }

  /// The value of the header Content-Type.
  package var contentType: String {
    "multipart/related; type=\"application/dicom\"; boundary=\(boundary)"
  }

  /// What stands before a file.
  package var head: [UInt8] {
    Array("--\(boundary)\r\nContent-Type: application/dicom\r\n\r\n".utf8)
  }

  /// What stands behind a file.
  package var tail: [UInt8] { [0x0D, 0x0A] }

  /// What ends the body.
  package var end: [UInt8] { Array("--\(boundary)--\r\n".utf8) }

  /// The whole body of some files.
  package func body(_ files: [[UInt8]]) -> [UInt8] {
    var body: [UInt8] = []
    let overhead = head.count + tail.count
    body.reserveCapacity(files.reduce(end.count) { $0 + $1.count + overhead })
    for file in files {
      body += head
      body += file
      body += tail
    }
    return body + end
  }
}

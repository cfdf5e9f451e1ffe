/// What the requestor offers to exchange, and how: item 20H.
///
/// PS3.8 section 9.3.2.2.
package struct ProposedContext: Hashable, Sendable {
  /// Odd, 1 to 255, unique in its association.
  package var id: UInt8
  /// The UID of a SOP class.
  package var abstractSyntax: String
  /// UIDs of transfer syntaxes; the acceptor picks one.
  package var transferSyntaxes: [String]

  package init(id: UInt8, abstractSyntax: String, transferSyntaxes: [String]) {
    self.id = id
    self.abstractSyntax = abstractSyntax
    self.transferSyntaxes = transferSyntaxes
  }
}

/// The acceptor's answer to one context: item 21H.
///
/// PS3.8 section 9.3.3.2.
package struct AnsweredContext: Hashable, Sendable {
  package var id: UInt8
  package var result: Result
  /// The chosen transfer syntax; a refusal has one as well, which means nothing.
  package var transferSyntax: String?

  package init(id: UInt8, result: Result, transferSyntax: String?) {
    self.id = id
    self.result = result
    self.transferSyntax = transferSyntax
  }

  /// Whether a context may be used, or why not.
  ///
  /// PS3.8 Table 9-18.
  package struct Result: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let accepted = Result(rawValue: 0)
    package static let userRejection = Result(rawValue: 1)
    package static let noReason = Result(rawValue: 2)
    package static let abstractSyntaxNotSupported = Result(rawValue: 3)
    package static let transferSyntaxesNotSupported = Result(rawValue: 4)

    package var description: String {
      switch rawValue {
      case 0: "accepted"
      case 1: "refused by the application"
      case 2: "refused without a reason"
      case 3: "SOP class not supported"
      case 4: "none of the transfer syntaxes supported"
      default: "refused with the unknown result \(rawValue)"
      }
    }
  }
}

extension ProposedContext {
  init(parsing value: ArraySlice<UInt8>) throws(PDUError) {
    var reader = WireReader(value, subject: "a presentation context (item 20H)")
    id = try reader.uint8()
    guard id % 2 == 1 else { throw .badValue(what: "presentation context ID", value: Int(id)) }
    _ = try reader.take(3)
    var abstract: String?
    transferSyntaxes = []
    while !reader.isAtEnd {
      let item = try reader.item()
      switch item.type {
      case 0x30: abstract = text(item.value)
      case 0x40: transferSyntaxes.append(text(item.value))
      default: break
      }
    }
    guard let abstract else { throw .missing("the abstract syntax of a presentation context") }
    guard !transferSyntaxes.isEmpty else {
      throw .missing("the transfer syntax of a presentation context")
    }
    abstractSyntax = abstract
  }

  var serialized: [UInt8] {
    var writer = WireWriter()
    writer.write(id)
    writer.zeros(3)
    writer.item(0x30, bytes(of: abstractSyntax))
    for syntax in transferSyntaxes { writer.item(0x40, bytes(of: syntax)) }
    return writer.bytes
  }
}

extension AnsweredContext {
  init(parsing value: ArraySlice<UInt8>) throws(PDUError) {
    var reader = WireReader(value, subject: "a presentation context (item 21H)")
    id = try reader.uint8()
    _ = try reader.uint8()
    result = Result(rawValue: try reader.uint8())
    _ = try reader.uint8()
    do throws(PDUError) {
      while !reader.isAtEnd {
        let item = try reader.item()
        if item.type == 0x40 { transferSyntax = text(item.value) }
      }
    } catch {
      // What follows a refusal is not tested: it may be anything, or nothing. PS3.8 9.3.3.2.
      if result == .accepted { throw error }
    }
    if result == .accepted, transferSyntax == nil {
      throw .missing("the transfer syntax of an accepted presentation context")
    }
  }

  var serialized: [UInt8] {
    var writer = WireWriter()
    writer.write(id)
    writer.write(UInt8(0))
    writer.write(result.rawValue)
    writer.write(UInt8(0))
    if let transferSyntax { writer.item(0x40, bytes(of: transferSyntax)) }
    return writer.bytes
  }
}

/// A-ASSOCIATE-RQ: one node asks another to talk.
///
/// PS3.8 section 9.3.2.
package struct AssociateRequest: Hashable, Sendable {
  package var protocolVersion: UInt16
  package var calledAETitle: AETitle
  package var callingAETitle: AETitle
  package var applicationContext: String
  package var contexts: [ProposedContext]
  package var userInformation: UserInformation

  package init(
    calledAETitle: AETitle, callingAETitle: AETitle, contexts: [ProposedContext],
    userInformation: UserInformation
  ) {
    protocolVersion = 1
    self.calledAETitle = calledAETitle
    self.callingAETitle = callingAETitle
    applicationContext = Self.dicomApplicationContext
    self.contexts = contexts
    self.userInformation = userInformation
  }

  /// The one application context there is.
  ///
  /// PS3.7 A.2.1.
  package static let dicomApplicationContext = "1.2.840.10008.3.1.1.1"
}

/// A-ASSOCIATE-AC: the answer that lets the talk begin.
///
/// PS3.8 section 9.3.3.
package struct AssociateAccept: Hashable, Sendable {
  package var protocolVersion: UInt16
  /// Sent as they came in the request, tested by nobody.
  package var calledAETitle: AETitle
  package var callingAETitle: AETitle
  package var applicationContext: String
  package var contexts: [AnsweredContext]
  package var userInformation: UserInformation

  /// The answer to a request.
  package init(
    to request: AssociateRequest, contexts: [AnsweredContext], userInformation: UserInformation
  ) {
    protocolVersion = 1
    calledAETitle = request.calledAETitle
    callingAETitle = request.callingAETitle
    applicationContext = AssociateRequest.dicomApplicationContext
    self.contexts = contexts
    self.userInformation = userInformation
  }
}

extension AssociateRequest {
  init(parsing body: ArraySlice<UInt8>) throws(PDUError) {
    let fields = try AssociateFields(parsing: body, subject: "A-ASSOCIATE-RQ")
    (protocolVersion, calledAETitle) = (fields.protocolVersion, fields.calledAETitle)
    (callingAETitle, applicationContext) = (fields.callingAETitle, fields.applicationContext)
    userInformation = fields.userInformation
    contexts = []
    var identifiers: Set<UInt8> = []
    for item in fields.contexts where item.type == 0x20 {
      let context = try ProposedContext(parsing: item.value)
      guard identifiers.insert(context.id).inserted else {
        throw .badValue(what: "a presentation context ID used twice", value: Int(context.id))
      }
      contexts.append(context)
    }
    guard !contexts.isEmpty else { throw .missing("the presentation context of A-ASSOCIATE-RQ") }
  }

  var body: [UInt8] {
    associateBody(
      version: protocolVersion, called: calledAETitle, calling: callingAETitle,
      applicationContext: applicationContext, itemType: 0x20,
      contexts: contexts.map(\.serialized), userInformation: userInformation)
  }
}

extension AssociateAccept {
  init(parsing body: ArraySlice<UInt8>) throws(PDUError) {
    let fields = try AssociateFields(parsing: body, subject: "A-ASSOCIATE-AC")
    (protocolVersion, calledAETitle) = (fields.protocolVersion, fields.calledAETitle)
    (callingAETitle, applicationContext) = (fields.callingAETitle, fields.applicationContext)
    userInformation = fields.userInformation
    contexts = []
    for item in fields.contexts where item.type == 0x21 {
      contexts.append(try AnsweredContext(parsing: item.value))
    }
  }

  var body: [UInt8] {
    associateBody(
      version: protocolVersion, called: calledAETitle, calling: callingAETitle,
      applicationContext: applicationContext, itemType: 0x21,
      contexts: contexts.map(\.serialized), userInformation: userInformation)
  }
}

/// What request and acceptance have in common.
private struct AssociateFields {
  var protocolVersion: UInt16
  var calledAETitle: AETitle
  var callingAETitle: AETitle
  var applicationContext = ""
  var contexts: [(type: UInt8, value: ArraySlice<UInt8>)] = []
  var userInformation = UserInformation([])

  init(parsing body: ArraySlice<UInt8>, subject: String) throws(PDUError) {
    var reader = WireReader(body, subject: subject)
    protocolVersion = try reader.uint16()
    _ = try reader.take(2)
    calledAETitle = AETitle(field: try reader.take(16))
    callingAETitle = AETitle(field: try reader.take(16))
    _ = try reader.take(32)
    while !reader.isAtEnd {
      let item = try reader.item()
      switch item.type {
      case 0x10: applicationContext = text(item.value)
      case 0x20, 0x21: contexts.append((item.type, item.value))
      case 0x50: userInformation = try UserInformation(parsing: item.value)
      default: break  // An item of a later edition.
      }
    }
  }
}

private func associateBody(
  version: UInt16, called: AETitle, calling: AETitle, applicationContext: String, itemType: UInt8,
  contexts: [[UInt8]], userInformation: UserInformation
) -> [UInt8] {
  var writer = WireWriter()
  writer.write(version)
  writer.zeros(2)
  writer.write(called.field)
  writer.write(calling.field)
  writer.zeros(32)
  writer.item(0x10, bytes(of: applicationContext))
  for context in contexts { writer.item(itemType, context) }
  writer.item(0x50, userInformation.serialized)
  return writer.bytes
}

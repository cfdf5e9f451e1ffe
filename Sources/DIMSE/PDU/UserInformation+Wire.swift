extension UserInformation {
  init(parsing value: ArraySlice<UInt8>) throws(PDUError) {
    items = []
    var reader = WireReader(value, subject: "the user information (item 50H)")
    while !reader.isAtEnd {
      let item = try reader.item()
      items.append(try Item(type: item.type, second: item.second, value: item.value))
    }
  }

  var serialized: [UInt8] {
    var writer = WireWriter()
    for item in items { item.write(to: &writer) }
    return writer.bytes
  }
}

extension UserInformation.Item {
  fileprivate init(type: UInt8, second: UInt8, value: ArraySlice<UInt8>) throws(PDUError) {
    var reader = WireReader(value, subject: "sub-item \(hex(type))")
    switch type {
    case 0x51: self = .maximumLength(try reader.uint32())
    case 0x52: self = .implementationClassUID(text(value))
    case 0x53:
      let invoked = try reader.uint16()
      self = .asynchronousOperations(invoked: invoked, performed: try reader.uint16())
    case 0x54:
      let uid = try reader.countedText()
      let isUser = try reader.uint8() != 0
      let isProvider = try reader.uint8() != 0
      self = .role(RoleSelection(sopClassUID: uid, isUser: isUser, isProvider: isProvider))
    case 0x55: self = .implementationVersionName(text(value))
    case 0x56:
      let uid = try reader.countedText()
      let information = Array(reader.takeRest())
      self = .extended(ExtendedNegotiation(sopClassUID: uid, information: information))
    case 0x57: self = .commonExtended(try CommonExtendedNegotiation(second, &reader))
    case 0x58: self = .userIdentity(try UserIdentity(&reader))
    case 0x59:
      let length = try reader.uint16()
      self = .userIdentityResponse(Array(try reader.take(Int(length))))
    default: self = .unknown(type: type, Array(value))
    }
  }

  fileprivate func write(to writer: inout WireWriter) {
    var value = WireWriter()
    switch self {
    case .maximumLength(let length):
      value.write(length)
      writer.item(0x51, value.bytes)
    case .implementationClassUID(let uid): writer.item(0x52, bytes(of: uid))
    case .asynchronousOperations(let invoked, let performed):
      value.write(invoked)
      value.write(performed)
      writer.item(0x53, value.bytes)
    case .role(let role):
      value.counted(role.sopClassUID)
      value.write(UInt8(role.isUser ? 1 : 0))
      value.write(UInt8(role.isProvider ? 1 : 0))
      writer.item(0x54, value.bytes)
    case .implementationVersionName(let name): writer.item(0x55, bytes(of: name))
    case .extended(let negotiation):
      value.counted(negotiation.sopClassUID)
      value.write(negotiation.information)
      writer.item(0x56, value.bytes)
    case .commonExtended(let negotiation):
      writer.item(0x57, second: negotiation.version, negotiation.serialized)
    case .userIdentity(let identity): writer.item(0x58, identity.serialized)
    case .userIdentityResponse(let answer):
      value.counted(answer)
      writer.item(0x59, value.bytes)
    case .unknown(let type, let bytes): writer.item(type, bytes)
    }
  }
}

extension CommonExtendedNegotiation {
  fileprivate init(_ version: UInt8, _ reader: inout WireReader) throws(PDUError) {
    self.version = version
    sopClassUID = try reader.countedText()
    serviceClassUID = try reader.countedText()
    let length = try reader.uint16()
    var related = WireReader(
      try reader.take(Int(length)), subject: "the related SOP classes of sub-item 57H")
    relatedSOPClassUIDs = []
    while !related.isAtEnd { relatedSOPClassUIDs.append(try related.countedText()) }
  }

  fileprivate var serialized: [UInt8] {
    var related = WireWriter()
    for uid in relatedSOPClassUIDs { related.counted(uid) }
    var value = WireWriter()
    value.counted(sopClassUID)
    value.counted(serviceClassUID)
    value.counted(related.bytes)
    return value.bytes
  }
}

extension UserIdentity {
  fileprivate init(_ reader: inout WireReader) throws(PDUError) {
    kind = try reader.uint8()
    asksForResponse = try reader.uint8() != 0
    let primaryLength = try reader.uint16()
    primary = Array(try reader.take(Int(primaryLength)))
    let secondaryLength = try reader.uint16()
    secondary = Array(try reader.take(Int(secondaryLength)))
  }

  fileprivate var serialized: [UInt8] {
    var value = WireWriter()
    value.write(kind)
    value.write(UInt8(asksForResponse ? 1 : 0))
    value.counted(primary)
    value.counted(secondary)
    return value.bytes
  }
}

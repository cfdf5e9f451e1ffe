/// Why bytes of a peer are no PDU of the DICOM Upper Layer.
///
/// PS3.8 section 9.3.
package enum PDUError: Error, Equatable, Sendable {
  case unknownType(UInt8)
  case tooLong(type: UInt8, length: Int, limit: Int)
  case badLength(type: UInt8, length: Int)
  case truncated(what: String, wanted: Int, left: Int)
  case missing(String)
  case badValue(what: String, value: Int)
}

extension PDUError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownType(let type):
      "a PDU of the unknown type \(hex(type)); is the peer a DICOM node?"
    case .tooLong(let type, let length, let limit):
      "a PDU of type \(hex(type)) announces \(length) bytes, at most \(limit) are taken"
    case .badLength(let type, let length):
      "a PDU of type \(hex(type)) is \(length) bytes long, which its type does not allow"
    case .truncated(let what, let wanted, let left):
      "\(what) ends too early: \(wanted) bytes expected, \(left) left"
    case .missing(let what): "\(what) is missing"
    case .badValue(let what, let value): "\(what) has the value \(value), which is not allowed"
    }
  }
}

extension PDUError {
  /// The reason that an A-ABORT of the provider gives for this error.
  ///
  /// PS3.8 Table 9-26.
  package var abortReason: UInt8 {
    switch self {
    case .unknownType: 1
    case .missing, .badLength, .truncated, .tooLong, .badValue: 6
    }
  }
}

/// A number as the standard prints it: `07H`.
func hex(_ value: UInt8) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return (digits.count < 2 ? "0" + digits : digits) + "H"
}

/// A status or command as the standard prints it: `A700`.
func hex(_ value: UInt16) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: 4 - digits.count) + digits
}

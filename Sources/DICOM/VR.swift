/// Value representation: how the bytes of a value are to be read.
///
/// PS3.5 6.2.
///
/// The raw value is the two letters as they stand in a file, the first in the upper byte.
package enum VR: UInt16, Sendable, CaseIterable {
  case AE = 0x4145
  case AS = 0x4153
  case AT = 0x4154
  case CS = 0x4353
  case DA = 0x4441
  case DS = 0x4453
  case DT = 0x4454
  case FD = 0x4644
  case FL = 0x464C
  case IS = 0x4953
  case LO = 0x4C4F
  case LT = 0x4C54
  case OB = 0x4F42
  case OD = 0x4F44
  case OF = 0x4F46
  case OL = 0x4F4C
  case OV = 0x4F56
  case OW = 0x4F57
  case PN = 0x504E
  case SH = 0x5348
  case SL = 0x534C
  case SQ = 0x5351
  case SS = 0x5353
  case ST = 0x5354
  case SV = 0x5356
  case TM = 0x544D
  case UC = 0x5543
  case UI = 0x5549
  case UL = 0x554C
  case UN = 0x554E
  case UR = 0x5552
  case US = 0x5553
  case UT = 0x5554
  case UV = 0x5556

  /// Whether the explicit form has two reserved bytes and a 32-bit length.
  ///
  /// PS3.5 7.1.2.
  package var hasLongLength: Bool {
    switch self {
    case .OB, .OD, .OF, .OL, .OV, .OW, .SQ, .SV, .UC, .UN, .UR, .UT, .UV: true
    default: false
    }
  }

  /// Bytes of one binary number; 1 where bytes have no order (text, OB, UN).
  package var wordSize: Int {
    switch self {
    case .AT, .US, .SS, .OW: 2
    case .UL, .SL, .FL, .OF, .OL: 4
    case .FD, .OD, .OV, .SV, .UV: 8
    default: 1
    }
  }

  /// Whether the value is text in the data set's character repertoire.
  ///
  /// PS3.5 6.1.2.2.
  package var followsCharacterSet: Bool {
    switch self {
    case .LO, .LT, .PN, .SH, .ST, .UC, .UT: true
    default: false
    }
  }

  /// Whether a backslash separates values (text) or several values may follow each other.
  package var isMultiValuedText: Bool {
    switch self {
    case .AE, .AS, .CS, .DA, .DS, .DT, .IS, .LO, .PN, .SH, .TM, .UC, .UI: true
    default: false
    }
  }

  package var isText: Bool {
    isMultiValuedText || self == .LT || self == .ST || self == .UT || self == .UR
  }

  /// What fills a value to an even length: NUL for UIDs and bytes, a space for text.
  ///
  /// PS3.5 6.2.
  package var padding: UInt8 { isText && self != .UI ? 0x20 : 0x00 }
}

import DICOM
import DIMSE
import Foundation
import PixelCodecs

// libFuzzer gives bytes; whatever they are, the readers must come back. Scripts/fuzz builds and runs
// this; FUZZ_TARGET says which reader is meant.

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "file"

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
let status: Int32

switch name {
case "file":
  status = runDriver(&count, &arguments) { bytes, count in
    FuzzTarget.file(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
case "dataset":
  status = runDriver(&count, &arguments) { bytes, count in
    FuzzTarget.dataSet(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
case "text":
  status = runDriver(&count, &arguments) { bytes, count in
    FuzzTarget.text(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
case "codec":
  status = runDriver(&count, &arguments) { bytes, count in
    FuzzTarget.codec(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
case "pdu":
  status = runDriver(&count, &arguments) { bytes, count in
    FuzzTarget.pdu(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
default:
  FileHandle.standardError.write(
    Data("FUZZ_TARGET is one of file, dataset, text, codec, pdu\n".utf8))
  status = 64
}
exit(status)

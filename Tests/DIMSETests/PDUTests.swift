import DICOM
import DIMSE
import TestSupport
import Testing

@Suite("PDUs") struct PDUTests {
  @Test("every recorded PDU is read, and written again byte for byte", arguments: try Capture.all())
  func replay(capture: Capture) throws {
    var received = ReceiveBuffer(capture.bytes)
    let pdu = try #require(try PDU.next(in: &received, limit: 1 << 16))
    #expect(received.isEmpty)
    #expect(pdu.serialized == capture.bytes)
  }

  @Test("a PDU that arrives byte by byte is read when its last byte is there")
  func piecemeal() throws {
    for capture in try Capture.all() {
      var received = ReceiveBuffer(capacity: 64)
      for (index, byte) in capture.bytes.enumerated() {
        received.append(CollectionOfOne(byte))
        let pdu = try PDU.next(in: &received, limit: 1 << 16)
        #expect((pdu != nil) == (index == capture.bytes.count - 1))
      }
    }
  }

  @Test("command sets in the recordings are read, and written again byte for byte")
  func commands() throws {
    var count = 0
    for capture in try Capture.all() where capture.type == "P-DATA-TF" {
      var received = ReceiveBuffer(capture.bytes)
      guard case .data(let values)? = try PDU.next(in: &received, limit: 1 << 16) else { continue }
      for value in values where value.isCommand && value.isLast {
        let command = try Command(parsing: value.fragment)
        #expect(command.serialized == Array(value.fragment))
        count += 1
      }
    }
    #expect(count > 20)
  }

  /// What is written in section 8 of the recording's notes, field by field.
  @Test("the fields of a request are those that were recorded")
  func fields() throws {
    let capture = try #require(try Capture.all().first { $0.scenario == "get-role-selection" })
    var received = ReceiveBuffer(capture.bytes)
    guard case .associateRequest(let request)? = try PDU.next(in: &received, limit: 1 << 16) else {
      Issue.record("no A-ASSOCIATE-RQ")
      return
    }
    #expect(request.calledAETitle.text == "ANY-SCP")
    #expect(request.callingAETitle.text == "PUSH2PACS")
    #expect(request.contexts.map(\.id) == [1, 3])
    #expect(request.contexts[0].abstractSyntax == SOPClass.studyRootGet)
    #expect(request.userInformation.maximumLength == 16382)
    #expect(
      request.userInformation.roleSelections == [
        RoleSelection(sopClassUID: SOPClass.secondaryCapture, isUser: false, isProvider: true)
      ])
  }

  @Test("lengths that lie are errors, and nothing is allocated for them")
  func lies() {
    func error(_ bytes: [UInt8], limit: Int = 1 << 16) -> PDUError? {
      var received = ReceiveBuffer(bytes)
      do throws(PDUError) {
        _ = try PDU.next(in: &received, limit: limit)
        return nil
      } catch {
        return error
      }
    }
    #expect(error([0x47]) == .unknownType(0x47))
    #expect(error(Array("HTTP/1.1 400".utf8)) == .unknownType(0x48))
    #expect(
      error([4, 0, 0xFF, 0xFF, 0xFF, 0xFF])
        == .tooLong(type: 4, length: 0xFFFF_FFFF, limit: 1 << 16))
    #expect(error([7, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0]) == .badLength(type: 7, length: 5))
    #expect(
      error([4, 0, 0, 0, 0, 6, 0xFF, 0xFF, 0xFF, 0xFF, 1, 3])
        == .truncated(what: "a PDV", wanted: 0xFFFF_FFFF, left: 2))
    #expect(error([4, 0, 0, 0, 0, 0]) == .missing("the PDV of a P-DATA-TF"))
  }

  @Test("whatever the bytes, reading ends; what can be read is written and read the same")
  func fuzz() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let captures = try Capture.all()
    for _ in 0..<20_000 {
      var bytes = captures[Int.random(in: 0..<captures.count, using: &random)].bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        bytes[index] = UInt8.random(in: .min ... .max, using: &random)
      }
      var received = ReceiveBuffer(bytes)
      do throws(PDUError) {
        guard let pdu = try PDU.next(in: &received, limit: 1 << 16) else { continue }
        var again = ReceiveBuffer(pdu.serialized)
        let second = try PDU.next(in: &again, limit: 1 << 17)
        #expect(second == pdu, "seed \(seed)")
        guard case .data(let values) = pdu else { continue }
        for value in values { readCommand(value.fragment, seed) }
      } catch {
        continue
      }
    }
  }

  private func readCommand(_ bytes: ArraySlice<UInt8>, _ seed: UInt64) {
    do throws(CommandError) {
      let command = try Command(parsing: bytes)
      #expect(try Command(parsing: command.serialized) == command, "seed \(seed)")
    } catch {
      // Not every mutation leaves a command set.
    }
  }
}

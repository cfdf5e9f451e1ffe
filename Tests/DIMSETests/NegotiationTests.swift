import DIMSE
import TestSupport
import Testing

@Suite("What an association says besides its contexts", .timeLimit(.minutes(1)))
struct NegotiationTests {
  @Test(
    "who asks, roles, and what a service class wants to know, reach the peer; so do its answers")
  func everything() throws {
    let identity = UserIdentity(
      kind: 2, asksForResponse: true, primary: Array("ada".utf8), secondary: Array("secret".utf8))
    let relational = ExtendedNegotiation(sopClassUID: SOPClass.studyRootFind, information: [1, 1])
    let bad = try BadPeer { socket in
      let request = try socket.accept {
        $0.userInformation.items += [
          .role(
            RoleSelection(
              sopClassUID: SOPClass.secondaryCapture, isUser: false, isProvider: true)),
          .extended(
            ExtendedNegotiation(sopClassUID: SOPClass.studyRootFind, information: [1, 0])),
          .userIdentityResponse([]),
        ]
      }
      let said = request.userInformation
      #expect(said.userIdentity == identity)
      #expect(said.extendedNegotiations == [relational])
      #expect(said.maximumLength == 4096)
      #expect(said.asynchronousOperations == (5, 1))
      #expect(
        said.roleSelections == [
          RoleSelection(sopClassUID: SOPClass.secondaryCapture, isUser: false, isProvider: true)
        ])
      _ = try socket.receivePDU()
      try socket.send(PDU.releaseReply.serialized)
    }
    var options = Association.Options(timeouts: Timeouts(all: .seconds(5)))
    options.userIdentity = identity
    options.extendedNegotiations = [relational]
    options.maximumLength = 4096
    options.operationsWindow = 5
    let association = try Association.request(
      to: bad.peer, as: try title("USER"),
      contexts: [
        .find(.study), ContextProposal(SOPClass.secondaryCapture, role: .provider),
      ], options: options)
    // Without a word of the peer about operations there is one at a time.
    #expect(association.operationsWindow == 1)
    #expect(association.peerInformation.userIdentityResponse == [])
    #expect(association.peerInformation.extendedNegotiations.map(\.information) == [[1, 0]])
    let capture = association.contexts.first { $0.sopClassUID == SOPClass.secondaryCapture }
    #expect(capture?.requestorIsUser == false)
    #expect(capture?.requestorIsProvider == true)
    try association.release()
    try bad.finish()
  }
}

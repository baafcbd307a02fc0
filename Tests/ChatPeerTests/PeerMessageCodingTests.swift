import ChatProtocol
import Testing

@testable import ChatPeer

@Suite struct PeerMessageCodingTests {
    private func decoded(_ text: String) throws -> PeerMessage? {
        try Array(text.utf8).withUnsafeBytes { try PeerMessage.decoding($0) }
    }

    @Test(
        arguments: [
            PeerMessage.session(stream: lukeStream, yours: nil, through: 0), .session(stream: lukeStream, yours: otherStream, through: 7),
        ])
    func greetingsAreReadBack(message: PeerMessage) throws {
        #expect(try message.encoded().withUnsafeBytes { try PeerMessage.decoding($0) } == message)
    }

    @Test(
        arguments: [
            #"{"action":"session"}"#, #"{"action":"session","stream":"x"}"#, #"{"action":"session","stream":"00000000000000zz"}"#,
            #"{"action":"session","stream":"0000000000000007","yours":5,"n":1}"#,
            #"{"action":"session","stream":"0000000000000007","yours":"0000000000000008","n":-1}"#,
            #"{"action":"session","stream":"0000000000000007","yours":"0000000000000008"}"#,
        ])
    func malformedGreetingsAreRefused(text: String) {
        #expect(throws: BadRequest.self) { try decoded(text) }
    }
}

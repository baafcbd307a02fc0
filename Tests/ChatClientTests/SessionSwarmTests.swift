import ChatProtocol
import Testing

@testable import ChatClient

/// Requests about files go through the session like any other, and die with their link: the owner of files registers them anew.
@Suite struct SessionSwarmTests {
    private func request() throws -> Request {
        let content = try #require(Hash256([UInt8](1...32)).flatMap { FileContent(root: $0, size: FileContent.largest) })
        let name = try #require(SafeName(String(repeating: "\"", count: SafeName.most)))
        var pieces = PieceSet(capacity: content.pieceCount)
        pieces.insert(7)
        return .swarm(.register(SharedFile(name: name, content: content), pieces))
    }

    @Test func replyComesBackWithTheTicket() throws {
        var fixture = SessionFixture.online()
        let sent = fixture.give(.request(try request(), ticket(1)))
        #expect(sent.requests == [try request()])
        #expect(fixture.answer(sent, .swarm(.register(.full))).news == [.reply(.swarm(.register(.full)), ticket(1))])
    }

    @Test func largestOfThemFitsIntoAFrame() throws {
        let frame = RequestFrame(try request(), id: RequestID(.max))
        #expect(frame.encoded().count < WireLimits.frame)
    }

    @Test func nothingIsRepeatedAfterAReconnect() throws {
        var fixture = SessionFixture.online()
        fixture.give(.request(try request(), ticket(1)))
        #expect(fixture.give(.linkClosed(.lost("reset"))).failures == [.connectionLost])
        #expect(fixture.give(.request(try request(), ticket(2))).failures == [.connectionLost])
        fixture.wake()
        let resumed = fixture.answer(fixture.give(.linkOpened(.plaintext)), .resume(.success, SessionFixture.welcome()))
        #expect(!resumed.requests.contains { if case .swarm = $0 { true } else { false } })
    }
}

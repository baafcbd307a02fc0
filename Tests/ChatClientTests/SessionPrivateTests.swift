import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct SessionPrivateTests {
    private static func offer() throws -> PeerOffer {
        let pin = try #require(PeerPin(digest: [UInt8](repeating: 1, count: 32)))
        let candidates = (1...8).compactMap { Candidate(address: "2001:db8:1234:5678:9abc:def0:1234:567\($0)", port: 50_000) }
        return PeerOffer(pin: pin, candidates: candidates)
    }

    private func introduction(for purpose: PeerMessage.Purpose = .chat) throws -> PeerIntroduction {
        PeerIntroduction(
            user: yoda, offer: try Self.offer(), ticket: try #require(RelayTicket(String(repeating: "0", count: 32))), purpose: purpose)
    }

    @Test func offerIsMadeAtLoginAndAtResume() throws {
        var fixture = SessionFixture()
        fixture.session.offer = try Self.offer()
        fixture.session.privatePort = 50_000
        fixture.give(.login(name: hans, password: "falcon"))
        let sent = fixture.give(.linkOpened(.plaintext))
        guard case .login(let login)? = sent.requests.last else {
            Issue.record("no login")
            return
        }
        #expect(login.peer == fixture.session.offer)
        #expect(login.privatePort == 50_000)
        fixture.answer(sent.frames.last, .login(.success, SessionFixture.welcome()))
        guard case .resume(let resume)? = fixture.reconnect().last?.request else {
            Issue.record("no resume")
            return
        }
        #expect(resume.peer == fixture.session.offer)
        #expect(resume.privatePort == 50_000)
    }

    @Test func loginWithAnOfferStaysWithinTheFrameOfThoseNotLoggedIn() throws {
        var fixture = SessionFixture()
        fixture.session.offer = try Self.offer()
        fixture.give(.login(name: hans, password: String(repeating: "\u{1}", count: 590)))
        let sent = fixture.give(.linkOpened(.plaintext))
        #expect(sent.frames.allSatisfy { $0.encoded().count <= WireLimits.frameBeforeLogin })
        #expect(sent.phases.last == .ended(.refused(.invalidPassword)))
        fixture.give(.login(name: hans, password: String(repeating: "\u{1}", count: 300)))
        #expect(fixture.session.phase == .loggingIn)
    }

    @Test func withoutAnOfferNoneIsMade() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "falcon"))
        guard case .login(let login)? = fixture.give(.linkOpened(.plaintext)).requests.last else {
            Issue.record("no login")
            return
        }
        #expect(login.peer == nil && login.privatePort == 0)
    }

    @Test func requestsOfOthersArePassedOnUntilLeaving() throws {
        var fixture = SessionFixture.online()
        let message = ServerMessage.event(.privateRequest(try introduction()))
        #expect(fixture.give(.received(message)).news == [.privateRequest(try introduction())])
        fixture.give(.logout)
        #expect(fixture.give(.received(message)).news == [])
    }

    @Test func introductionsJoinTheServersWordsToThePrivateSessions() throws {
        var introductions = Introductions()
        #expect(introductions.ask(yoda, ticket(1)) == .request(.startprivate(yoda), ticket(1)))
        #expect(introductions.meaning(of: .reply(.pong, ticket(2))) == nil)
        let introduction = try introduction()
        #expect(
            introductions.meaning(of: .reply(.startprivate(.peer(introduction)), ticket(1))) == .introduced(introduction, asked: yoda))
        #expect(introductions.meaning(of: .reply(.startprivate(.peer(introduction)), ticket(1))) == nil)
        _ = introductions.ask(yoda, ticket(3))
        #expect(introductions.meaning(of: .failed(ticket(3), .queueFull)) == .refused(yoda, .noServer))
        _ = introductions.ask(yoda, ticket(4))
        #expect(introductions.meaning(of: .reply(.unknownAction("startprivate"), ticket(4))) == .refused(yoda, .unclear))
        #expect(introductions.meaning(of: .privateRequest(introduction)) == .request(introduction))
        #expect(introductions.meaning(of: .privateRequest(try self.introduction(for: .bulk))) == nil)
    }
}

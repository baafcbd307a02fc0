import ChatProtocol
import Testing

@testable import ChatPeer

/// Somebody was to come, for instance one who then found that the key had changed, and the user wants the session too.
@Suite struct StartWhileExpectingTests {
    private func expecting() -> PeerFixture {
        var fixture = PeerFixture()
        fixture.give(.request(introduction(luke, lukePin)))
        #expect(fixture.give(.start(luke)) == [.tell(.opening(luke))])
        return fixture
    }

    @Test func whoComesSoonIsTaken() {
        var fixture = expecting()
        let (link, greeted) = fixture.linkUp(isInitiator: false)
        #expect(greeted.stream != nil)
        let opened = fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        #expect(opened.news == [.opened(luke, direct, .new, isMine: true)])
    }

    @Test func ifNobodyComesTheServerIsAsked() {
        var fixture = expecting()
        fixture.now.uptime += 7 * Moment.second
        #expect(fixture.give(.tick) == [])
        fixture.now.uptime += Moment.second
        #expect(fixture.give(.tick) == [.abandon(luke), .ask(luke)])
        #expect(fixture.sessions.status(of: luke) == .opening)
    }

    @Test func ifComingFailsTheServerIsAsked() {
        var fixture = expecting()
        #expect(fixture.give(.linkFailed(luke, isInitiator: false, reason: "nobody came")) == [.abandon(luke), .ask(luke)])
    }

    @Test func whoGaveWayToSomebodyWhoNeverComesAsksAgain() {
        // luke, whose pin is the greater, gives way.
        var fixture = PeerFixture(me: luke, pin: lukePin)
        fixture.give(.start(hans))
        let crossing = introduction(hans, hansPin)
        #expect(fixture.give(.request(crossing)) == [.expect(crossing)])
        fixture.now.uptime += 8 * Moment.second
        #expect(fixture.give(.tick) == [.abandon(hans), .ask(hans)])
    }

    @Test func anImpostorIsToldOfAndNothingIsAsked() {
        var fixture = expecting()
        #expect(fixture.give(.wrongPin(luke, isInitiator: false)).ends == [.wrongPin])
    }

    @Test func whomNobodyWantedFailsInSilence() {
        var fixture = PeerFixture()
        fixture.give(.request(introduction(luke, lukePin)))
        #expect(fixture.give(.linkFailed(luke, isInitiator: false, reason: "nobody came")) == [.abandon(luke)])
    }
}

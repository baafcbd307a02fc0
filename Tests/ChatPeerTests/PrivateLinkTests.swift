import ChatProtocol
import Testing

@testable import ChatPeer

@Suite struct LinkLifeTests {
    @Test func silenceIsProbedAndThenTheLinkIsDead() {
        var (fixture, link) = PeerFixture.open()
        let start = fixture.now.uptime
        #expect(fixture.wake() == [.transmit(.ping, link)])
        #expect(fixture.now.uptime == start + 15 * Moment.second)
        #expect(fixture.wake() == [.close(link), .tell(.interrupted(luke)), .ask(luke)])
        #expect(fixture.now.uptime == start + 25 * Moment.second)
    }

    @Test func anyMessageShowsThatTheLinkLives() {
        var (fixture, link) = PeerFixture.open()
        fixture.wake()
        fixture.give(.received(link, .pong))
        #expect(fixture.give(.tick) == [])
        #expect(fixture.sessions.nextWake == fixture.now.uptime + 15 * Moment.second)
        #expect(fixture.give(.received(link, .ping)) == [.transmit(.pong, link)])
    }

    @Test(
        arguments: [
            (StartRefusal.userOffline, PeerEnd.leftByThem), (.userBlocked, .linkDead("blocked meanwhile")),
            (.unclear, .linkDead("the server brought nobody together")),
        ])
    func deadLinkThatCannotBeReplacedEndsTheSession(why: StartRefusal, end: PeerEnd) {
        var (fixture, link) = PeerFixture.open()
        fixture.say("a", 1)
        #expect(fixture.give(.linkDown(link, reason: "reset")) == [.tell(.interrupted(luke)), .ask(luke)])
        #expect(fixture.sessions.status(of: luke) == .interrupted)
        #expect(fixture.say("b", 2) == [])
        let ended = fixture.give(.refused(luke, why))
        #expect(ended.failed == [peerTicket(1), peerTicket(2)])
        #expect(ended.ends == [end])
    }

    @Test func deadLinkWaitsForTheServerForAWhile() {
        var (fixture, link) = PeerFixture.open()
        fixture.give(.linkDown(link, reason: "reset"))
        #expect(fixture.give(.refused(luke, .noServer)) == [])
        #expect(fixture.give(.loggedIn(as: hans)) == [.ask(luke)])
        fixture.give(.refused(luke, .noServer))
        #expect(fixture.wake().ends == [.linkDead("the server brought nobody together")])
    }

    @Test func linkThatBreaksAtOnceAgainIsGivenUp() {
        var (fixture, link) = PeerFixture.open()
        let stream = fixture.sessions.people[luke]?.stream
        fixture.give(.linkDown(link, reason: "reset"))
        fixture.give(.introduced(introduction(luke, lukePin), asked: luke))
        let (next, _) = fixture.linkUp(isInitiator: true)
        let resumed = fixture.give(.received(next, .session(stream: lukeStream, yours: stream, through: 0)))
        #expect(resumed.news == [.resumed(luke, direct)])
        #expect(fixture.give(.linkDown(next, reason: "reset")).ends == [.linkDead("reset")])
    }

    @Test func anotherKeyNeverTakesOverALivingSession() {
        var (fixture, link) = PeerFixture.open()
        #expect(fixture.give(.request(introduction(luke, otherPin))) == [.transmit(.ping, link)])
        #expect(fixture.give(.request(introduction(luke, otherPin))) == [])
        #expect(fixture.sessions.status(of: luke) == .open(direct))
    }

    @Test func anotherKeyDoesNotReviveASession() {
        var (fixture, link) = PeerFixture.open()
        fixture.say("secret", 1)
        fixture.give(.linkDown(link, reason: "reset"))
        let outputs = fixture.give(.introduced(introduction(luke, otherPin), asked: luke))
        #expect(outputs.ends == [.linkDead("the other client has another key now")])
        #expect(outputs.failed == [peerTicket(1)])

        var (acceptor, old) = PeerFixture.open()
        acceptor.sessions.people[luke]?.approach = nil
        acceptor.say("secret", 1)
        acceptor.give(.linkDown(old, reason: "reset"))
        acceptor.give(.refused(luke, .noServer))
        acceptor.give(.request(introduction(luke, otherPin)))
        let (next, greeted) = acceptor.linkUp(isInitiator: false)
        #expect(greeted.failed == [peerTicket(1)])
        let opened = acceptor.give(.received(next, .session(stream: otherStream, yours: nil, through: 0)))
        #expect(opened.news.first == .keyChanged(luke, wasVerified: false))
        #expect(opened.lines.isEmpty)
    }

    @Test func stoppingWithoutALinkIsToldWhenTheOtherSideComes() {
        var (fixture, link) = PeerFixture.open()
        fixture.give(.linkDown(link, reason: "reset"))
        #expect(fixture.give(.stop(luke)).ends == [.stoppedByMe])
        fixture.give(.request(introduction(luke, lukePin)))
        let (next, outputs) = fixture.linkUp(isInitiator: false)
        #expect(outputs == [.transmit(.bye(.stopped), next), .close(next)])
        // Only once: the next time it is a new session.
        fixture.give(.request(introduction(luke, lukePin)))
        #expect(fixture.linkUp(isInitiator: false).1.stream != nil)
    }
}

@Suite struct HostilePeerTests {
    @Test(
        arguments: [
            PeerMessage.hello(.chat), .session(stream: lukeStream, yours: nil, through: 0), .ack(through: 1), .text(number: 1, " "),
            .text(number: 1, String(repeating: "x", count: WireLimits.text + 1)),
        ])
    func whatBreaksTheRulesEndsTheSession(message: PeerMessage) {
        var (fixture, link) = PeerFixture.open()
        let outputs = fixture.give(.received(link, message))
        #expect(outputs.closed == [link])
        guard case .broken? = outputs.ends.first else {
            Issue.record("\(outputs)")
            return
        }
        #expect(fixture.give(.received(link, .text(number: 9, "x"))) == [])
    }

    @Test(arguments: [PeerMessage.text(number: 1, "x"), .ack(through: 1)])
    func linesBeforeTheGreetingEndTheLink(message: PeerMessage) {
        var fixture = PeerFixture()
        let link = fixture.connect()
        #expect(fixture.give(.received(link, message)).ends == [.broken("a line before the greeting")])
    }

    @Test func greetingThatCountsWhatWasNeverSentEndsTheLink() {
        var fixture = PeerFixture()
        let link = fixture.connect()
        let stream = fixture.sessions.people[luke]?.stream
        let outputs = fixture.give(.received(link, .session(stream: lukeStream, yours: stream, through: 1)))
        #expect(outputs.ends == [.broken("lines counted that were never sent")])
    }

    @Test func nonsenseEndsTheLinkAndLongReasonsAreCut() {
        var (fixture, link) = PeerFixture.open()
        let outputs = fixture.give(.malformed(link, reason: String(repeating: "x", count: 10_000)))
        #expect(outputs.ends == [.broken(String(repeating: "x", count: PrivateSessions.Limits.reason))])
    }

    @Test func largestNumberDoesNoHarm() {
        var (fixture, link) = PeerFixture.open()
        #expect(fixture.give(.received(link, .text(number: UInt64(Int64.max), "x"))).news.count == 1)
        #expect(fixture.give(.received(link, .text(number: 5, "y"))).news.isEmpty)
    }

    @Test func requestsInAFloodLeaveOneExpectation() {
        var fixture = PeerFixture()
        var expected = 0
        for _ in 0..<1000 {
            for output in fixture.give(.request(introduction(luke, lukePin))) {
                if case .expect = output { expected += 1 }
                if case .abandon = output { expected -= 1 }
            }
        }
        #expect(expected == 1)
    }
}

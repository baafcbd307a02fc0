import ChatProtocol
import Testing

@testable import ChatPeer

@Suite struct LineTests {
    @Test func linesAreNumberedAndAcknowledgedTogether() {
        var (fixture, link) = PeerFixture.open()
        #expect(fixture.say("a", 1) == [.transmit(.text(number: 1, "a"), link)])
        fixture.say("b", 2)
        fixture.say("c", 3)
        #expect(fixture.give(.received(link, .ack(through: 2))).delivered == [peerTicket(1), peerTicket(2)])
        #expect(fixture.give(.received(link, .ack(through: 1))) == [])
        #expect(fixture.give(.received(link, .ack(through: 3))).delivered == [peerTicket(3)])
    }

    @Test func acknowledgementFollowsTheScreen() {
        var (fixture, link) = PeerFixture.open()
        #expect(fixture.give(.received(link, .text(number: 1, "a"))) == [.tell(.text(luke, "a", number: 1))])
        fixture.give(.received(link, .text(number: 2, "b")))
        #expect(fixture.give(.shown(luke, through: 2)) == [.transmit(.ack(through: 2), link)])
        #expect(fixture.give(.shown(luke, through: 2)) == [])
        #expect(fixture.give(.shown(luke, through: 99)) == [])
    }

    @Test func repeatedLineIsNotShownAgain() {
        var (fixture, link) = PeerFixture.open()
        fixture.give(.received(link, .text(number: 1, "a")))
        fixture.give(.shown(luke, through: 1))
        #expect(fixture.give(.received(link, .text(number: 1, "a"))) == [.transmit(.ack(through: 1), link)])
    }

    @Test func withoutASessionNothingIsSent() {
        var fixture = PeerFixture()
        #expect(fixture.say("a", 1) == [.tell(.failed(luke, peerTicket(1), .noSession))])
        fixture.give(.start(luke))
        #expect(fixture.say("a", 1).failed == [peerTicket(1)])
    }

    @Test func emptyAndTooLongLinesAreRefused() {
        var (fixture, _) = PeerFixture.open()
        #expect(fixture.say(" ", 1).news == [.failed(luke, peerTicket(1), .empty)])
        #expect(fixture.say(String(repeating: "x", count: WireLimits.text + 1), 2).news == [.failed(luke, peerTicket(2), .tooLong)])
        // Short enough, but each character becomes six in the frame.
        #expect(fixture.say(String(repeating: "\u{1}", count: WireLimits.text), 3).news == [.failed(luke, peerTicket(3), .tooLong)])
    }

    @Test func linesOnTheirWayAreBoundedByTheWindowAndTheQueue() {
        var (fixture, link) = PeerFixture.open()
        let text = String(repeating: "x", count: WireLimits.text)
        var sent = 0
        for number in 1...Int64(PrivateSessions.Limits.lines) { sent += fixture.say(text, number).lines.count }
        #expect(sent == PrivateSessions.Limits.window / WireLimits.text)
        #expect(fixture.say("x", 999).news == [.failed(luke, peerTicket(999), .queueFull)])
        #expect(fixture.give(.received(link, .ack(through: 2))).lines.count == 2)
    }

    @Test func unacknowledgedLinesFailAndCanBeRetriedInANewSession() {
        var (fixture, link) = PeerFixture.open()
        fixture.say("a", 1)
        fixture.say("b", 2)
        let ended = fixture.give(.received(link, .bye(.leaving)))
        #expect(ended.failed == [peerTicket(1), peerTicket(2)])
        #expect(ended.ends == [.leftByThem])
        #expect(fixture.give(.retry(luke, peerTicket(1))).news == [.failed(luke, peerTicket(1), .noSession)])
        let stream = fixture.sessions.people[luke]?.stream
        let next = fixture.connect()
        // The first had arrived.
        let opened = fixture.give(.received(next, .session(stream: lukeStream, yours: stream, through: 1)))
        #expect(opened.delivered == [peerTicket(1)])
        #expect(opened.lines.isEmpty)
        #expect(fixture.give(.retry(luke, peerTicket(2))) == [.transmit(.text(number: 3, "b"), next)])
        #expect(fixture.give(.retry(luke, peerTicket(2))) == [])
        #expect(fixture.give(.received(next, .ack(through: 3))).delivered == [peerTicket(2)])
    }

    @Test func lineThatWasNeverSentIsNotTakenForDelivered() {
        var (fixture, link) = PeerFixture.open()
        let text = String(repeating: "x", count: WireLimits.text)
        for number in 1...5 as ClosedRange<Int64> { fixture.say(text, number) }
        fixture.give(.received(link, .bye(.stopped)))
        let stream = fixture.sessions.people[luke]?.stream
        var next = fixture.connect()
        #expect(fixture.give(.received(next, .session(stream: lukeStream, yours: stream, through: 4))).delivered.count == 4)
        fixture.say("six", 6)
        fixture.give(.stop(luke))
        next = fixture.connect()
        let again = fixture.give(.received(next, .session(stream: lukeStream, yours: stream, through: 6)))
        #expect(again.delivered == [peerTicket(6)])
        #expect(fixture.give(.retry(luke, peerTicket(5))).lines == [text])
    }

    @Test func failedLinesKeptAreBounded() {
        var (fixture, link) = PeerFixture.open()
        for round in 0..<3 as Range<Int64> {
            for number in 0..<Int64(PrivateSessions.Limits.lines) { fixture.say("x", round * 1000 + number) }
            fixture.give(.stop(luke))
            link = fixture.connect()
            fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        }
        #expect(fixture.sessions.people[luke]?.failed.count == PrivateSessions.Limits.failed)
    }
}

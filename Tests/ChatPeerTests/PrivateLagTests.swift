import ChatProtocol
import Testing

@testable import ChatPeer

/// How long it is to the other side of a private session.
@Suite struct PrivateLagTests {
    @Test func aPingIsMeasuredByItsPong() {
        var (fixture, link) = PeerFixture.open()
        #expect(fixture.sessions.lag(to: luke).roundTrip == nil)
        #expect(fixture.give(.measure(luke)) == [.transmit(.ping, link)])
        #expect(fixture.sessions.lag(to: luke).waitingSince == fixture.now.uptime)
        #expect(fixture.give(.measure(luke)) == [], "one at a time")
        fixture.pass(seconds: 0.25)
        // A line that comes meanwhile is none of it.
        fixture.give(.received(link, .text(number: 1, "hello")))
        #expect(fixture.sessions.lag(to: luke).roundTrip == nil)
        fixture.pass(seconds: 0.25)
        fixture.give(.received(link, .pong))
        #expect(fixture.sessions.lag(to: luke).roundTrip == Moment.second / 2)
        #expect(fixture.sessions.lag(to: luke).waitingSince == nil)
    }

    @Test func aPongThatNobodyAskedForSaysNothing() {
        var (fixture, link) = PeerFixture.open()
        fixture.give(.received(link, .pong))
        #expect(fixture.sessions.lag(to: luke).roundTrip == nil)
    }

    @Test func withoutASessionThereIsNothingToMeasure() {
        var fixture = PeerFixture()
        #expect(fixture.give(.measure(luke)) == [])
        #expect(fixture.sessions.lag(to: luke).roundTrip == nil)
    }
}

import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

/// How quickly the server answers, and who says so.
@Suite struct LagTests {
    private func milliseconds(_ count: UInt64) -> UInt64 { count * 1_000_000 }

    @Test func theRoundTripOfARequestIsMeasured() {
        var fixture = SessionFixture.online()
        let sent = fixture.give(.request(.whoelse, Ticket(number: 1)))
        #expect(fixture.session.lag.waitingSince == fixture.now.uptime)
        fixture.now.uptime += milliseconds(40)
        fixture.answer(sent, .whoelse([]))
        #expect(fixture.session.lag.roundTrip == milliseconds(40))
        #expect(fixture.session.lag.waitingSince == nil)
    }

    @Test func thePingOfAQuietConnectionIsMeasuredToo() {
        var fixture = SessionFixture.online()
        let sent = fixture.wake()
        fixture.now.uptime += milliseconds(700)
        fixture.answer(sent, .pong)
        #expect(fixture.session.lag.roundTrip == milliseconds(700))
    }

    @Test func oneIsMeasuredAfterTheOtherAndNotBoth() {
        var fixture = SessionFixture.online()
        let first = fixture.give(.request(.whoelse, Ticket(number: 1)))
        fixture.now.uptime += milliseconds(100)
        let second = fixture.give(.request(.whoelse, Ticket(number: 2)))
        fixture.answer(second, .whoelse([]))
        #expect(fixture.session.lag.roundTrip == nil)
        fixture.answer(first, .whoelse([]))
        #expect(fixture.session.lag.roundTrip == milliseconds(100))
    }

    @Test func whatTakesTimeByItselfSaysNothing() {
        var lag = Lag()
        lag.sent(.passwd(old: "a", new: "b"), 1, at: 0)
        #expect(lag.waitingSince == nil)
    }

    @Test func anotherLinkIsMeasuredAnew() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.whoelse, Ticket(number: 1)))
        _ = fixture.reconnect()
        #expect(fixture.session.lag == Lag())
    }

    // MARK: On the screen

    @Test func theStatusSaysThatTheServerIsSlowOrSilent() {
        var client = ScreenFixture.online(width: 100)
        client.enter("hello")
        #expect(client.line(with: "no answer") == nil)
        #expect(client.model.nextWake == client.now.uptime + milliseconds(500))
        client.pass(seconds: 0.6)
        client.update(.tick)
        #expect(client.line(with: "no answer yet") != nil)
        client.pass(seconds: 1)
        #expect(client.line(with: "no answer for 1 s · 1 line waits · hans@localhost · TLS") != nil)
        client.answer(.broadcast(sent: 3, blocked: 0, Reply.Receipt(sequence: 1, time: client.now.wall)))
        #expect(client.line(with: "lag 1.6 s · hans@localhost") != nil)
        client.enter("again")
        client.pass(seconds: 0.02)
        client.answer(.broadcast(sent: 3, blocked: 0, Reply.Receipt(sequence: 2, time: client.now.wall)))
        #expect(client.line(with: "lag") == nil)
    }

    @Test func theStatusCommandTellsHowThingsStand() {
        var client = ScreenFixture.online(width: 100, timeout: 60)
        client.enter("hello")
        client.pass(seconds: 0.02)
        client.answer(.broadcast(sent: 3, blocked: 0, Reply.Receipt(sequence: 1, time: client.now.wall)))
        client.enter("/status")
        let screen = client.screen()
        #expect(screen.contains("hans@localhost · TLS, certificate verified · answers in 20 ms"))
        #expect(screen.contains("Logged out after 60 s without a command: in 60 s"))
        #expect(screen.contains("Everything you wrote has arrived"))
    }

    @Test(
        arguments: [
            (400_000, "under 1 ms"), (3_900_000, "3 ms"), (640_000_000, "640 ms"), (1_234_000_000, "1.2 s"), (61_000_000_000, "61 s"),
        ] as [(UInt64, String)])
    func durationsAreShort(nanoseconds: UInt64, words: String) {
        #expect(Model.duration(nanoseconds) == words)
    }
}

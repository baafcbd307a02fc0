import ChatProtocol
import Testing

@testable import ChatPeer

@Suite struct StartingTests {
    @Test func initiatorAsksDialsGreetsAndOpens() {
        var fixture = PeerFixture()
        #expect(fixture.give(.start(luke)) == [.tell(.opening(luke)), .ask(luke)])
        #expect(fixture.sessions.status(of: luke) == .opening)
        let introduction = introduction(luke, lukePin)
        #expect(fixture.give(.introduced(introduction, asked: luke)) == [.dial(introduction)])
        let (link, greeted) = fixture.linkUp(isInitiator: true)
        #expect(greeted.messages == [.session(stream: greeted.stream ?? otherStream, yours: nil, through: 0)])
        let opened = fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        #expect(opened.news == [.opened(luke, direct, .new, isMine: true)])
        #expect(opened.remembered == [KnownPerson(user: luke, pin: lukePin, since: fixture.now.wall)])
        #expect(fixture.sessions.status(of: luke) == .open(direct))
        #expect(fixture.sessions.openSessions == [luke])
    }

    @Test func acceptorExpectsAndOpensWithANotice() {
        var fixture = PeerFixture()
        let introduction = introduction(luke, lukePin)
        #expect(fixture.give(.request(introduction)) == [.expect(introduction)])
        #expect(fixture.sessions.status(of: luke) == nil)
        let (link, greeted) = fixture.linkUp(isInitiator: false)
        #expect(greeted.stream != nil)
        let opened = fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        #expect(opened.news == [.opened(luke, direct, .new, isMine: false)])
    }

    @Test(
        arguments: [
            StartRefusal.userNotExist, .userSelf, .userBlocked, .userOffline, .unsupported, .noServer, .unclear,
        ])
    func refusalsAreTold(why: StartRefusal) {
        var fixture = PeerFixture()
        fixture.give(.start(luke))
        #expect(fixture.give(.refused(luke, why)).ends == [.refused(why)])
        #expect(fixture.sessions.status(of: luke) == nil)
        #expect(fixture.sessions.nextWake == nil)
    }

    @Test func nobodyStartsWithThemselvesOrBeforeLoggingIn() {
        var fixture = PeerFixture()
        #expect(fixture.give(.start(hans)).ends == [.refused(.userSelf)])
        var stranger = PrivateSessions(pin: hansPin, book: TrustBook(), random: Counter())
        #expect(stranger.handle(.start(luke), at: fixture.now).ends == [.refused(.noServer)])
        #expect(stranger.handle(.request(introduction(luke, lukePin)), at: fixture.now) == [])
    }

    @Test func introductionOfSomebodyElseIsRefused() {
        var fixture = PeerFixture()
        fixture.give(.start(luke))
        #expect(fixture.give(.introduced(introduction(name("vader"), otherPin), asked: luke)).ends == [.refused(.unclear)])
    }

    @Test func unaskedIntroductionsAndLinksComeToNothing() {
        var fixture = PeerFixture()
        #expect(fixture.give(.introduced(introduction(luke, lukePin), asked: luke)) == [])
        let (link, outputs) = fixture.linkUp(isInitiator: false)
        #expect(outputs == [.close(link)])
        #expect(fixture.give(.received(link, .text(number: 1, "x"))) == [])
        fixture.give(.request(introduction(luke, lukePin)))
        let (other, refused) = fixture.linkUp(isInitiator: true)
        #expect(refused == [.close(other)])
    }

    @Test func unreachablePeerIsTold() {
        var fixture = PeerFixture()
        fixture.give(.start(luke))
        fixture.give(.introduced(introduction(luke, lukePin), asked: luke))
        // A failure of the other direction is not this one's.
        #expect(fixture.give(.linkFailed(luke, isInitiator: false, reason: "old")) == [])
        let failed = fixture.give(.linkFailed(luke, isInitiator: true, reason: "no way"))
        #expect(failed.ends == [.unreachable("no way")])
    }

    @Test(arguments: [true, false])
    func wrongPinIsToldOnBothSides(isInitiator: Bool) {
        var fixture = PeerFixture()
        if isInitiator {
            fixture.give(.start(luke))
            fixture.give(.introduced(introduction(luke, lukePin), asked: luke))
        } else {
            fixture.give(.request(introduction(luke, lukePin)))
        }
        #expect(fixture.give(.wrongPin(luke, isInitiator: isInitiator)).ends == [.wrongPin])
        #expect(fixture.sessions.trust(of: luke) == .new)
    }

    @Test func everyWaitHasAnEnd() {
        var asking = PeerFixture()
        asking.give(.start(luke))
        #expect(asking.wake().ends == [.refused(.noServer)])
        var dialing = PeerFixture()
        dialing.give(.start(luke))
        dialing.give(.introduced(introduction(luke, lukePin), asked: luke))
        let late = dialing.wake()
        #expect(late.ends == [.unreachable("no answer")])
        #expect(late.contains(.abandon(luke)))
        var expecting = PeerFixture()
        expecting.give(.request(introduction(luke, lukePin)))
        #expect(expecting.wake() == [.abandon(luke)])
        #expect(expecting.sessions.nextWake == nil)
        var greeting = PeerFixture()
        let link = greeting.connect()
        #expect(greeting.wake().closed == [link])
        #expect(greeting.sessions.nextWake == nil)
    }

    @Test func stoppingOnTheWayGivesItUp() {
        var fixture = PeerFixture()
        fixture.give(.start(luke))
        #expect(fixture.give(.stop(luke)).ends == [.stoppedByMe])
        #expect(fixture.give(.introduced(introduction(luke, lukePin), asked: luke)) == [])
        fixture.give(.start(luke))
        fixture.give(.introduced(introduction(luke, lukePin), asked: luke))
        #expect(fixture.give(.stop(luke)).contains(.abandon(luke)))
        #expect(fixture.give(.stop(luke)) == [])
    }

    @Test func passedOverRequestIsTakenWhenTheServerRefusesOnesOwn() {
        var fixture = PeerFixture()
        fixture.give(.start(luke))
        // The own pin is the smaller.
        #expect(fixture.give(.request(introduction(luke, lukePin))) == [])
        let outputs = fixture.give(.refused(luke, .userBlocked))
        #expect(outputs == [.expect(introduction(luke, lukePin))])
    }

    @Test func yieldingSideGivesItsDialUp() {
        var fixture = PeerFixture(pin: otherPin)
        fixture.give(.start(luke))
        fixture.give(.introduced(introduction(luke, lukePin), asked: luke))
        #expect(fixture.give(.request(introduction(luke, lukePin))) == [.abandon(luke), .expect(introduction(luke, lukePin))])
        #expect(fixture.give(.linkFailed(luke, isInitiator: true, reason: "late")) == [])
        // And asks once more when the other comes to nothing.
        #expect(fixture.give(.linkFailed(luke, isInitiator: false, reason: "x")) == [.abandon(luke), .ask(luke)])
        fixture.give(.introduced(introduction(luke, lukePin), asked: luke))
        #expect(fixture.give(.linkFailed(luke, isInitiator: true, reason: "x")).ends == [.unreachable("x")])
    }

    @Test func startingDuringAStaleRequestAsksAnew() {
        var fixture = PeerFixture()
        fixture.give(.request(introduction(luke, lukePin)))
        #expect(fixture.give(.start(luke)) == [.tell(.opening(luke))])
        fixture.pass(seconds: 20)
        #expect(fixture.give(.start(luke)) == [.tell(.opening(luke)), .abandon(luke), .ask(luke)])
    }

    @Test func sessionsAndPeopleAreBounded() {
        var fixture = PeerFixture()
        for number in 0..<PrivateSessions.Limits.sessions { fixture.give(.start(name("u\(number)"))) }
        #expect(fixture.give(.start(luke)).ends == [.tooMany])
        #expect(fixture.give(.request(introduction(luke, lukePin))) == [])
        for number in 0..<PrivateSessions.Limits.sessions { fixture.give(.stop(name("u\(number)"))) }
        for number in 0..<2 * PrivateSessions.Limits.people {
            fixture.give(.start(name("v\(number)")))
            fixture.give(.stop(name("v\(number)")))
        }
        #expect(fixture.sessions.people.count <= PrivateSessions.Limits.people)
    }

    @Test func anotherUserStartsWithNothing() {
        var (fixture, link) = PeerFixture.open()
        let outputs = fixture.give(.loggedIn(as: name("leia")))
        #expect(outputs.messages == [.bye(.leaving)])
        #expect(outputs.closed == [link])
        #expect(fixture.sessions.openSessions.isEmpty)
    }
}

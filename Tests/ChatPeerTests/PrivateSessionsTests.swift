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
        #expect(fixture.give(.linkFailed(luke, isInitiator: false, reason: "x")).ends == [.unreachable("x")])
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

@Suite struct ConsentTests {
    private func asked(_ rule: ConsentRule, _ book: TrustBook = TrustBook()) -> (PeerFixture, PeerLinkID, [PeerOutput]) {
        var fixture = PeerFixture(book: book, consent: rule)
        fixture.give(.request(introduction(luke, lukePin)))
        let (link, outputs) = fixture.linkUp(isInitiator: false)
        return (fixture, link, outputs)
    }

    @Test func askingHoldsTheSessionBackUntilTheUserAgrees() {
        var (fixture, link, outputs) = asked(.ask)
        #expect(outputs == [.tell(.asked(luke, .new))])
        #expect(fixture.sessions.status(of: luke) == .asked)
        #expect(fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0))) == [])
        #expect(fixture.give(.received(link, .ping)).messages == [.pong])
        let opened = fixture.give(.consent(luke, true))
        #expect(opened.stream != nil)
        #expect(opened.news.contains(.opened(luke, direct, .new, isMine: true)))
        #expect(fixture.give(.consent(luke, true)) == [])
    }

    @Test(arguments: [PeerInput.consent(luke, false), .stop(luke)])
    func decliningTellsTheOtherSide(input: PeerInput) {
        var (fixture, link, _) = asked(.ask)
        #expect(fixture.give(input) == [.transmit(.bye(.declined), link), .close(link), .tell(.closed(luke, .declinedByMe))])
    }

    @Test func startingIsConsent() {
        var (fixture, link, _) = asked(.ask)
        fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        #expect(fixture.give(.start(luke)).news == [.opened(luke, direct, .new, isMine: true)])
    }

    @Test func silenceDeclines() {
        var (fixture, link, _) = asked(.ask)
        #expect(fixture.wake() == [.transmit(.bye(.declined), link), .close(link), .tell(.closed(luke, .declinedByMe))])
    }

    @Test func onlyVerifiedPeopleAreLetInIfThatIsTheRule() {
        let (_, link, outputs) = asked(.verified)
        #expect(outputs == [.tell(.turnedAway(luke)), .transmit(.bye(.declined), link), .close(link)])
        let (_, _, welcome) = asked(.verified, book(luke, lukePin, isVerified: true))
        #expect(welcome.stream != nil)
        let (_, _, known) = asked(.verified, book(luke, lukePin, isVerified: false))
        #expect(known.messages == [.bye(.declined)])
    }

    @Test func theInitiatorIsToldThatItWasDeclined() {
        var fixture = PeerFixture()
        let link = fixture.connect()
        let outputs = fixture.give(.received(link, .bye(.declined)))
        #expect(outputs == [.close(link), .tell(.closed(luke, .declinedByThem))])
    }
}

@Suite struct KeyChangeTests {
    @Test func changedKeyOfAnUnverifiedPersonWarnsEachTimeUntilAccepted() {
        var fixture = PeerFixture(book: book(luke, otherPin, isVerified: false))
        for _ in 0..<2 {
            let link = fixture.connect()
            let opened = fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
            #expect(opened.news.first == .keyChanged(luke, wasVerified: false))
            #expect(opened.news.last == .opened(luke, direct, .changed(wasVerified: false), isMine: true))
            #expect(opened.remembered.isEmpty)
            #expect(fixture.say("x", 1).lines == ["x"])
            fixture.give(.stop(luke))
        }
        #expect(fixture.give(.verify(luke)).news == [.trust(luke, .changed(wasVerified: false))])
        let accepted = fixture.give(.acceptKey(luke))
        #expect(accepted.remembered.map(\.pin) == [lukePin])
        #expect(accepted.news == [.trust(luke, .known(isVerified: false))])
        let link = fixture.connect()
        let opened = fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        #expect(opened.news == [.opened(luke, direct, .known(isVerified: false), isMine: true)])
    }

    @Test func nothingIsSentToAChangedKeyOfAVerifiedPerson() {
        var fixture = PeerFixture(book: book(luke, otherPin, isVerified: true))
        fixture.give(.start(luke))
        let outputs = fixture.give(.introduced(introduction(luke, lukePin), asked: luke))
        #expect(outputs == [.tell(.keyChanged(luke, wasVerified: true)), .tell(.closed(luke, .keyChanged))])
        #expect(fixture.sessions.trust(of: luke) == .changed(wasVerified: true))
        fixture.give(.acceptKey(luke))
        fixture.connect()
        #expect(fixture.sessions.status(of: luke) == .opening)
        #expect(fixture.sessions.trust(of: luke) == .known(isVerified: false))
    }

    @Test func acceptorHoldsAChangedKeyOfAVerifiedPersonBack() {
        var fixture = PeerFixture(book: book(luke, otherPin, isVerified: true))
        fixture.give(.request(introduction(luke, lukePin)))
        let (link, outputs) = fixture.linkUp(isInitiator: false)
        #expect(outputs == [.tell(.keyChanged(luke, wasVerified: true))])
        #expect(fixture.sessions.status(of: luke) == .keyChanged)
        fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        #expect(fixture.say("secret", 1).failed == [peerTicket(1)])
        let opened = fixture.give(.acceptKey(luke))
        #expect(opened.news == [.trust(luke, .known(isVerified: false)), .opened(luke, direct, .known(isVerified: false), isMine: true)])

        var other = PeerFixture(book: book(luke, otherPin, isVerified: true))
        other.give(.request(introduction(luke, lukePin)))
        _ = other.linkUp(isInitiator: false)
        #expect(other.wake().ends == [.keyChanged])
    }

    @Test func verifyingIsRememberedAndShown() {
        var (fixture, _) = PeerFixture.open()
        #expect(fixture.sessions.safetyNumber(with: luke) == SafetyNumber((luke, lukePin), (hans, hansPin)))
        let outputs = fixture.give(.verify(luke))
        #expect(outputs.remembered.map(\.isVerified) == [true])
        #expect(outputs.news == [.trust(luke, .known(isVerified: true))])
        #expect(fixture.sessions.trust(of: luke) == .known(isVerified: true))
        #expect(fixture.give(.forget(luke)) == [.forget(luke), .tell(.trust(luke, .new))])
        #expect(fixture.give(.forget(luke)) == [])
    }

    @Test func unknownPeopleHaveNoSafetyNumber() {
        var fixture = PeerFixture()
        #expect(fixture.sessions.safetyNumber(with: luke) == nil)
        #expect(fixture.give(.verify(luke)) == [])
        #expect(fixture.give(.acceptKey(luke)) == [])
    }
}

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

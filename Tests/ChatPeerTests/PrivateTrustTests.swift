import ChatProtocol
import Testing

@testable import ChatPeer

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
        #expect(fixture.sessions.status(of: luke) == .awaitingConsent)
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

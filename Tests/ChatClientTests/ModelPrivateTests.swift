import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

/// The full screen of hans with private sessions, against a scripted server and a scripted luke.
private struct PrivateScreen {
    var screen: ScreenFixture

    init(width: Int = 90, height: Int = 24, book: TrustBook = TrustBook(), consent: ConsentRule = .everyone) {
        screen = .online(width: width, height: height)
        screen.model.privates = PrivateSessions(pin: pin(1), book: book, consent: consent, random: SteadyRandom())
        screen.model.peer(.loggedIn(as: hans), at: screen.now)
    }

    /// With a session that hans has opened.
    static func open(book: TrustBook = TrustBook(), route: PeerRoute = .direct(address: "192.0.2.1"), key: PeerPin = pin(2))
        -> PrivateScreen
    {
        var fixture = PrivateScreen(book: book)
        fixture.screen.enter("/startprivate luke")
        fixture.screen.answer(.startprivate(.peer(fixture.introduction(key))))
        fixture.linkUp(route, isInitiator: true)
        return fixture
    }

    /// luke comes.
    mutating func visit(key: PeerPin = pin(2)) {
        screen.event(.privateRequest(introduction(key)))
        linkUp(.relayed, isInitiator: false)
    }

    mutating func linkUp(_ route: PeerRoute, isInitiator: Bool) {
        screen.update(.peer(.linkUp(link, luke, route, isInitiator: isInitiator)))
        receive(.session(stream: PeerStream(number: 7), yours: nil, through: 0))
    }

    mutating func receive(_ message: PeerMessage) { screen.update(.peer(.received(link, message))) }

    func introduction(_ pin: PeerPin) -> PeerIntroduction {
        guard let ticket = RelayTicket(String(repeating: "0", count: 32)) else { preconditionFailure("32 digits are a ticket") }
        return PeerIntroduction(user: luke, offer: PeerOffer(pin: pin, candidates: []), ticket: ticket)
    }

    /// What went to the other client.
    var transmitted: [PeerMessage] {
        screen.effects.compactMap { if case .peer(.transmit(let message, _)) = $0 { message } else { nil } }
    }
}

private let link = PeerLinkID(number: 1)
private let luke = name("luke")
private func name(_ text: String) -> UserName {
    guard let name = UserName(text) else { preconditionFailure("\(text) is a name") }
    return name
}
private func pin(_ byte: UInt8) -> PeerPin {
    guard let pin = PeerPin(digest: [UInt8](repeating: byte, count: 32)) else { preconditionFailure("32 bytes are a pin") }
    return pin
}
private func known(_ pin: PeerPin, verified: Bool) -> TrustBook {
    TrustBook([KnownPerson(user: luke, pin: pin, since: Timestamp(milliseconds: 0), isVerified: verified)])
}

@Suite struct ModelPrivateTests {
    @Test func aBlockLeavesTheSessionOpenAndSaysSo() {
        var fixture = PrivateScreen.open()
        fixture.screen.effects = []
        fixture.screen.enter("/block luke")
        fixture.screen.answer(.block(.success))
        #expect(fixture.transmitted.isEmpty)
        let screen = fixture.screen.screen()
        #expect(screen.contains("luke is blocked; the private session goes on"))
        #expect(screen.contains("/stopprivate"))
    }

    /// Whoever answers in the other tab believes to be among two.
    @Test func whatGoesThroughTheServerBesideAPrivateSessionIsHeldOnce() throws {
        var fixture = PrivateScreen()
        fixture.screen.message(from: "luke", "psst")
        fixture.visit()
        fixture.screen.press(.function(3))
        #expect(fixture.screen.screen().contains("is open beside this"))
        fixture.screen.enter("a secret")
        #expect(fixture.screen.screen().contains("Enter again sends this through the server"))
        let isSent = { (frame: RequestFrame) in if case .message(to: luke, _, _) = frame.request { true } else { false } }
        #expect(!fixture.screen.sent.contains(where: isSent))
        fixture.screen.press(.enter)
        #expect(fixture.screen.sent.contains(where: isSent))
        fixture.screen.enter("no secret")
        #expect(fixture.screen.screen().contains("no secret"))
        #expect(!fixture.screen.screen().contains("Enter again"))
    }

    @Test func aSessionOpensInATabOfItsOwnThatSaysWhatItIs() {
        var fixture = PrivateScreen()
        fixture.screen.enter("/startprivate luke")
        #expect(fixture.screen.sent.last?.request == .startprivate(luke))
        #expect(fixture.screen.screen().contains("luke · private: opening…"))
        #expect(fixture.screen.screen().contains("to luke, private ▸"))
        fixture = .open()
        #expect(fixture.screen.screen().contains("1 🔒luke"))
        #expect(fixture.screen.screen().contains("The private session with luke is open: direct, not verified"))
        #expect(fixture.screen.screen().contains("luke · private, direct, not verified"))
    }

    @Test func theDirectAndThePrivateConversationAreTwo() {
        var fixture = PrivateScreen.open()
        fixture.screen.message(from: "luke", "through the server")
        #expect(fixture.screen.model.conversations.map(\.channel) == [.private(luke), .direct(luke)])
        #expect(!fixture.screen.screen().contains("through the server"))
        fixture.screen.press(.control("n"))
        #expect(fixture.screen.screen().contains("through the server"))
        #expect(fixture.screen.screen().contains("to luke ▸"))
    }

    @Test func aLineGoesToTheOtherClientAloneAndIsDeliveredWhenThatSaysSo() {
        var fixture = PrivateScreen.open()
        fixture.screen.effects = []
        fixture.screen.enter("where are you")
        #expect(fixture.transmitted == [.text(number: 1, "where are you")])
        #expect(fixture.screen.sent.isEmpty)
        #expect(fixture.screen.line(with: "where are you")?.contains("…") == true)
        fixture.receive(.ack(through: 1))
        #expect(fixture.screen.line(with: "where are you")?.contains("✓") == true)
    }

    @Test func whatCameIsAcknowledgedOnceItWasDrawn() {
        var fixture = PrivateScreen.open()
        fixture.screen.effects = []
        fixture.receive(.text(number: 1, "at the bar"))
        #expect(!fixture.transmitted.contains(.ack(through: 1)))
        #expect(fixture.screen.line(with: "at the bar")?.contains("luke") == true)
        fixture.screen.effects += fixture.screen.model.acknowledge(at: fixture.screen.now)
        #expect(fixture.transmitted.contains(.ack(through: 1)))
    }

    @Test func withoutASessionTheLineIsNotSentAndNotLost() {
        var fixture = PrivateScreen.open()
        fixture.receive(.bye(.stopped))
        #expect(fixture.screen.screen().contains("luke has closed the private session"))
        fixture.screen.effects = []
        fixture.screen.enter("are you there")
        #expect(fixture.screen.inputLine() == "")
        #expect(fixture.screen.screen().contains("Not sent: there is no private session with luke"))
        #expect(fixture.screen.sent.isEmpty && fixture.transmitted.isEmpty)
        fixture.screen.press(.up)
        #expect(fixture.screen.inputLine() == "are you there")
    }

    @Test func unacknowledgedLinesFailWithTheSessionAndGoOnceAgainWhenRetried() {
        var fixture = PrivateScreen.open()
        fixture.screen.enter("first line")
        fixture.receive(.bye(.leaving))
        #expect(fixture.screen.line(with: "first line")?.contains("✗ failed: it did not arrive · Alt-R retries") == true)
        #expect(fixture.screen.screen().contains("luke has left; the private session is over"))
        fixture.screen.enter("/startprivate")
        fixture.screen.answer(.startprivate(.peer(fixture.introduction(pin(2)))))
        fixture.linkUp(.direct(address: "192.0.2.1"), isInitiator: true)
        fixture.screen.effects = []
        fixture.screen.press(.alt(.character("r")))
        #expect(fixture.transmitted == [.text(number: 2, "first line")])
        fixture.receive(.ack(through: 2))
        #expect(fixture.screen.line(with: "✓ delivered")?.contains("first line") == true)
    }

    @Test func aSessionGoesOnWithoutTheServer() {
        var fixture = PrivateScreen.open()
        fixture.screen.update(.link(.linkClosed(.lost("gone"))))
        fixture.screen.effects = []
        fixture.screen.enter("still here")
        #expect(fixture.transmitted == [.text(number: 1, "still here")])
        #expect(fixture.screen.screen().contains("reconnecting"))
    }

    @Test func enterOnAnEmptyLineLogsInAgainFromAPrivateConversationToo() {
        var fixture = PrivateScreen.open()
        fixture.screen.event(.timeout)
        fixture.screen.effects = []
        fixture.screen.enter("still here")
        #expect(fixture.transmitted == [.text(number: 1, "still here")])
        #expect(!fixture.screen.effects.contains(.link(.connect)))
        fixture.screen.press(.enter)
        #expect(fixture.screen.effects.contains(.link(.connect)))
    }

    @Test func aVisitorIsAnnouncedAndMovesNothing() {
        var fixture = PrivateScreen()
        fixture.screen.message(from: "yoda", "hello")
        fixture.screen.type("half a li")
        fixture.visit()
        #expect(fixture.screen.screen().contains("2 🔒luke"))
        #expect(!fixture.screen.screen().contains("luke (1)"), "nothing was said yet")
        #expect(fixture.screen.effects.contains(.bell))
        #expect(fixture.screen.screen().contains("to everyone ▸ half a li"))
        fixture.screen.press(.alt(.character("2")))
        #expect(fixture.screen.screen().contains("luke has opened a private session with you: relayed, not"))
    }

    @Test func consentIsAskedForWhereTheSettingSaysSo() {
        var fixture = PrivateScreen(consent: .ask)
        fixture.screen.message(from: "yoda", "hello")
        fixture.screen.enter("/set private ask")
        fixture.visit()
        #expect(fixture.screen.effects.contains(.bell))
        #expect(fixture.screen.line(with: "2 🔒luke asks") != nil)
        #expect(fixture.screen.line(with: "luke asks for a private session · Alt-2 goes there, /startprivate luke accepts") != nil)
        fixture.screen.press(.alt(.character("a")))
        #expect(fixture.screen.screen().contains("luke asks for a private session"))
        #expect(fixture.screen.screen().contains("/startprivate accepts"))
        fixture.screen.enter("hello?")
        #expect(fixture.screen.line(with: "Not sent") != nil)
        fixture.screen.enter("/startprivate")
        #expect(fixture.screen.screen().contains("luke · private, relayed, not verified"))
    }

    @Test func whoAsksIsToldForWhomTheSessionWaits() {
        var fixture = PrivateScreen()
        fixture.screen.enter("/startprivate luke")
        fixture.screen.answer(.startprivate(.peer(fixture.introduction(pin(2)))))
        #expect(fixture.screen.line(with: "luke · private: opening…") != nil)
        fixture.screen.update(.peer(.linkUp(link, luke, .relayed, isInitiator: true)))
        #expect(fixture.screen.line(with: "luke · private: waits for luke to accept") != nil)
        fixture.screen.enter("hello")
        #expect(fixture.screen.line(with: "Not sent: luke has not accepted yet · ↑ brings the line back") != nil)
        fixture.receive(.session(stream: PeerStream(number: 7), yours: nil, through: 0))
        #expect(fixture.screen.line(with: "luke · private, relayed") != nil)
    }

    @Test func whatCameBesideTheRoomOneIsInIsFoundAgain() {
        var fixture = PrivateScreen.open()
        fixture.screen.press(.function(2))
        fixture.receive(.text(number: 1, "are you there"))
        #expect(fixture.screen.screen().contains("are you there"))
        fixture.screen.press(.alt(.character("a")))
        #expect(fixture.screen.screen().contains("to luke, private ▸"))
        fixture.screen.press(.function(2), .alt(.character("a")))
        #expect(fixture.screen.screen().contains("Nothing unread"))
    }

    @Test func theSafetyNumberIsShownAndVerifies() throws {
        var fixture = PrivateScreen.open()
        fixture.screen.enter("/verify")
        let number = try #require(fixture.screen.model.privates?.safetyNumber(with: luke))
        for line in number.lines(perLine: 6) { #expect(fixture.screen.screen().contains(line)) }
        fixture.screen.enter("/verify yes")
        #expect(fixture.screen.screen().contains("luke · private, direct, verified"))
        #expect(fixture.screen.effects.contains { if case .peer(.remember(let person)) = $0 { person.isVerified } else { false } })
    }

    @Test func aChangedKeyStaysInSightUntilItIsAccepted() {
        var fixture = PrivateScreen.open(book: known(pin(9), verified: false))
        #expect(fixture.screen.screen().contains("🔒luke!"))
        #expect(fixture.screen.screen().contains("KEY CHANGED"))
        fixture.screen.enter("a line")
        #expect(fixture.screen.screen().contains("KEY CHANGED"))
        fixture.screen.enter("/acceptkey")
        #expect(!fixture.screen.screen().contains("luke!"))
        #expect(fixture.screen.screen().contains("luke · private, direct, not verified"))
    }

    @Test func aVerifiedPersonsChangedKeyStopsEverything() {
        var fixture = PrivateScreen(book: known(pin(9), verified: true))
        fixture.screen.enter("/startprivate luke")
        fixture.screen.answer(.startprivate(.peer(fixture.introduction(pin(2)))))
        #expect(!fixture.screen.effects.contains { if case .peer(.dial) = $0 { true } else { false } })
        #expect(fixture.screen.screen().contains("KEY CHANGED"))
        #expect(fixture.screen.screen().contains("The key of luke has changed since you verified"))
        fixture.screen.enter("secret")
        #expect(fixture.transmitted.isEmpty)
        fixture.screen.press(.up)
        #expect(fixture.screen.inputLine() == "secret")
    }

    @Test(
        arguments: [
            (Reply.Rendezvous.userNotExist, "Nobody here is called luke"), (.userBlocked, "luke has blocked you"),
            (.userOffline, "luke is not online: a private session needs both"),
            (.unsupported, "luke uses a client without encrypted private messaging"),
        ])
    func refusalsAreSaidInWords(_ rendezvous: Reply.Rendezvous, _ words: String) {
        var fixture = PrivateScreen()
        fixture.screen.enter("/startprivate luke")
        fixture.screen.answer(.startprivate(rendezvous))
        #expect(fixture.screen.line(with: words)?.contains("!") == true)
        #expect(!fixture.screen.screen().contains("Error."))
    }

    /// A room with nothing in it but the news that nobody is there would be in the way.
    @Test(arguments: [Reply.Rendezvous.userOffline, .userNotExist]) func whoIsNotThereGetsNoRoom(_ rendezvous: Reply.Rendezvous) {
        var fixture = PrivateScreen()
        fixture.screen.presence(went: ["luke"])
        fixture.screen.enter("/startprivate luke")
        fixture.screen.answer(.startprivate(rendezvous))
        #expect(fixture.screen.model.conversations.isEmpty)
        #expect(fixture.screen.model.channel == .everyone)
        #expect(fixture.screen.line(with: rendezvous == .userOffline ? "luke is not online" : "Nobody here is called luke") != nil)
    }

    @Test func whoHasComeMeanwhileGetsTheRoomAfterAll() {
        var fixture = PrivateScreen()
        fixture.screen.presence(went: ["luke"])
        fixture.screen.enter("/startprivate luke")
        fixture.screen.answer(.startprivate(.peer(fixture.introduction(pin(2)))))
        fixture.linkUp(.relayed, isInitiator: true)
        #expect(fixture.screen.model.channel == .private(luke))
    }

    @Test func aPrivateRoomBeginsWithWhoKeepsItsLines() {
        var fixture = PrivateScreen.open()
        let first = fixture.screen.model.conversations[0].log.entries.first?.text ?? ""
        #expect(first.hasPrefix("Private: past the server, which never has it"))
        #expect(first.hasSuffix("This machine does not keep it either (/set history-private on does)"))
        #expect(fixture.screen.screen().contains("history-private"))
        fixture = PrivateScreen()
        fixture.screen.enter("/set history-private on")
        fixture.visit()
        let kept = fixture.screen.model.conversations[0].log.entries.first?.text ?? ""
        #expect(kept.hasSuffix("This machine keeps it (/set history-private off)"))
    }

    @Test func closingTheTabEndsTheSession() {
        var fixture = PrivateScreen.open()
        fixture.screen.effects = []
        fixture.screen.enter("/close")
        #expect(fixture.transmitted == [.bye(.stopped)])
        #expect(fixture.screen.model.privates?.isOpen(luke) == false)
        // What the session says about its end does not bring the tab back.
        #expect(fixture.screen.model.conversations.isEmpty)
    }

    @Test func leavingTellsTheOthers() {
        var fixture = PrivateScreen.open()
        fixture.screen.effects = []
        fixture.screen.enter("/quit")
        #expect(fixture.transmitted == [.bye(.leaving)])
    }

    @Test func hostileTextIsCleanedHereToo() {
        var fixture = PrivateScreen.open()
        fixture.receive(.text(number: 1, "\u{1B}]0;title\u{7}\u{202E}evil"))
        let text = fixture.screen.screen()
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
    }
}

import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

/// Line mode of hans with private sessions, against a scripted server and a scripted luke.
private struct PrivateFixture {
    var line: LineModeFixture

    init(interactive: Bool = false, book: TrustBook = TrustBook(), consent: ConsentRule = .everyone) {
        line = LineModeFixture(
            interactive: interactive, privates: PrivateSessions(pin: pin(1), book: book, consent: consent, random: Counter()))
        line.type("hans")
        line.type("falcon")
        line.online()
    }

    /// With an open session that hans has started.
    static func open(interactive: Bool = false) -> PrivateFixture {
        var fixture = PrivateFixture(interactive: interactive)
        fixture.start()
        return fixture
    }

    @discardableResult
    mutating func start(pin: PeerPin = pin(2)) -> [LineMode.Output] {
        let asked = line.type("startprivate luke")
        guard let ticket = asked.ticket else { return asked }
        let dialing = line.learn(.reply(.startprivate(.peer(introduction(pin))), ticket))
        line.give(.peer(.linkUp(link, luke, .direct(address: "192.0.2.1"), isInitiator: true)))
        return dialing + receive(.session(stream: PeerStream(number: 7), yours: nil, through: 0))
    }

    @discardableResult
    mutating func receive(_ message: PeerMessage) -> [LineMode.Output] { line.give(.peer(.received(link, message))) }

    func introduction(_ pin: PeerPin = pin(2)) -> PeerIntroduction {
        guard let ticket = RelayTicket(String(repeating: "0", count: 32)) else { preconditionFailure("32 digits are a ticket") }
        return PeerIntroduction(user: luke, offer: PeerOffer(pin: pin, candidates: []), ticket: ticket)
    }
}

private let link = PeerLinkID(number: 1)
private let luke: UserName = {
    guard let name = UserName("luke") else { preconditionFailure("luke is a name") }
    return name
}()
private func pin(_ byte: UInt8) -> PeerPin {
    guard let pin = PeerPin(digest: [UInt8](repeating: byte, count: 32)) else { preconditionFailure("32 bytes are a pin") }
    return pin
}

extension [LineMode.Output] {
    fileprivate var sent: [PeerMessage] {
        compactMap { if case .peer(.transmit(let message, _)) = $0 { message } else { nil } }
    }
    fileprivate var after: [ClientInput] { compactMap { if case .afterOutput(let input) = $0 { input } else { nil } } }
}

@Suite struct LineModePrivateTests {
    @Test func sessionStartsAsPinned() {
        var fixture = PrivateFixture()
        let asked = fixture.line.type("startprivate luke")
        #expect(asked.request == .startprivate(luke))
        #expect(!fixture.line.mode.wantsLine)
        fixture = PrivateFixture()
        let outputs = fixture.start()
        #expect(outputs.printed == ["Start private messaging with luke"])
        #expect(outputs.notices == ["Private messaging with luke: direct, met for the first time"])
        #expect(fixture.line.mode.wantsLine)
        #expect(fixture.line.type("startprivate luke").printed == ["Start private messaging with luke"])
    }

    @Test(
        arguments: [
            (Reply.Rendezvous.userNotExist, "Error. Invalid user"), (.userSelf, "Error. Cannot start private messaging with self"),
            (.userBlocked, "Error. luke has blocked you"), (.userOffline, "Error. luke is offline"),
            (.unsupported, "Error. luke uses a client without encrypted private messaging"),
            (.success(user: luke, address: "127.0.0.1", port: 5000), "Error. luke uses a client without encrypted private messaging"),
        ])
    func refusalsAreClear(answer: Reply.Rendezvous, text: String) {
        var fixture = PrivateFixture()
        #expect(fixture.line.ask("startprivate luke", .startprivate(answer)) == [text])
        #expect(fixture.line.mode.wantsLine)
    }

    @Test func startWithSelfOrNobodyIsRefused() {
        var fixture = PrivateFixture()
        #expect(fixture.line.type("startprivate hans") == [.print("Error. Cannot start private messaging with self")])
        #expect(fixture.line.type("startprivate n°1") == [.print("Error. Invalid user")])
        #expect(fixture.line.type("startprivate") == [.print("Error. Invalid command")])
    }

    @Test func unreachableAndImpostorsAreTold() throws {
        for (report, text) in [
            (PeerInput.linkFailed(luke, isInitiator: true, reason: "no way"), "Error. luke cannot be reached (no way)"),
            (
                .wrongPin(luke, isInitiator: true),
                "Error. Somebody answered in place of luke, with another key than the server named. Nothing was sent"
            ),
        ] {
            var fixture = PrivateFixture()
            let ticket = try #require(fixture.line.type("startprivate luke").ticket)
            fixture.line.learn(.reply(.startprivate(.peer(fixture.introduction())), ticket))
            #expect(fixture.line.give(.peer(report)).printed == [text])
            #expect(fixture.line.mode.wantsLine)
        }
    }

    @Test func withoutAServerNothingStarts() throws {
        var fixture = PrivateFixture()
        let ticket = try #require(fixture.line.type("startprivate luke").ticket)
        let printed = fixture.line.learn(.failed(ticket, .connectionLost)).printed
        #expect(printed == ["Error. There is no connection to the server, which is needed to start private messaging"])
    }

    @Test func privateMessagesArriveAsPinnedAndAreAcknowledgedOncePrinted() {
        var fixture = PrivateFixture.open()
        let outputs = fixture.receive(.text(number: 1, "hey dude"))
        #expect(outputs == [.print("luke (private): hey dude"), .afterOutput(.peer(.shown(luke, through: 1)))])
        #expect(fixture.line.give(.peer(.shown(luke, through: 1))) == [.peer(.transmit(.ack(through: 1), link))])
    }

    @Test func textOfOthersCannotFakeALine() {
        var fixture = PrivateFixture.open()
        let printed = fixture.receive(.text(number: 1, "a\nyoda: b\u{1B}[2J")).printed
        #expect(printed.count == 1)
        #expect(printed.joined().unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test(arguments: ["private luke hi", "stopprivate luke", "private n°1 hi"])
    func withoutASessionThePinnedErrorIsPrinted(line: String) {
        var fixture = PrivateFixture()
        let user = line.split(separator: " ")[1]
        #expect(fixture.line.type(line) == [.print("Error. Private messaging to \(user) not enabled")])
    }

    @Test func scriptWaitsForEachLineToArrive() {
        var fixture = PrivateFixture.open()
        #expect(fixture.line.type("private luke hi  there").sent == [.text(number: 1, "hi  there")])
        #expect(!fixture.line.mode.wantsLine)
        #expect(fixture.receive(.ack(through: 1)) == [])
        #expect(fixture.line.mode.wantsLine)
        #expect(fixture.line.type("private luke ").printed == ["Error. Cannot send an empty message"])
        #expect(fixture.line.mode.wantsLine)
    }

    @Test func nobodyWaitsForEver() {
        var script = PrivateFixture.open()
        script.line.type("private luke hi")
        script.line.now.uptime += LineMode.peerPatience
        script.line.give(.tick)
        #expect(script.line.mode.wantsLine)
        var person = PrivateFixture(interactive: true)
        person.line.type("startprivate luke")
        #expect(person.line.mode.nextWake == person.line.now.uptime + LineMode.peerPatience)
        person.line.now.uptime += LineMode.peerPatience
        #expect(person.line.give(.tick).notices == ["Still waiting for luke. You will be told."])
        #expect(person.line.mode.wantsLine)
    }

    @Test func personGoesOnWhileALineIsOnItsWay() {
        var fixture = PrivateFixture.open(interactive: true)
        fixture.line.type("private luke one")
        #expect(fixture.line.mode.wantsLine)
        #expect(fixture.line.type("private luke two").sent == [.text(number: 2, "two")])
        let over = fixture.receive(.bye(.leaving)).printed
        #expect(over.filter { $0 == "Error. Your private message to luke was not delivered" }.count == 2)
        #expect(over.last == "Private messaging with luke is over: luke has left")
    }

    @Test func interruptGivesAStartUp() {
        var fixture = PrivateFixture(interactive: true)
        fixture.line.type("startprivate luke")
        #expect(fixture.line.give(.interrupt).notices == ["Private messaging with luke is stopped."])
        #expect(fixture.line.mode.wantsLine)
    }

    @Test func stoppingIsToldAsPinned() {
        var fixture = PrivateFixture.open()
        #expect(fixture.receive(.bye(.stopped)).printed == ["luke has stopped private messaging"])
        #expect(fixture.line.type("private luke x").printed == ["Error. Private messaging to luke not enabled"])
        fixture = .open()
        let outputs = fixture.line.type("stopprivate luke")
        #expect(outputs.sent == [.bye(.stopped)])
        #expect(outputs.printed == [])
    }

    @Test func somebodyElsesSessionComesWithANotice() {
        var fixture = PrivateFixture()
        #expect(fixture.line.learn(.privateRequest(fixture.introduction())) == [.peer(.expect(fixture.introduction()))])
        fixture.line.give(.peer(.linkUp(link, luke, .relayed, isInitiator: false)))
        let outputs = fixture.receive(.session(stream: PeerStream(number: 7), yours: nil, through: 0))
        #expect(outputs.printed == [])
        #expect(outputs.notices == ["luke has started private messaging with you: relayed, met for the first time"])
        #expect(fixture.line.type("private luke hi").sent == [.text(number: 1, "hi")])
    }

    @Test func personIsAskedIfThatIsTheRule() {
        var fixture = PrivateFixture(interactive: true, consent: .ask)
        fixture.line.learn(.privateRequest(fixture.introduction()))
        let asked = fixture.line.give(.peer(.linkUp(link, luke, .relayed, isInitiator: false))).notices
        #expect(asked == ["luke asks for private messaging. Accept with: startprivate luke - decline with: stopprivate luke"])
        #expect(fixture.line.type("stopprivate luke").sent == [.bye(.declined)])
    }

    @Test func sessionOutlivesTheServer() {
        var fixture = PrivateFixture.open()
        fixture.line.phase(.waiting(untilUptime: 0, reason: "reset"))
        #expect(fixture.line.mode.wantsLine)
        fixture.line.now.uptime += LineMode.patience
        #expect(fixture.line.give(.tick).exit == nil)
        #expect(fixture.line.type("private luke hi").sent.last == .text(number: 1, "hi"))
        fixture.receive(.ack(through: 1))
        fixture.receive(.bye(.stopped))
        #expect(!fixture.line.mode.wantsLine)
        #expect(fixture.line.give(.tick).exit == .unreachable)
    }

    @Test func leavingTellsTheOtherSideAfterTheOutput() {
        var fixture = PrivateFixture.open()
        #expect(fixture.line.give(.leave).after == [.peer(.quit), .session(.logout)])
        #expect(fixture.line.give(.peer(.quit)) == [.peer(.transmit(.bye(.leaving), link)), .peer(.close(link))])
        fixture = .open()
        let outputs = fixture.line.phase(.ended(.inactivity))
        #expect(outputs.sent == [.bye(.leaving)])
        #expect(outputs.exit == .dismissed)
    }

    @Test func safetyNumberIsShownAndTakenAsCompared() {
        var fixture = PrivateFixture()
        #expect(fixture.line.type("verify luke").printed == ["Error. The key of luke is not known yet: start private messaging first"])
        fixture.start()
        let printed = fixture.line.type("verify luke").printed
        #expect(printed.count == 3)
        #expect(printed.joined().filter(\.isNumber).count == 60)
        #expect(fixture.line.type("verify luke yes").printed == ["luke is verified"])
    }

    @Test func changedKeyIsWarnedOfAndStopsThoseWhoWereVerified() {
        let verified = TrustBook([KnownPerson(user: luke, pin: pin(3), since: Timestamp(milliseconds: 0), isVerified: true)])
        var fixture = PrivateFixture(book: verified)
        let refused = fixture.start()
        #expect(refused.printed == ["Error. The key of luke has changed since you verified it. Nothing was sent"])
        #expect(refused.notices.contains { $0.hasPrefix("WARNING") && $0.hasSuffix("acceptkey luke") })
        #expect(fixture.line.type("acceptkey luke").printed == ["The key of luke is accepted, but not verified"])
        #expect(fixture.line.type("acceptkey luke").printed == ["Error. The key of luke has not changed"])
        #expect(fixture.start().printed == ["Start private messaging with luke"])

        let met = TrustBook([KnownPerson(user: luke, pin: pin(3), since: Timestamp(milliseconds: 0))])
        var unverified = PrivateFixture(book: met)
        let opened = unverified.start()
        #expect(opened.printed == ["Start private messaging with luke"])
        #expect(opened.notices.first?.hasPrefix("WARNING") == true)
        #expect(opened.notices.last == "Private messaging with luke: direct, CHANGED KEY")
    }

    @Test func brokenLinkIsToldAndItsReplacementToo() throws {
        var fixture = PrivateFixture.open()
        let broken = fixture.line.give(.peer(.linkDown(link, reason: "reset")))
        #expect(broken.notices == ["The private link to luke broke. Opening another; messages wait meanwhile."])
        #expect(broken.request == .startprivate(luke))
        let ticket = try #require(broken.ticket)
        let over = fixture.line.learn(.reply(.startprivate(.userOffline), ticket)).printed
        #expect(over == ["Private messaging with luke is over: luke has left"])
    }

    @Test func clientWithoutPrivateSessionsSaysSo() {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.type("startprivate luke").printed == ["Error. This client takes no private sessions"])
        #expect(fixture.type("private luke x").printed == ["Error. Private messaging to luke not enabled"])
    }
}

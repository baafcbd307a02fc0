import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct SessionLoginTests {
    @Test func loginConnectsFirst() {
        var fixture = SessionFixture()
        #expect(fixture.session.phase == .idle)
        #expect(fixture.session.nextWake == nil)
        let outputs = fixture.give(.login(name: hans, password: "falcon"))
        #expect(outputs == [.tell(.phase(.connecting)), .connect])
    }

    @Test func openLinkLogsInAndWelcomeMakesOnline() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "falcon"))
        let sent = fixture.give(.linkOpened(.tlsVerified))
        #expect(sent.requests == [.login(Request.Login(name: hans, password: "falcon", dialect: .extended))])
        let outputs = fixture.answer(sent, .login(.success, SessionFixture.welcome()))
        #expect(
            outputs.phases == [.online(SessionPhase.Online(name: hans, security: .tlsVerified, timeout: 60, isResumed: false))])
    }

    @Test func refusedLoginEndsAndKeepsTheLinkForTheNextPassword() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "wrong"))
        let first = fixture.give(.linkOpened(.plaintext))
        #expect(fixture.answer(first, .login(.invalidPassword)) == [.tell(.phase(.ended(.refused(.invalidPassword))))])
        let second = fixture.give(.login(name: hans, password: "falcon"))
        #expect(!second.contains(.connect))
        #expect(second.requests == [.login(Request.Login(name: hans, password: "falcon", dialect: .extended))])
        #expect(fixture.answer(second, .login(.success, SessionFixture.welcome())).phases.count == 1)
    }

    @Test func linkClosedWhileThePasswordWasTypedIsOpenedAgain() {
        var fixture = SessionFixture(retries: false)
        fixture.give(.login(name: hans, password: "wrong"))
        fixture.answer(fixture.give(.linkOpened(.plaintext)), .login(.invalidPassword))
        #expect(fixture.give(.received(.reply(.error(.loginTimeout, reason: "too slow"), id: nil))) == [])
        #expect(fixture.give(.linkClosed(.lost("closed"))) == [])
        #expect(fixture.give(.login(name: hans, password: "falcon")).contains(.connect))
        // The same, noticed only after the password was sent.
        fixture.answer(fixture.give(.linkOpened(.plaintext)), .login(.invalidPassword))
        fixture.give(.login(name: hans, password: "falcon"))
        #expect(fixture.give(.linkClosed(.lost("closed"))).contains(.connect))
    }

    @Test(arguments: Reply.LoginStatus.allCases.filter { $0 != .success })
    func everyRefusalOfAFreshLoginEndsIt(status: Reply.LoginStatus) {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "x"))
        fixture.answer(fixture.give(.linkOpened(.plaintext)), .login(status))
        #expect(fixture.session.phase == .ended(.refused(status)))
        #expect(fixture.session.nextWake == nil)
    }

    @Test func firstFailureEndsWhenToldNotToRetry() {
        var fixture = SessionFixture(retries: false)
        fixture.give(.login(name: hans, password: "x"))
        fixture.give(.linkClosed(.lost("refused")))
        #expect(fixture.session.phase == .ended(.unreachable("refused")))
    }

    @Test func serversReasonExplainsTheClosedLink() {
        var fixture = SessionFixture(retries: false)
        fixture.give(.login(name: hans, password: "x"))
        fixture.give(.linkOpened(.plaintext))
        fixture.give(.received(.reply(.error(.tooManyConnections, reason: "full house"), id: nil)))
        fixture.give(.linkClosed(.lost("closed")))
        #expect(fixture.session.phase == .ended(.unreachable("full house")))
    }

    @Test func unknownServerIsConfirmedOnce() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "x"))
        fixture.give(.linkClosed(.unknownServer(fingerprint: "SHA256:a")))
        #expect(fixture.session.phase == .confirming(fingerprint: "SHA256:a"))
        #expect(fixture.give(.trust(fingerprint: "SHA256:b")) == [])
        #expect(fixture.give(.trust(fingerprint: "SHA256:a")).contains(.trustAndConnect(fingerprint: "SHA256:a")))
        #expect(fixture.give(.linkOpened(.plaintext)).requests.count == 1)
    }

    @Test func changedServerEndsAlsoDuringReconnect() {
        var fixture = SessionFixture.online()
        fixture.give(.linkClosed(.lost("reset")))
        fixture.wake()
        fixture.give(.linkClosed(.changedServer(known: "a", presented: "b", remedy: "c")))
        #expect(fixture.session.phase == .ended(.changedServer(known: "a", presented: "b", remedy: "c")))
    }

    @Test func passwordTooLongForALoginIsRefusedHere() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: String(repeating: "x", count: 5000)))
        #expect(fixture.give(.linkOpened(.plaintext)).requests.isEmpty)
        #expect(fixture.session.phase == .ended(.refused(.invalidPassword)))
    }

    @Test func linesOfOneUserNeverGoOutAsAnother() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.broadcast(text: "mine", key: nil), ticket(1)))
        fixture.event(.timeout)
        let outputs = fixture.give(.login(name: yoda, password: "wise"))
        #expect(outputs.failures == [.notLoggedIn])
        let sent = fixture.give(.linkOpened(.plaintext))
        #expect(fixture.answer(sent, .login(.success, SessionFixture.welcome())).requests.isEmpty)
    }
}

@Suite struct SessionRequestTests {
    @Test func idsIncreaseAndRepliesFindTheirTickets() {
        var fixture = SessionFixture.online()
        let first = fixture.give(.request(.whoelse, ticket(1))).frames
        let second = fixture.give(.request(.whoelsesince(seconds: 5), ticket(2))).frames
        #expect(first.first?.id != second.first?.id)
        #expect(fixture.answer(second.first, .whoelsesince([yoda])) == [.tell(.reply(.whoelsesince([yoda]), ticket(2)))])
        #expect(fixture.answer(first.first, .whoelse([])) == [.tell(.reply(.whoelse([]), ticket(1)))])
        // The same reply again belongs to nothing.
        #expect(fixture.answer(first.first, .whoelse([])) == [])
    }

    @Test func linesCarryDifferentRandomKeys() {
        var fixture = SessionFixture.online()
        let first = fixture.give(.request(.message(to: yoda, text: "a", key: nil), ticket(1))).requests.first?.key
        let second = fixture.give(.request(.broadcast(text: "a", key: nil), ticket(2))).requests.first?.key
        #expect(first?.text.count == 32)
        #expect(second?.text.count == 32)
        #expect(first != second)
    }

    @Test func requestsWithoutASessionFail() {
        var fixture = SessionFixture()
        #expect(fixture.give(.request(.whoelse, ticket(1))).failures == [.notLoggedIn])
        #expect(fixture.give(.request(.broadcast(text: "x", key: nil), ticket(2))).failures == [.notLoggedIn])
    }

    @Test func linesWrittenWhileLoggingInAreSentOnceOnline() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "falcon"))
        #expect(fixture.give(.request(.broadcast(text: "x", key: nil), ticket(1))) == [])
        let sent = fixture.give(.linkOpened(.plaintext))
        #expect(fixture.answer(sent, .login(.success, SessionFixture.welcome())).requests.map(\.text) == ["x"])
    }

    @Test func queueOfLinesIsBounded() {
        var fixture = SessionFixture.online()
        for number in 1...200 {
            #expect(fixture.give(.request(.broadcast(text: "\(number)", key: nil), ticket(Int64(number)))).failures.isEmpty)
        }
        #expect(fixture.give(.request(.broadcast(text: "one more", key: nil), ticket(201))) == [.tell(.failed(ticket(201), .queueFull))])
        for number in 1...200 { fixture.give(.request(.whoelse, ticket(Int64(300 + number)))) }
        #expect(fixture.give(.request(.whoelse, ticket(501))).failures == [.queueFull])
    }

    @Test func unavailableFailsALine() {
        var fixture = SessionFixture.online()
        let sent = fixture.give(.request(.message(to: yoda, text: "x", key: nil), ticket(1)))
        #expect(fixture.answer(sent, .refused(action: "message", .unavailable)) == [.tell(.failed(ticket(1), .unavailable))])
        #expect(fixture.resumeAgain().requests.isEmpty)
    }

    @Test func lineThatFitsNoFrameIsRefusedHere() {
        var fixture = SessionFixture.online()
        let text = String(repeating: "\u{1}", count: 16 * 1024)
        let message = fixture.give(.request(.message(to: yoda, text: text, key: nil), ticket(1)))
        #expect(message == [.tell(.reply(.message(.tooLong), ticket(1)))])
        let broadcast = fixture.give(.request(.broadcast(text: text, key: nil), ticket(2)))
        #expect(broadcast == [.tell(.reply(.broadcast(sent: 0, blocked: 0, fault: .tooLong), ticket(2)))])
        // As long, but without escapes: the server's to judge.
        let plain = fixture.give(.request(.message(to: yoda, text: String(repeating: "x", count: 17_000), key: nil), ticket(3)))
        #expect(plain.requests.count == 1)
    }

    @Test func changedPasswordIsUsedForTheNextLogin() {
        var fixture = SessionFixture.online()
        fixture.answer(fixture.give(.request(.passwd(old: "falcon", new: "hawk"), ticket(1))), .passwd(.success))
        let frames = fixture.reconnect()
        let again = fixture.answer(frames.last, .resume(.expired))
        #expect(again.requests == [.login(Request.Login(name: hans, password: "hawk", dialect: .extended))])
    }

    @Test func sessionsOwnRequestsAreNotForOthers() {
        var fixture = SessionFixture.online()
        for request in [Request.logout, .pong, .ack(through: 1)] {
            let outputs = fixture.give(.request(request, ticket(1)))
            #expect(outputs == [.tell(.failed(ticket(1), .notLoggedIn))])
        }
    }
}

@Suite struct SessionInboxTests {
    @Test func duplicatesAreDropped() {
        var fixture = SessionFixture.online()
        #expect(fixture.event(.message(from: yoda, text: "one", SessionFixture.receipt(1))).texts == ["one"])
        #expect(fixture.event(.message(from: yoda, text: "three", SessionFixture.receipt(3))).texts == ["three"])
        #expect(fixture.event(.message(from: yoda, text: "one", SessionFixture.receipt(1))).texts == [])
        #expect(fixture.event(.message(from: yoda, text: "three", SessionFixture.receipt(3))).texts == [])
    }

    @Test func acknowledgementsAreCumulativeAndOnlyAdvance() {
        var fixture = SessionFixture.online()
        for number in 1...5 { fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(UInt64(number)))) }
        let outputs = fixture.give(.shown(through: 4))
        #expect(outputs == [.transmit(RequestFrame(.ack(through: 4)))])
        #expect(fixture.give(.shown(through: 4)) == [])
        #expect(fixture.give(.shown(through: 2)) == [])
        // Nothing is acknowledged that was not received.
        #expect(fixture.give(.shown(through: 99)).acknowledged == [5])
        #expect(fixture.give(.shown(through: 100)) == [])
    }

    @Test func nothingIsAcknowledgedBeforeAnythingCame() {
        var fixture = SessionFixture.online()
        #expect(fixture.give(.shown(through: 7)) == [])
    }

    @Test func acknowledgementThatMayBeLostIsRepeatedAfterResume() {
        var fixture = SessionFixture.online()
        fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(1)))
        fixture.give(.shown(through: 1))
        #expect(fixture.resumeAgain().acknowledged == [1])
    }

    @Test func shownWhileOfflineIsAcknowledgedWithTheNextSession() {
        var fixture = SessionFixture.online()
        fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(1)))
        let frames = fixture.reconnect()
        #expect(fixture.give(.shown(through: 1)) == [])
        #expect(fixture.answer(frames.last, .resume(.success, SessionFixture.welcome())).acknowledged == [1])
    }

    @Test func repeatedMessageAfterAFreshLoginIsAcknowledgedAgainNotShownAgain() {
        var fixture = SessionFixture.online()
        fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(1)))
        fixture.give(.shown(through: 1))
        let login = fixture.answer(fixture.reconnect().last, .resume(.expired))
        #expect(fixture.answer(login, .login(.success, SessionFixture.welcome())).acknowledged == [])
        let outputs = fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(1)))
        #expect(outputs.texts == [])
        #expect(outputs.acknowledged == [1])
    }

    @Test func streamThatBeganAnewAfterAFreshLoginIsHeard() {
        var fixture = SessionFixture.online()
        fixture.event(.message(from: yoda, text: "old", SessionFixture.receipt(100)))
        fixture.give(.shown(through: 100))
        let login = fixture.answer(fixture.reconnect().last, .resume(.expired))
        fixture.answer(login, .login(.success, SessionFixture.welcome()))
        let young = Reply.Receipt(sequence: 1, time: Timestamp(milliseconds: 1_700_000_900_000))
        #expect(fixture.event(.message(from: yoda, text: "new", young)).texts == ["new"])
        #expect(fixture.give(.shown(through: 1)).acknowledged == [1])
    }

    @Test func presenceOfTheOriginalProtocolBecomesPresence() {
        var fixture = SessionFixture.online()
        #expect(fixture.event(.loggedIn(yoda)) == [.tell(.presence(Event.Presence(online: [yoda])))])
        #expect(fixture.event(.loggedOut(yoda)) == [.tell(.presence(Event.Presence(offline: [yoda])))])
    }
}

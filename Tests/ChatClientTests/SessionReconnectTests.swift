import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct SessionReconnectTests {
    @Test func resumesAtOnceWithTokenAndPlace() throws {
        var fixture = SessionFixture.online()
        fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(7)))
        fixture.give(.shown(through: 7))
        let frames = fixture.reconnect()
        let token = try #require(SessionFixture.token)
        #expect(frames.map(\.request) == [.resume(Request.Resume(token: token, after: 7, dialect: .extended))])
        fixture.answer(frames.last, .resume(.success, SessionFixture.welcome(token: SessionFixture.otherToken)))
        #expect(
            fixture.session.phase == .online(SessionPhase.Online(name: hans, security: .plaintext, timeout: 60, isResumed: true)))
        // The next time with the new token.
        let other = try #require(SessionFixture.otherToken)
        #expect(fixture.reconnect().map(\.request) == [.resume(Request.Resume(token: other, after: 7, dialect: .extended))])
    }

    @Test func resumeAcknowledgesOnlyWhatWasShown() throws {
        var fixture = SessionFixture.online()
        fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(7)))
        fixture.give(.shown(through: 7))
        fixture.event(.message(from: yoda, text: "y", SessionFixture.receipt(8)))
        let frames = fixture.reconnect()
        let token = try #require(SessionFixture.token)
        #expect(frames.map(\.request) == [.resume(Request.Resume(token: token, after: 7, dialect: .extended))])
        fixture.answer(frames.last, .resume(.success, SessionFixture.welcome()))
        #expect(fixture.event(.message(from: yoda, text: "y", SessionFixture.receipt(8))).texts == [])
        #expect(fixture.give(.shown(through: 8)).acknowledged == [8])
    }

    @Test func unconfirmedLinesAreRepeatedInOrderWithTheSameKeysAndConfirmedOnesAreNot() {
        var fixture = SessionFixture.online()
        var sent: [RequestFrame] = []
        for number in 1...3 {
            sent += fixture.give(.request(.message(to: yoda, text: "\(number)", key: nil), ticket(Int64(number)))).frames
        }
        fixture.answer(sent[1], .message(.success, SessionFixture.receipt(1)))
        let frames = fixture.reconnect()
        #expect(fixture.give(.request(.broadcast(text: "4", key: nil), ticket(4))) == [])
        let again = fixture.answer(frames.last, .resume(.success, SessionFixture.welcome()))
        #expect(again.requests.map(\.text) == ["1", "3", "4"])
        #expect(again.requests.prefix(2).map(\.key) == [sent[0].request.key, sent[2].request.key])
        // A reply to the first attempt, come late, belongs to nothing; one to the second confirms.
        #expect(fixture.answer(sent[0], .message(.success)) == [])
        #expect(fixture.answer(again.frames[0], .message(.success)).replies == [ticket(1)])
        #expect(fixture.resumeAgain().requests.map(\.text) == ["3", "4"])
    }

    @Test func otherRequestsFailWithTheLink() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.whoelse, ticket(1)))
        fixture.give(.request(.block(yoda), ticket(2)))
        let outputs = fixture.give(.linkClosed(.lost("reset")))
        #expect(outputs.news.prefix(2) == [.failed(ticket(1), .connectionLost), .failed(ticket(2), .connectionLost)])
        #expect(fixture.give(.request(.whoelse, ticket(3))).failures == [.connectionLost])
    }

    @Test func backOffDoublesWithinItsJitterUpToHalfAMinute() {
        var fixture = SessionFixture.online()
        var plain = 0.3
        for attempt in 1...14 {
            fixture.give(.linkClosed(.lost("reset")))
            guard case .waiting(let until, "reset") = fixture.session.phase, fixture.session.backOff.attempt == attempt else {
                Issue.record("not waiting: \(fixture.session.phase)")
                return
            }
            let delay = Double(until - fixture.now.uptime) / 1e9
            #expect((plain * 0.749...plain * 1.251).contains(delay))
            plain = min(30, plain * 2)
            #expect(fixture.wake().contains(.connect))
        }
    }

    @Test func backOffStartsOverAfterASessionThatLasted() {
        var fixture = SessionFixture.online()
        for _ in 1...5 { _ = fixture.resumeAgain() }
        fixture.give(.linkClosed(.lost("reset")))
        guard case .waiting = fixture.session.phase, fixture.session.backOff.attempt == 6 else {
            Issue.record("short sessions do not reset the back-off: \(fixture.session.phase)")
            return
        }
        fixture.wake()
        fixture.answer(fixture.give(.linkOpened(.plaintext)), .resume(.success, SessionFixture.welcome()))
        fixture.pass(seconds: 11)
        fixture.give(.linkClosed(.lost("reset")))
        guard case .waiting = fixture.session.phase, fixture.session.backOff.attempt == 1 else {
            Issue.record("a long session does: \(fixture.session.phase)")
            return
        }
    }

    @Test func reconnectNowSkipsTheWait() {
        var fixture = SessionFixture.online()
        fixture.give(.linkClosed(.lost("reset")))
        #expect(fixture.give(.reconnectNow) == [.tell(.phase(.connecting)), .connect])
        #expect(fixture.give(.reconnectNow) == [])
    }

    @Test func loginWithTheSameCredentialsWhileWaitingKeepsTheSession() {
        var fixture = SessionFixture.online()
        fixture.give(.linkClosed(.lost("reset")))
        #expect(fixture.give(.login(name: hans, password: "falcon")).contains(.connect))
        guard case .resume? = fixture.give(.linkOpened(.plaintext)).requests.first else {
            Issue.record("not resumed")
            return
        }
    }

    @Test func expiredSessionLogsInAfreshAndRepeatsLines() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.broadcast(text: "x", key: nil), ticket(1)))
        let login = fixture.answer(fixture.reconnect().last, .resume(.expired))
        #expect(login.requests == [.login(Request.Login(name: hans, password: "falcon", dialect: .extended))])
        let outputs = fixture.answer(login, .login(.success, SessionFixture.welcome()))
        #expect(outputs.requests.map(\.text) == ["x"])
    }

    @Test(arguments: [Reply.LoginStatus.alreadyLoggedIn, .busy])
    func automaticLoginTriesAgainWhenTheServerIsNotReady(status: Reply.LoginStatus) {
        var fixture = SessionFixture.online()
        let login = fixture.answer(fixture.reconnect().last, .resume(.expired))
        let outputs = fixture.answer(login, .login(status))
        #expect(outputs.contains(.disconnect))
        guard case .waiting = fixture.session.phase else {
            Issue.record("\(fixture.session.phase)")
            return
        }
        fixture.wake()
        guard case .login? = fixture.give(.linkOpened(.plaintext)).requests.first else {
            Issue.record("no login")
            return
        }
    }

    @Test func automaticLoginWithAPasswordThatChangedEndsAndKeepsTheLines() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.broadcast(text: "x", key: nil), ticket(1)))
        let login = fixture.answer(fixture.reconnect().last, .resume(.expired))
        fixture.answer(login, .login(.invalidPassword))
        #expect(fixture.session.phase == .ended(.refused(.invalidPassword)))
        let again = fixture.give(.login(name: hans, password: "hawk"))
        #expect(fixture.answer(again, .login(.success, SessionFixture.welcome())).requests.map(\.text) == ["x"])
    }

    @Test func messageRefusedForWantOfASessionWaitsForTheNext() {
        var fixture = SessionFixture.online()
        let sent = fixture.give(.request(.broadcast(text: "x", key: nil), ticket(1)))
        let outputs = fixture.answer(sent, .refused(action: "broadcast", .notLoggedIn))
        #expect(outputs.failures.isEmpty)
        #expect(outputs.contains(.disconnect))
        fixture.wake()
        let resumed = fixture.answer(fixture.give(.linkOpened(.plaintext)), .resume(.success, SessionFixture.welcome()))
        #expect(resumed.requests.map(\.text) == ["x"])
    }

    @Test func lateReportsOfAnOldLinkDoNoHarm() {
        var fixture = SessionFixture.online()
        fixture.give(.linkClosed(.lost("reset")))
        #expect(fixture.give(.linkClosed(.lost("again"))) == [])
        #expect(fixture.event(.broadcast(from: yoda, text: "late", SessionFixture.receipt(1))) == [])
        // A link that opens earlier than expected is used.
        #expect(fixture.give(.linkOpened(.plaintext)).requests.count == 1)
    }
}

@Suite struct SessionTimerTests {
    @Test func silenceIsProbedThenTakenForDeath() {
        var fixture = SessionFixture.online()
        let start = fixture.now.uptime
        #expect(fixture.session.nextWake == start + 30 * Moment.second)
        #expect(fixture.wake().requests == [.ping])
        #expect(fixture.session.nextWake == start + 40 * Moment.second)
        let outputs = fixture.wake()
        #expect(outputs.contains(.disconnect))
        guard case .waiting = fixture.session.phase else {
            Issue.record("\(fixture.session.phase)")
            return
        }
    }

    @Test func anythingReceivedCountsAsLife() {
        var fixture = SessionFixture.online()
        fixture.wake()
        fixture.pass(seconds: 5)
        fixture.give(.received(.reply(.pong, id: nil)))
        #expect(fixture.session.nextWake == fixture.now.uptime + 30 * Moment.second)
        #expect(fixture.give(.tick) == [])
    }

    @Test func earlyTickDoesNothing() {
        var fixture = SessionFixture.online()
        fixture.pass(seconds: 29.9)
        #expect(fixture.give(.tick) == [])
    }

    @Test func pingOfTheServerIsAnswered() {
        var fixture = SessionFixture.online()
        #expect(fixture.event(.ping).requests == [.pong])
    }

    @Test(arguments: [(-5, 30), (0, 30), (7, 7), (Int.max, 30)])
    func keepAliveOfTheServerIsUsedWhenSensible(told: Int, used: Int) {
        let fixture = SessionFixture.online(keepAlive: told)
        #expect(fixture.session.nextWake == fixture.now.uptime + UInt64(used) * Moment.second)
    }

    @Test func serverThatAcceptsAndSaysNothingIsGivenUp() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "x"))
        fixture.give(.linkOpened(.plaintext))
        #expect(fixture.wake().contains(.disconnect))
        guard case .waiting = fixture.session.phase, fixture.session.backOff.attempt == 1 else {
            Issue.record("\(fixture.session.phase)")
            return
        }
    }

    @Test func connectingThatTakesForEverIsGivenUp() {
        var fixture = SessionFixture(retries: false)
        fixture.give(.login(name: hans, password: "x"))
        #expect(fixture.wake().contains(.disconnect))
        #expect(fixture.session.phase == .ended(.unreachable("no answer")))
    }
}

@Suite struct SessionEndTests {
    @Test func logoutWaitsForTheReply() {
        var fixture = SessionFixture.online()
        let sent = fixture.give(.logout)
        #expect(sent.requests == [.logout])
        #expect(fixture.give(.logout) == [])
        let outputs = fixture.answer(sent, .logout)
        #expect(outputs == [.disconnect, .tell(.phase(.ended(.loggedOut)))])
        #expect(fixture.session.nextWake == nil)
    }

    @Test func logoutEndsWithTheLinkToo() {
        var fixture = SessionFixture.online()
        fixture.give(.logout)
        fixture.give(.linkClosed(.lost("closed")))
        #expect(fixture.session.phase == .ended(.loggedOut))
    }

    @Test func logoutDoesNotWaitForEver() {
        var fixture = SessionFixture.online()
        fixture.give(.logout)
        fixture.wake()
        #expect(fixture.session.phase == .ended(.loggedOut))
    }

    @Test func logoutWithoutASessionEndsAtOnce() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.broadcast(text: "x", key: nil), ticket(1)))
        fixture.give(.linkClosed(.lost("reset")))
        let outputs = fixture.give(.logout)
        #expect(outputs.failures == [.connectionLost])
        #expect(fixture.session.phase == .ended(.loggedOut))
    }

    @Test func messagesAfterLogoutStayWithTheServer() {
        var fixture = SessionFixture.online()
        fixture.give(.logout)
        #expect(fixture.event(.message(from: yoda, text: "late", SessionFixture.receipt(1))) == [])
        #expect(fixture.give(.shown(through: 1)) == [])
    }

    @Test func nothingIsAskedAfterLogout() {
        var fixture = SessionFixture.online()
        fixture.give(.logout)
        #expect(fixture.give(.request(.broadcast(text: "x", key: nil), ticket(1))).failures == [.notLoggedIn])
        #expect(fixture.give(.request(.whoelse, ticket(2))).failures == [.notLoggedIn])
    }

    @Test(
        arguments: [
            (Event.timeout, SessionEnd.inactivity), (.bye(.replaced), .replaced), (.bye(.removed), .removed),
        ])
    func serverEndsTheSession(event: Event, end: SessionEnd) {
        var fixture = SessionFixture.online()
        #expect(fixture.event(event).phases == [.ended(end)])
        #expect(fixture.give(.linkClosed(.lost("closed"))) == [])
        #expect(fixture.session.nextWake == nil)
        // The token is worth nothing any more: a new login starts over.
        #expect(fixture.give(.login(name: hans, password: "falcon")).contains(.connect))
        guard case .login? = fixture.give(.linkOpened(.plaintext)).requests.first else {
            Issue.record("no login")
            return
        }
    }

    @Test func linesThatWaitedAreSentAfterALoginFollowsInactivity() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.broadcast(text: "x", key: nil), ticket(1)))
        fixture.event(.timeout)
        #expect(fixture.give(.request(.broadcast(text: "y", key: nil), ticket(2))).failures == [.notLoggedIn])
        fixture.give(.login(name: hans, password: "falcon"))
        let sent = fixture.give(.linkOpened(.plaintext))
        #expect(fixture.answer(sent, .login(.success, SessionFixture.welcome())).requests.map(\.text) == ["x"])
    }

    @Test func shutdownReconnectsWhenTheLinkCloses() {
        var fixture = SessionFixture.online()
        #expect(fixture.event(.bye(.shutdown)) == [])
        fixture.give(.linkClosed(.lost("closed")))
        guard case .waiting(_, "the server is shutting down") = fixture.session.phase else {
            Issue.record("\(fixture.session.phase)")
            return
        }
    }
}

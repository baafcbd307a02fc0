import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ModelConnectionTests {
    @Test func theStatusLineCountsDownToTheNextAttempt() throws {
        var client = ScreenFixture.online()
        // The first attempts come soon; the later ones are worth a countdown.
        for _ in 0..<6 {
            client.update(.link(.linkClosed(.lost("refused"))))
            if case .waiting(let until, _) = client.model.session.phase { client.now.uptime = max(client.now.uptime, until) }
            client.update(.tick)
        }
        client.update(.link(.linkClosed(.lost("refused"))))
        let shown = client.line(with: "reconnecting in")
        let line = try #require(shown)
        let wake = try #require(client.model.nextWake)
        #expect(wake <= client.now.uptime + Moment.second)
        client.now.uptime = wake
        client.update(.tick)
        #expect(client.line(with: "reconnecting in") != line)
    }

    @Test func nothingWakesAClientWithNothingToDo() throws {
        var client = ScreenFixture.online()
        _ = client.frame()
        // Only the session's own keep-alive is left.
        let wake = try #require(client.model.nextWake)
        #expect(wake == client.model.session.nextWake)
        #expect(wake >= client.now.uptime + 10 * Moment.second)
    }

    @Test func enterReconnectsAtOnceWhileWaiting() {
        var client = ScreenFixture.online()
        client.update(.link(.linkClosed(.lost("reset"))))
        client.effects = []
        #expect(client.line(with: "· Enter: now") != nil)
        client.press(.character("x"))
        #expect(client.line(with: "· Enter: now") == nil, "then it sends")
        client.press(.backspace, .enter)
        #expect(client.effects == [.link(.connect)])
    }

    @Test func inactivityIsAnnouncedThenSaidAndEnterLogsInAgain() {
        var client = ScreenFixture.online(timeout: 60)
        client.pass(seconds: 44)
        #expect(!client.screen().contains("Inactive"))
        client.pass(seconds: 3)
        #expect(client.screen().contains("Inactive: logged out in 13 s"))
        client.event(.timeout)
        #expect(client.screen().contains("logged out for inactivity · Enter logs in again"))
        client.type("kept")
        client.effects = []
        client.press(.enter)
        #expect(client.effects == [.link(.connect)])
        client.welcome()
        #expect(client.inputLine() == "kept")
        #expect(client.screen().contains("hans@localhost · TLS"))
    }

    @Test func commandsPutTheInactivityWarningOff() {
        var client = ScreenFixture.online(timeout: 60)
        client.pass(seconds: 50)
        #expect(client.screen().contains("Inactive"))
        client.enter("still here")
        #expect(!client.screen().contains("Inactive"))
    }

    @Test func aResumedSessionIsAsInactiveAsBefore() {
        var client = ScreenFixture.online(timeout: 60)
        client.pass(seconds: 50)
        client.update(.link(.linkClosed(.lost("reset"))))
        client.pass(seconds: 2)
        client.update(.tick)
        client.update(.link(.linkOpened(.tlsVerified)))
        client.answer(.resume(.success, client.welcomeFields()))
        #expect(client.screen().contains("Inactive: logged out in 8 s"))
    }

    @Test func theWarningWakesTheScreenByItself() throws {
        var client = ScreenFixture.online(timeout: 20)
        _ = client.frame()
        let wake = try #require(client.model.nextWake)
        #expect(wake == client.now.uptime + 15 * Moment.second)
    }

    @Test func plainTextIsCalledThat() {
        var client = ScreenFixture()
        client.enter("falcon")
        client.welcome(.linkOpened(.plaintext))
        #expect(client.screen().contains("plain text, not encrypted"))
    }

    @Test func whatIsShownIsAcknowledgedOnceAndNotTooOften() {
        var client = ScreenFixture.online()
        for number in 0..<500 { client.message(from: "yoda", "message \(number)") }
        client.effects = []
        client.effects += client.model.acknowledge(at: client.now)
        #expect(client.sent.map(\.request) == [.ack(through: 500)])
        client.effects += client.model.acknowledge(at: client.now)
        client.message(from: "yoda", "one more")
        client.effects += client.model.acknowledge(at: client.now)
        #expect(client.sent.count == 1)
        client.pass(seconds: 0.3)
        client.effects += client.model.acknowledge(at: client.now)
        #expect(client.sent.map(\.request) == [.ack(through: 500), .ack(through: 501)])
    }

    /// While the user's editor has the terminal there is no draw, for as long as it may be.
    @Test func anAcknowledgementThatWaitsForADrawWakesOnce() {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "hello")
        #expect(client.model.nextWake.map { $0 <= client.now.uptime } ?? false)
        client.update(.tick)
        #expect(client.model.nextWake.map { $0 > client.now.uptime } ?? true)
        client.effects += client.model.acknowledge(at: client.now)
        #expect(client.sent.last?.request == .ack(through: 1))
        client.pass(seconds: 0.1)
        client.message(from: "yoda", "again")
        #expect(client.model.nextWake.map { $0 > client.now.uptime && $0 < client.now.uptime + Moment.second } ?? false)
    }

    @Test func aSessionTakenOverElsewhereIsNotTakenBackByItself() {
        var client = ScreenFixture.online()
        client.event(.bye(.replaced))
        client.effects = []
        client.pass(seconds: 600)
        client.update(.tick)
        #expect(client.effects.isEmpty)
        #expect(client.screen().contains("Enter takes it back"))
    }

    @Test(arguments: ["/quit", "/logout", " /quit"]) func afterTheLogoutForInactivityOneCanLeave(line: String) {
        var client = ScreenFixture.online(timeout: 60)
        client.event(.timeout)
        client.type(line)
        client.effects = []
        client.press(.enter)
        #expect(client.effects.last == (line.hasPrefix("/") ? .quit(status: 4) : .link(.connect)))
    }

    @Test func theExitStatusSaysHowItEnded() {
        var refused = ScreenFixture()
        refused.enter("wrong")
        refused.update(.link(.linkOpened(.tlsVerified)))
        refused.answer(.login(.invalidPassword))
        refused.press(.control("u"), .control("c"), .control("c"))
        #expect(refused.effects.last == .quit(status: 1))
        var lost = ScreenFixture.online()
        lost.update(.link(.linkClosed(.lost("reset"))))
        lost.press(.control("c"), .control("c"))
        #expect(lost.effects.last == .quit(status: 3))
        var idle = ScreenFixture.online()
        idle.event(.timeout)
        idle.press(.control("c"), .control("c"))
        #expect(idle.effects.last == .quit(status: 4))
    }

    @Test func terminationLogsOutAndASecondOneDoesNotWait() {
        var client = ScreenFixture.online()
        client.update(.terminate)
        #expect(client.sent.last?.request == .logout)
        #expect(!client.quits)
        client.update(.terminate)
        #expect(client.quits)
    }

    @Test func theMailboxIsBoundedAndSaysWhenThereIsRoom() {
        let drained = Counted()
        let mailbox = ClientMailbox { drained.add() }
        for _ in 0..<ClientMailbox.bound - 1 { #expect(mailbox.put(.session(.tick))) }
        #expect(!mailbox.put(.session(.tick)))
        #expect(mailbox.take().count == ClientMailbox.bound)
        #expect(drained.count == 1)
        #expect(mailbox.put(.session(.tick)))
        #expect(mailbox.take() == [.session(.tick)])
        #expect(mailbox.take().isEmpty)
        #expect(drained.count == 1)
    }

    @Test func howTransfersStandWaitsOnce() {
        let mailbox = ClientMailbox()
        func put(_ number: Int) {
            let status = TransferStatus(file: film, phase: .seeking, wanted: film.content.size)
            _ = mailbox.put(.sharing(.tell(.transfers([ListedTransfer(number: number, status: status)]))))
        }
        for number in 1...3 { put(number) }
        _ = mailbox.put(.session(.tick))
        put(4)
        let numbers = mailbox.take().map { input in
            if case .sharing(.tell(.transfers(let list))) = input { list[0].number } else { 0 }
        }
        #expect(numbers == [3, 0, 4])
    }
}

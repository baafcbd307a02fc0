import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct LineModeLoginTests {
    @Test func namesAndPasswordsAreAskedFor() {
        var fixture = LineModeFixture()
        #expect(fixture.mode.prompt == LineMode.Prompt(text: "Username: ", isHidden: false))
        #expect(fixture.type("hans") == [])
        #expect(fixture.mode.prompt == LineMode.Prompt(text: "Password: ", isHidden: true))
        #expect(fixture.type(" fal con ") == [.session(.login(name: hans, password: " fal con "))])
        #expect(fixture.mode.prompt == nil)
        #expect(!fixture.mode.wantsLine)
        #expect(fixture.online().printed == ["Welcome to Banter, hans!"])
        #expect(fixture.mode.prompt == LineMode.Prompt(text: "> ", isHidden: false))
    }

    @Test func givenNameAndPasswordAreNotAskedFor() {
        #expect(LineModeFixture(user: "hans").mode.prompt?.isHidden == true)
        let fixture = LineModeFixture(user: "hans", password: "falcon")
        #expect(fixture.started == [.session(.login(name: hans, password: "falcon"))])
    }

    @Test func wrongPasswordIsAskedForAgain() {
        var fixture = LineModeFixture()
        fixture.type("hans")
        fixture.type("wrong")
        #expect(fixture.phase(.ended(.refused(.invalidPassword))) == [.print("Invalid password. Please try again")])
        #expect(fixture.mode.prompt?.isHidden == true)
        #expect(fixture.type("falcon") == [.session(.login(name: hans, password: "falcon"))])
    }

    @Test func endOfInputInsteadOfAPasswordIsARefusal() {
        var fixture = LineModeFixture()
        fixture.type("hans")
        fixture.type("wrong")
        fixture.phase(.ended(.refused(.invalidPassword)))
        #expect(fixture.give(.endOfInput).exit == .refused)
    }

    @Test(
        arguments: [
            (Reply.LoginStatus.invalidPasswordBlocked, "Invalid password. Your account has been blocked. Please try again later"),
            (.blocked, "Your account is blocked due to multiple login failures. Please try again later"),
            (.alreadyLoggedIn, "hans is already logged in"),
        ])
    func finalRefusalsExit(status: Reply.LoginStatus, text: String) {
        for interactive in [false, true] {
            var fixture = LineModeFixture(interactive: interactive)
            fixture.type("hans")
            fixture.type("x")
            #expect(fixture.phase(.ended(.refused(status))) == [.print(text), .exit(.refused)])
        }
        #expect(LineExit.refused.rawValue == 1)
    }

    @Test func commandsOfAScriptAreNeverTriedAsPasswords() {
        var fixture = LineModeFixture(user: "hans", password: "wrong")
        let outputs = fixture.phase(.ended(.refused(.invalidPassword)))
        #expect(outputs == [.print("Invalid password. Please try again"), .exit(.refused)])
    }

    @Test func impossibleNameIsRefused() {
        var script = LineModeFixture()
        #expect(script.type("no such name") == [.print("Error. Invalid user"), .exit(.refused)])
        var person = LineModeFixture(interactive: true)
        #expect(person.type("no such name") == [.print("Error. Invalid user")])
        #expect(person.mode.prompt?.text == "Username: ")
    }

    @Test func unreachableServerExits() {
        var fixture = LineModeFixture(user: "hans", password: "falcon")
        let outputs = fixture.phase(.ended(.unreachable("connection refused")))
        #expect(outputs == [.notice("Error. No connection to bar.example port 12346: connection refused"), .exit(.unreachable)])
    }

    @Test func unknownServerIsRefusedByAScriptWithTheRemedy() {
        var fixture = LineModeFixture(user: "hans", password: "falcon")
        let outputs = fixture.phase(.confirming(fingerprint: "SHA256:abc"))
        #expect(outputs.notices.contains { $0.contains("banter trust --data here bar.example 12346 SHA256:abc") })
        #expect(outputs.exit == .unreachable)
    }

    @Test(arguments: ["yes", "y", " YES "])
    func personIsAskedToTrust(answer: String) {
        var fixture = LineModeFixture(user: "hans", password: "falcon", interactive: true)
        #expect(fixture.phase(.confirming(fingerprint: "SHA256:abc")).notices.contains { $0.contains("SHA256:abc") })
        #expect(fixture.mode.prompt?.text == "Trust this server? (yes/no) ")
        #expect(fixture.type(answer) == [.session(.trust(fingerprint: "SHA256:abc"))])
    }

    @Test(arguments: ["no", "", "yep"])
    func anythingButYesIsNo(answer: String) {
        var fixture = LineModeFixture(user: "hans", password: "falcon", interactive: true)
        fixture.phase(.confirming(fingerprint: "SHA256:abc"))
        #expect(fixture.type(answer).exit == .unreachable)
    }

    @Test func changedServerShowsBothFingerprintsAndTheRemedy() {
        var fixture = LineModeFixture(user: "hans", password: "falcon")
        let outputs = fixture.phase(.ended(.changedServer(known: "SHA256:a", presented: "SHA256:b", remedy: "do this")))
        let all = outputs.notices.joined(separator: "\n")
        #expect(all.contains("SHA256:a") && all.contains("SHA256:b") && all.contains("To accept it: do this"))
        #expect(outputs.exit == .unreachable)
    }

    @Test func firstVisitIsNoticed() {
        var fixture = LineModeFixture(user: "hans", password: "falcon")
        let outputs = fixture.online(security: .tlsPinned(fingerprint: "SHA256:a", isFirst: true))
        #expect(outputs.notices.count == 1)
        #expect(outputs.printed == ["Welcome to Banter, hans!"])
    }
}

@Suite struct LineModeTextTests {
    @Test(
        arguments: [
            ("message yoda x", Reply.message(.success), []),
            ("message nobody x", .message(.userNotExist), ["Error. Invalid user"]),
            ("message hans x", .message(.messageSelf), ["Error. Cannot message self"]),
            ("message yoda x", .message(.userBlocked), ["Your message could not be delivered as the recipient has blocked you"]),
            ("message yoda ", .message(.empty), ["Error. Cannot send an empty message"]),
            ("message yoda x", .message(.tooLong), ["Error. The message is too long"]),
            ("message yoda x", .message(.mailboxFull), ["Error. The mailbox of yoda is full"]),
            ("broadcast x", .broadcast(sent: 3, blocked: 0), []),
            ("broadcast x", .broadcast(sent: 3, blocked: 1), ["Your message could not be delivered to some recipients"]),
            ("broadcast ", .broadcast(sent: 0, blocked: 0, fault: .empty), ["Error. Cannot send an empty message"]),
            ("whoelse", .whoelse([yoda, hans]), ["hans", "yoda"]),
            ("whoelse", .whoelse([]), []),
            ("whoelsesince 60", .whoelsesince([yoda, hans]), ["hans", "yoda"]),
            ("block hans", .block(.success), ["hans is blocked"]),
            ("block hans", .block(.messageSelf), ["Error. Cannot block self"]),
            ("block nobody", .block(.userNotExist), ["Error. Invalid user"]),
            ("block yoda", .block(.alreadyBlocked), ["Error. yoda is already blocked"]),
            ("unblock hans", .unblock(.success), ["hans is unblocked"]),
            ("unblock yoda", .unblock(.notBlocked), ["Error. yoda was not blocked"]),
            ("unblock nobody", .unblock(.userNotExist), ["Error. Invalid user"]),
            ("passwd a b", .passwd(.success), ["Your password was changed"]),
            ("passwd a b", .passwd(.invalidPassword), ["Error. Invalid password"]),
            ("whoelse", .unknownAction("whoelse"), ["Error. The server refused this: unknown action whoelse"]),
        ])
    func replyIsPrintedAsPinned(line: String, reply: Reply, printed: [String]) {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.ask(line, reply) == printed)
        #expect(fixture.mode.wantsLine)
    }

    @Test(arguments: ["nonsense", "message", "block", "Whoelse", "whoelsesince x", "whoelsesince -1", "whoelsesince 0", "whoelsesince inf"])
    func anythingElseIsAnInvalidCommand(line: String) {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.type(line) == [.print("Error. Invalid command")])
    }

    @Test(arguments: ["register f", "searchfile f", "searchchunk f 1", "download f"])
    func withoutFilesTheirCommandsSayThatTheyAreNotThere(line: String) {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.type(line) == [.print("Error. This client shares no files")])
    }

    @Test func messagesArePrintedAndThenAcknowledged() {
        var fixture = LineModeFixture.loggedIn()
        let direct = fixture.learn(.message(from: hans, text: "Hey Dude", SessionFixture.receipt(3)))
        #expect(direct == [.print("hans: Hey Dude"), .afterOutput(.session(.shown(through: 3)))])
        let broadcast = fixture.learn(.broadcast(from: hans, text: "vader sucks", SessionFixture.receipt(3)))
        #expect(broadcast == [.print("hans (broadcast): vader sucks")])
    }

    @Test func lateMessagesShowTheirTimeToAPersonOnly() {
        let old = Reply.Receipt(sequence: 1, time: Timestamp(milliseconds: 1_699_000_000_000))
        var person = LineModeFixture.loggedIn(interactive: true)
        #expect(person.learn(.message(from: hans, text: "x", old)).printed == ["hans: x (Fri 3 Nov 08:26)"])
        var script = LineModeFixture.loggedIn()
        #expect(script.learn(.message(from: hans, text: "x", old)).printed == ["hans: x"])
    }

    @Test func textOfOthersCannotFakeALineOrReachTheTerminal() {
        var fixture = LineModeFixture.loggedIn()
        let printed = fixture.learn(.broadcast(from: hans, text: "a\nyoda: b\u{1B}[2J\u{202E}", SessionFixture.receipt(1))).printed
        #expect(printed.count == 1)
        #expect(printed[0].unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
    }

    @Test func presenceIsPrintedButNotTheListAtLogin() {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.learn(.presence(Event.Presence(online: [yoda], isReset: true))).printed == [])
        #expect(fixture.learn(.presence(Event.Presence(online: [yoda]))).printed == ["yoda logged in"])
        #expect(fixture.learn(.presence(Event.Presence(offline: [yoda]))).printed == ["yoda logged out"])
    }

    @Test func listAtLoginMayComeInPieces() {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.learn(.presence(Event.Presence(online: [hans], isReset: true))).printed == [])
        #expect(fixture.learn(.presence(Event.Presence(online: [yoda], isList: true))).printed == [])
        #expect(fixture.learn(.presence(Event.Presence(online: [yoda]))).printed == ["yoda logged in"])
    }

    @Test func helpNamesEveryCommand() {
        var fixture = LineModeFixture.loggedIn()
        let printed = fixture.type("help").printed
        for entry in CommandTable.entries { #expect(printed.contains { $0.hasPrefix(entry.usage) }) }
        let words = printed.joined(separator: " ").split(separator: " ").joined(separator: " ")
        for entry in CommandTable.entries { #expect(words.contains("\(entry.usage) \(entry.summary)")) }
        #expect(printed.allSatisfy { $0.count < 80 })
    }

    @Test func aPersonAloneIsToldSoAndAScriptReadsNoName() throws {
        var person = LineModeFixture.loggedIn(interactive: true)
        let asked = try #require(person.type("whoelse").ticket)
        #expect(person.learn(.reply(.whoelse([]), asked)) == [.notice("Nobody else.")])
        var script = LineModeFixture.loggedIn(interactive: false)
        let scripted = try #require(script.type("whoelse").ticket)
        #expect(script.learn(.reply(.whoelse([]), scripted)).isEmpty)
    }

    @Test(
        arguments: [
            (SessionEnd.inactivity, "You have been logged out due to inactivity"),
            (.replaced, "You have been logged out: your session goes on over another connection"),
            (.removed, "You have been logged out: your account was removed"),
        ])
    func serverEndsTheSession(end: SessionEnd, text: String) {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.phase(.ended(end)) == [.print(text), .exit(.dismissed)])
        #expect(fixture.type("whoelse") == [])
    }
}

@Suite struct LineModeFlowTests {
    @Test func eachCommandWaitsForItsReply() {
        var fixture = LineModeFixture.loggedIn()
        let asked = fixture.type("message yoda hi")
        #expect(asked.request == .message(to: yoda, text: "hi", key: nil))
        #expect(!fixture.mode.wantsLine)
        #expect(fixture.learn(.reply(.whoelse([]), ticket(999))) == [])
        #expect(!fixture.mode.wantsLine)
    }

    @Test func impossibleUserGoesToTheServerAsNobody() {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.type("message n°1 hi").request == .message(to: nil, text: "hi", key: nil))
    }

    @Test func endOfInputLogsOutAfterEverythingBeforeIsAcknowledged() throws {
        var fixture = LineModeFixture.loggedIn()
        let settling = fixture.give(.endOfInput)
        let first = try #require(settling.ticket)
        #expect(settling == [.afterOutput(.session(.request(.ping, first)))])
        // Offline messages are still on their way, so there may be more.
        #expect(fixture.learn(.message(from: yoda, text: "x", SessionFixture.receipt(1))).printed == ["yoda: x"])
        var again = fixture.learn(.reply(.pong, first))
        let second = try #require(again.ticket)
        #expect(again == [.afterOutput(.session(.request(.ping, second)))])
        // The next portion, behind the reply to what followed the acknowledgement of the first.
        fixture.learn(.message(from: yoda, text: "y", SessionFixture.receipt(2)))
        again = fixture.learn(.reply(.pong, second))
        again = fixture.learn(.reply(.pong, try #require(again.ticket)))
        #expect(again == [.afterOutput(.session(.logout))])
        #expect(fixture.phase(.ended(.loggedOut)) == [.exit(.loggedOut)])
    }

    @Test func endOfInputDoesNotWaitForEverForPeopleWhoGoOnWriting() throws {
        var fixture = LineModeFixture.loggedIn()
        var outputs = fixture.give(.endOfInput)
        var sequence: UInt64 = 0
        while let ticket = outputs.ticket, sequence < 1000 {
            sequence += 1
            fixture.learn(.message(from: yoda, text: "x", SessionFixture.receipt(sequence)))
            outputs = fixture.learn(.reply(.pong, ticket))
        }
        #expect(outputs == [.afterOutput(.session(.logout))])
    }

    @Test func logoutCommandIsTheSame() throws {
        var fixture = LineModeFixture.loggedIn(interactive: true)
        let ticket = try #require(fixture.type("logout").ticket)
        #expect(fixture.learn(.failed(ticket, .connectionLost)) == [.afterOutput(.session(.logout))])
        #expect(fixture.phase(.ended(.loggedOut)).exit == .loggedOut)
    }

    @Test func scriptLearnsThatACommandWasRefused() throws {
        for (interactive, status) in [(false, LineExit.commandRefused), (true, .loggedOut)] {
            var fixture = LineModeFixture.loggedIn(interactive: interactive)
            fixture.type("nonsense")
            let ticket = try #require(fixture.type("logout").ticket)
            fixture.learn(.reply(.pong, ticket))
            #expect(fixture.phase(.ended(.loggedOut)).exit == status)
        }
    }

    @Test(
        arguments: [
            (RequestFailure.connectionLost, "Error. The connection was lost. Please try again"),
            (.queueFull, "Error. Too many messages wait to be sent"), (.notLoggedIn, "Error. You are not logged in"),
            (.unavailable, "Error. The server could not store this. Please try again"),
        ])
    func failuresAreToldAndTheNextLineIsTaken(failure: RequestFailure, text: String) throws {
        var fixture = LineModeFixture.loggedIn()
        let ticket = try #require(fixture.type("whoelse").ticket)
        #expect(fixture.learn(.failed(ticket, failure)) == [.print(text)])
        #expect(fixture.mode.wantsLine)
    }

    @Test func scriptWaitsOutALostConnectionForHalfAMinute() {
        var fixture = LineModeFixture.loggedIn()
        let waiting = SessionPhase.waiting(untilUptime: 0, reason: "reset")
        #expect(fixture.phase(waiting).notices.count == 1)
        #expect(!fixture.mode.wantsLine)
        fixture.now.uptime += 20 * Moment.second
        #expect(fixture.phase(waiting) == [])
        #expect(fixture.give(.tick) == [])
        #expect(fixture.mode.nextWake == fixture.now.uptime + 10 * Moment.second)
        fixture.now.uptime += 10 * Moment.second
        #expect(fixture.give(.tick).exit == .unreachable)
    }

    @Test func connectionThatComesBackIsNoticed() {
        var fixture = LineModeFixture.loggedIn()
        fixture.phase(.waiting(untilUptime: 0, reason: "reset"))
        let outputs = fixture.online(resumed: true)
        #expect(outputs == [.notice("Connected again.")])
        #expect(fixture.mode.wantsLine)
        #expect(fixture.mode.nextWake == nil)
    }

    @Test func personMayWaitForEver() {
        var fixture = LineModeFixture.loggedIn(interactive: true)
        fixture.phase(.waiting(untilUptime: 0, reason: "reset"))
        #expect(fixture.mode.nextWake == nil)
        #expect(fixture.mode.wantsLine)
    }

    @Test func interruptLeavesWhenAskedTwice() {
        var fixture = LineModeFixture.loggedIn(interactive: true)
        #expect(fixture.give(.interrupt).notices.count == 1)
        fixture.type("help")
        #expect(fixture.give(.interrupt).notices.count == 1)
        #expect(fixture.give(.interrupt).request == .ping)
        #expect(fixture.give(.interrupt) == [.afterOutput(.session(.logout))])
    }

    @Test func leavingIsPossibleAtEveryStage() {
        var fixture = LineModeFixture(interactive: true)
        #expect(fixture.give(.leave).exit == .refused)
        fixture = LineModeFixture(user: "hans", password: "x", interactive: true)
        #expect(fixture.give(.leave) == [.afterOutput(.session(.logout))])
        fixture = .loggedIn()
        fixture.type("whoelse")
        #expect(fixture.give(.leave) == [.afterOutput(.session(.logout))])
        #expect(fixture.give(.leave) == [])
    }

    @Test func blankLinesAreNothing() {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.type("  ") == [])
        #expect(fixture.mode.wantsLine)
    }
}

@Suite struct LineModeHistoryTests {
    @Test func forgettingWantsToBeConfirmedAndSaysWhatIsGone() throws {
        var fixture = LineModeFixture.loggedIn()
        #expect(fixture.type("forget yoda").printed == [LineTexts.forgetUnconfirmed("yoda")])
        #expect(fixture.type("forget").printed == [LineTexts.forgetWhat])
        #expect(fixture.type("forget y/o yes").printed == [LineTexts.forgetWhat])
        let deeds = fixture.type("forget yoda yes").compactMap { if case .history(let deed) = $0 { deed } else { nil } }
        #expect(deeds.count == 2)
        #expect(!fixture.mode.wantsLine)
        #expect(fixture.give(.history(.forgotten(ForgetTicket(number: 0), .lines(2)))).printed.isEmpty)
        #expect(fixture.give(.history(.forgotten(ForgetTicket(number: 1), .lines(1)))).printed == [LineTexts.forgotten(3)])
        #expect(fixture.mode.wantsLine)
        _ = fixture.type("forget all yes")
        let printed = fixture.give(.history(.forgotten(ForgetTicket(number: 0), .failed("disk gone")))).printed
        #expect(printed.first == "Error. Not removed from the disk: disk gone")
    }
}

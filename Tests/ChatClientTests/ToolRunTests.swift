import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ToolRunTests {
    private let hello = Delivery(to: yoda, .text("hello"))

    @Test func itLogsInAndEndsWithZeroWhenTheMessageIsConfirmed() {
        var tool = ToolFixture(hello)
        #expect(tool.outputs.first == .session(.login(name: hans, password: "falcon")))
        #expect(tool.outputs.requests == [.message(to: yoda, text: "hello", key: nil)])
        tool.online()
        #expect(!tool.outputs.logsOut, "nothing is confirmed yet")
        #expect(tool.answer(0, .message(.success, SessionFixture.receipt(1))).logsOut)
        #expect(tool.end(.loggedOut).exit == .done)
        #expect(tool.outputs.notices.isEmpty)
    }

    @Test(
        arguments: [
            (.refused(.invalidPassword), .loginRefused), (.refused(.alreadyLoggedIn), .loginRefused),
            (.unreachable("refused"), .unreachable),
            (.changedServer(known: "SHA256:a", presented: "SHA256:b", remedy: "run this"), .unreachable), (.inactivity, .dismissed),
            (.replaced, .dismissed), (.removed, .dismissed),
        ] as [(SessionEnd, ToolExit)])
    func everyEndHasItsStatusAndOneLineAboutIt(end: SessionEnd, status: ToolExit) {
        var tool = ToolFixture(hello)
        let outputs = tool.end(end)
        #expect(outputs.exit == status)
        #expect(outputs.notices.count == 1)
        #expect(tool.give(.tick).isEmpty, "nothing follows the end")
    }

    @Test func anUnknownServerIsRefusedWithTheRemedy() {
        var tool = ToolFixture(hello)
        let outputs = tool.learn(.phase(.confirming(fingerprint: "SHA256:abc")))
        #expect(outputs.exit == .unreachable)
        #expect(outputs.notices.first?.hasSuffix("run: banter trust bar.example 12346 SHA256:abc") == true)
    }

    @Test func withoutAnAnswerItGivesUpInTime() throws {
        var tool = ToolFixture(hello, patience: 5)
        tool.pass(seconds: 4)
        #expect(tool.give(.tick).isEmpty)
        tool.online()
        tool.learn(.phase(.waiting(untilUptime: 0, reason: "reset")))
        #expect(try #require(tool.run.nextWake) == 1_005 * Moment.second, "a login is no confirmation")
        tool.pass(seconds: 1)
        #expect(tool.give(.tick).exit == .timedOut)
    }

    @Test func whileNothingIsAwaitedThereIsNoHurry() {
        var tool = ToolFixture.online(Delivery(to: yoda, .lines), patience: 5)
        #expect(tool.run.nextWake == nil)
        tool.give(.line("first"))
        tool.pass(seconds: 3)
        tool.give(.line("second"))
        tool.pass(seconds: 1)
        tool.answer(0, .message(.success, SessionFixture.receipt(1)))
        #expect(tool.run.nextWake == 1_009 * Moment.second, "every confirmation is progress")
        tool.answer(1, .message(.success, SessionFixture.receipt(2)))
        #expect(tool.run.nextWake == nil)
        #expect(ToolFixture(hello, patience: nil).run.nextWake == nil)
    }

    @Test func aSignalLogsOutAndSaysWhatIsOpen() {
        var tool = ToolFixture.online(hello)
        let outputs = tool.give(.leave)
        #expect(outputs.logsOut && outputs.notices.count == 1)
        #expect(tool.give(.leave).isEmpty)
        #expect(tool.end(.loggedOut).exit == .done)
    }
}

@Suite struct DeliveryTests {
    @Test(
        arguments: [
            (.message(.userNotExist), "there is no user yoda"), (.message(.userBlocked), "yoda has blocked you"),
            (.message(.mailboxFull), "the mailbox of yoda is full"), (.message(.messageSelf), "nobody can write to oneself"),
            (.message(.empty), "an empty message is not sent"), (.message(.tooLong), "longer than 16 KiB, the longest message"),
            (.error(.badRequest, reason: "no\u{1B}"), "the server refused it: no"),
        ] as [(Reply, String)])
    func aRefusalIsSaidInOneLineAndIsTheStatus(reply: Reply, words: String) {
        var tool = ToolFixture.online(Delivery(to: yoda, .text("hello")))
        let outputs = tool.answer(0, reply)
        #expect(outputs.notices == [words])
        #expect(outputs.logsOut)
        #expect(tool.end(.loggedOut).exit == .refused)
    }

    @Test func whatCannotBeSentIsNotSent() {
        for text in ["", " \n\t", String(repeating: "x", count: 16_385)] {
            var tool = ToolFixture.online(Delivery(to: nil, .text(text)))
            #expect(tool.outputs.requests.isEmpty)
            #expect(tool.outputs.logsOut)
            #expect(tool.end(.loggedOut).exit == .refused)
        }
        #expect(ToolFixture(Delivery(to: nil, .text(String(repeating: "x", count: 16_384)))).outputs.requests.count == 1)
    }

    @Test func aBroadcastThatSomeHaveBlockedIsSentNevertheless() {
        var tool = ToolFixture.online(Delivery(to: nil, .text("hello")))
        #expect(tool.answer(0, .broadcast(sent: 2, blocked: 1)).notices.count == 1)
        #expect(tool.end(.loggedOut).exit == .done)
    }

    @Test func linesAreMessagesWithinAWindow() {
        var tool = ToolFixture.online(Delivery(to: yoda, .lines))
        tool.give(.line(""))
        tool.give(.line("  "))
        #expect(tool.outputs.requests.isEmpty, "an empty line is no message")
        var sent = 0
        while tool.run.wantsLine {
            tool.give(.line("line \(sent)"))
            sent += 1
        }
        #expect(sent == Delivery.window)
        tool.answer(0, .message(.success, SessionFixture.receipt(1)))
        #expect(tool.run.wantsLine)
        #expect(!tool.give(.endOfInput).logsOut)
        for number in 1..<sent { tool.answer(number, .message(.success, SessionFixture.receipt(UInt64(number + 1)))) }
        #expect(tool.outputs.logsOut)
        #expect(tool.end(.loggedOut).exit == .done)
    }

    @Test func aLineThatIsTooLongIsToldByItsNumberAndTheOthersGoOn() {
        var tool = ToolFixture.online(Delivery(to: yoda, .lines))
        tool.give(.line("first"))
        #expect(tool.give(.line(String(repeating: "x", count: 20_000))).notices == ["line 2: longer than 16 KiB, the longest message"])
        tool.give(.line("third"))
        tool.give(.endOfInput)
        for number in 0...1 { tool.answer(number, .message(.success, SessionFixture.receipt(UInt64(number + 1)))) }
        #expect(tool.end(.loggedOut).exit == .refused)
    }

    @Test func whatEveryLineWouldEarnIsSaidOnceAndEndsTheReading() {
        var tool = ToolFixture.online(Delivery(to: yoda, .lines))
        for _ in 0..<3 { tool.give(.line("hi")) }
        for number in 0..<3 { tool.answer(number, .message(.userNotExist)) }
        #expect(tool.outputs.notices == ["line 1: there is no user yoda"])
        #expect(!tool.run.wantsLine)
        #expect(tool.end(.loggedOut).exit == .refused)
    }

    @Test func whatArrivesIsNeitherShownNorAcknowledged() {
        var tool = ToolFixture.online(Delivery(to: yoda, .text("hello")))
        #expect(tool.learn(.message(from: yoda, text: "hi", SessionFixture.receipt(1))).isEmpty)
    }
}

@Suite struct WhoListTests {
    private var names: [UserName] { ["yoda", "c3p0"].compactMap { UserName($0) } }

    @Test func namesAreSortedOneALineOrOneObject() {
        var plain = ToolFixture.online(WhoList(since: nil, isJSON: false))
        #expect(plain.answer(0, .whoelse(names)).printed == ["c3p0", "yoda"])
        #expect(plain.end(.loggedOut).exit == .done)
        var json = ToolFixture.online(WhoList(since: 60, isJSON: true))
        #expect(json.outputs.requests == [.whoelsesince(seconds: 60)])
        #expect(json.answer(0, .whoelsesince(names)).printed == [#"{"users":["c3p0","yoda"],"since":60}"#])
    }

    @Test func aLostConnectionIsNoAnswer() {
        var tool = ToolFixture.online(WhoList(since: nil, isJSON: false))
        tool.learn(.failed(Ticket(number: 1), .connectionLost))
        #expect(!tool.outputs.logsOut)
        tool.online(resumed: true)
        #expect(tool.answer(1, .whoelse(names)).printed == ["c3p0", "yoda"])
    }
}

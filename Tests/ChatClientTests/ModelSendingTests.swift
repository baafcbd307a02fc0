import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ModelSendingTests {
    private func lastBroadcast(_ client: ScreenFixture) -> String? {
        if case .broadcast(let text, _)? = client.sent.last?.request { text } else { nil }
    }

    private func lastMessage(_ client: ScreenFixture) -> String? {
        if case .message(let to, let text, _)? = client.sent.last?.request { "\(to?.text ?? ""): \(text)" } else { nil }
    }

    @Test func theFocusedPaneDecidesWhereTextGoes() {
        var client = ScreenFixture.online()
        client.enter("hello all")
        #expect(lastBroadcast(client) == "hello all")
        client.enter("/msg yoda")
        #expect(client.screen().contains("to yoda ▸"))
        client.enter("hello you")
        #expect(lastMessage(client) == "yoda: hello you")
        client.press(.function(2))
        client.enter("all again")
        #expect(lastBroadcast(client) == "all again")
        client.press(.function(3))
        client.enter("you again")
        #expect(lastMessage(client) == "yoda: you again")
    }

    @Test func ownLinesSayWhereTheyStand() throws {
        var client = ScreenFixture.online()
        client.enter("/msg yoda")
        client.enter("first")
        #expect(client.line(with: "first")?.contains("…") == true)
        client.answer(.message(.success, .init(sequence: 3, time: client.now.wall)))
        #expect(client.line(with: "first")?.contains("· sent") == true)
        client.event(.delivered(to: try #require(UserName("yoda")), through: 3))
        #expect(client.line(with: "first")?.contains("✓ delivered") == true)
        client.enter("second")
        client.answer(.message(.userBlocked))
        #expect(client.line(with: "✗ failed: the recipient has blocked you") != nil)
    }

    @Test func whoDoesNotExistIsNotPromisedAnything() {
        var client = ScreenFixture.online()
        // The account is removed after it was asked for.
        client.converse(with: "nobody")
        client.enter("hello?")
        client.answer(.message(.userNotExist))
        #expect(client.screen().contains("There is no user nobody"))
        #expect(client.line(with: "○ nobody") == nil)
        client.enter("/msg luke")
        client.presence(went: ["luke"])
        client.enter("hello")
        client.answer(.message(.success, .init(sequence: 1, time: client.now.wall)))
        #expect(client.screen().contains("luke · not online, messages wait"))
    }

    @Test func aBroadcastSaysHowManyGotIt() {
        var client = ScreenFixture.online()
        client.enter("hello")
        client.answer(.broadcast(sent: 3, blocked: 0))
        #expect(client.line(with: "hello")?.contains("✓ to 3") == true)
        client.enter("again")
        client.answer(.broadcast(sent: 2, blocked: 1))
        #expect(client.line(with: "again")?.contains("✓ to 2, not to some who block you") == true)
    }

    @Test func aFailedLineIsSentAgainWithOneKey() {
        var client = ScreenFixture.online()
        client.enter("hello")
        client.answer(.refused(action: "broadcast", .unavailable))
        #expect(client.screen().contains("✗ failed: the server could not store it"))
        client.effects = []
        client.press(.alt(.character("r")))
        #expect(lastBroadcast(client) == "hello")
        client.answer(.broadcast(sent: 3, blocked: 0))
        #expect(!client.screen().contains("✗"))
    }

    @Test func linesTypedWithoutAConnectionWaitAndAreSentOnce() {
        var client = ScreenFixture.online()
        client.update(.link(.linkClosed(.lost("reset"))))
        client.enter("later")
        #expect(client.line(with: "later")?.contains("… queued") == true)
        client.effects = []
        client.pass(seconds: 60)
        client.update(.tick)
        client.update(.link(.linkOpened(.tlsVerified)))
        let token = ResumeToken("00112233445566778899aabbccddeeff")
        let welcome = token.flatMap { token in
            UserName("hans").map {
                Reply.Welcome(name: $0, token: token, timeout: 0, keepAlive: 30, unread: 0, time: client.now.wall)
            }
        }
        client.answer(.resume(.success, welcome))
        let broadcasts = client.sent.filter { if case .broadcast = $0.request { true } else { false } }
        #expect(broadcasts.count == 1)
        client.answer(.broadcast(sent: 3, blocked: 0))
        #expect(client.line(with: "later")?.contains("✓ to 3") == true)
    }

    @Test(arguments: ["/nonsense yoda hi", "/", "//x", "/msgs yoda hi", "/message", "/block", "/whoelsesince many", "/startprivate luke"])
    func whatBeginsWithASlashIsNeverSentAsText(line: String) {
        var client = ScreenFixture.online()
        client.enter(line)
        #expect(client.model.hint?.isFault == true)
        #expect(client.screen().contains("brings the line back"))
        client.press(.enter, .enter)
        #expect(client.sent.isEmpty)
        // Nothing that is typed next is glued to it.
        #expect(client.inputLine() == "")
        client.press(.up)
        #expect(client.inputLine() == line)
    }

    @Test func aRefusedPasswordIsNotBroughtBack() {
        var client = ScreenFixture.online()
        client.enter("/passwd falcon")
        #expect(client.model.hint?.isFault == true)
        #expect(client.inputLine() == "")
        client.press(.up, .control("_"), .control("y"))
        #expect(client.inputLine() == "")
    }

    @Test(arguments: [
        "message yoda secret", "broadcast hi", "whoelse", "block hans", "private luke hi", "passwd old new", "logout", "Message yoda hi",
        "msg yoda hi", "quit",
        " /message yoda hi", "PASSWD old new",
    ])
    func aCommandWithoutItsSlashIsHeldOnce(line: String) {
        var client = ScreenFixture.online()
        client.enter(line)
        #expect(client.sent.isEmpty)
        #expect(client.model.room.editor.text == line)
        #expect(client.screen().contains("Enter again says this to everyone"))
        client.press(.enter)
        #expect(lastBroadcast(client) == line)
    }

    @Test func aHeldLineThatIsChangedIsHeldAgain() {
        var client = ScreenFixture.online()
        client.enter("message yoda secret")
        client.enter("s")
        #expect(client.sent.isEmpty)
    }

    @Test func aHeldLineThatIsTypedOnSaysThatItWaits() {
        var client = ScreenFixture.online()
        client.enter("message yoda secret")
        client.type("hello")
        #expect(client.line(with: "Not sent yet · Enter sends the whole line") != nil)
        client.converse(with: "luke")
        client.press(.control("u"))
        #expect(client.line(with: "Not sent yet") == nil)
    }

    @Test func aSlipInANameDoesNotTellEveryone() {
        var client = ScreenFixture.online()
        client.enter("message ydoa secret")
        #expect(client.sent.isEmpty)
    }

    @Test func ordinaryTextWithACommandsWordIsNotHeld() {
        let lines = [
            "block party tonight", "help me please", "whoelse is coming", "forget it", "private matters only", "download it yourself",
            "set it up", "block them", "message in a bottle", "whoelsesince yesterday", "close", "logout now", "register today",
        ]
        for line in lines {
            var client = ScreenFixture.online()
            client.enter(line)
            #expect(lastBroadcast(client) == line)
        }
    }

    @Test func blankLinesAreNotSent() {
        var client = ScreenFixture.online()
        client.enter("")
        client.enter("   ")
        client.press(.alt(.enter), .enter)
        #expect(client.sent.isEmpty)
    }

    @Test func aPasteWaitsForEnterAndGoesAsOneMessage() {
        var client = ScreenFixture.online()
        client.press(.paste("one\ntwo\n"))
        #expect(client.sent.isEmpty)
        #expect(client.model.room.editor.text == "one\ntwo")
        client.press(.enter)
        #expect(lastBroadcast(client) == "one\ntwo")
    }

    @Test func aRefusalInAConversationThatIsNotShownIsTold() {
        var client = ScreenFixture.online()
        client.converse(with: "luke")
        client.converse(with: "yoda")
        client.enter("/message luke hello?")
        client.answer(.message(.userBlocked))
        #expect(client.line(with: "Not sent to luke: the recipient has blocked you · Alt-1") != nil)
    }

    @Test func aRefusalBeforeTheEyesIsToldByItsLineAlone() {
        var client = ScreenFixture.online()
        client.converse(with: "luke")
        client.enter("hello?")
        client.answer(.message(.userBlocked))
        #expect(client.line(with: "failed") != nil)
        #expect(client.line(with: "Not sent to") == nil)
    }

    @Test func whatACommandSaysIsSeenWhateverWasScrolledTo() {
        var client = ScreenFixture.online()
        for number in 0..<100 { client.broadcast(from: "luke", "line \(number)") }
        client.press(.pageUp, .pageUp)
        #expect(client.line(with: "line 99") == nil)
        client.enter("/whoelse")
        client.answer(.whoelse([]))
        #expect(client.line(with: "Nobody else is online") != nil)
    }

    @Test(arguments: [("one\ntwo", 2), ("one\n\ntwo\nthree\nfour", 5), ("one\n\ntwo\n", 3)])
    func blankLinesOfAPasteAreCounted(text: String, lines: Int) {
        var client = ScreenFixture.online()
        client.press(.paste(text))
        #expect(client.line(with: "\(lines) lines pasted, not sent") != nil)
    }

    @Test func commandsAskTheServerAndShowTheAnswer() throws {
        var client = ScreenFixture.online()
        let luke = try #require(UserName("luke"))
        client.enter("/whoelse")
        client.answer(.whoelse([luke]))
        #expect(client.screen().contains("Online: luke"))
        client.enter("/whoelsesince 60")
        client.answer(.whoelsesince([]))
        #expect(client.screen().contains("Nobody else was online in the last 60 s"))
        client.enter("/block luke")
        #expect(client.sent.last?.request == .block(luke))
        client.answer(.block(.success))
        #expect(client.screen().contains("luke is blocked"))
        client.enter("/unblock luke")
        client.answer(.unblock(.notBlocked))
        #expect(client.screen().contains("luke was not blocked"))
    }

    @Test func aPasswordTypedInACommandIsNeitherShownNorKept() {
        var client = ScreenFixture.online()
        client.type("/passwd falcon eagle")
        #expect(!client.screen().contains("falcon"))
        #expect(!client.screen().contains("eagle"))
        client.press(.enter)
        #expect(client.sent.last?.request == .passwd(old: "falcon", new: "eagle"))
        client.press(.up, .control("_"), .control("y"))
        #expect(client.inputLine() == "")
        client.answer(.passwd(.success))
        #expect(client.screen().contains("The password is changed"))
        #expect(client.model.password == "eagle")
    }

    @Test func aMessageByCommandDoesNotMoveTheFocus() {
        var client = ScreenFixture.online()
        client.enter("/message yoda do or do not")
        #expect(lastMessage(client) == "yoda: do or do not")
        #expect(client.screen().contains("to everyone ▸"))
        #expect(client.screen().contains("do or do not"))
    }

    @Test func logoutAsksTheServerAndEnds() {
        var client = ScreenFixture.online()
        client.enter("/logout")
        #expect(client.sent.last?.request == .logout)
        client.answer(.logout)
        #expect(client.effects.contains(.quit(status: 0)))
    }

    @Test(arguments: ["/quit", "/logout"]) func leavingWithLinesQueuedIsAskedOnce(command: String) {
        var client = ScreenFixture.online()
        client.update(.link(.linkClosed(.lost("reset"))))
        client.enter("not sent yet")
        client.enter(command)
        #expect(!client.quits)
        #expect(client.screen().contains("1 line is not sent yet · Enter again quits"))
        #expect(client.inputLine() == command)
        client.press(.enter)
        #expect(client.effects.last == .quit(status: 3))
    }

    @Test func aPasteThatDoesNotFitSaysSoAndChangesNothing() {
        var client = ScreenFixture.online()
        client.type("kept")
        client.press(.paste(String(repeating: "x", count: 20_000)))
        #expect(client.inputLine() == "kept")
        #expect(client.screen().contains("Not pasted: 16 KiB is the longest message"))
        client.type("!")
        #expect(client.inputLine() == "kept!")
    }

    @Test func aServerThatDoesNotAnswerTheLogoutIsNotWaitedForLong() {
        var client = ScreenFixture.online()
        client.enter("/quit")
        #expect(!client.quits)
        client.pass(seconds: 2.1)
        client.update(.tick)
        #expect(client.quits)
    }

    @Test func mentionOfOneself() throws {
        let hans = try #require(UserName("hans"))
        for text in ["hans: hi", "hi Hans!", "(hans)", "hans"] { #expect(text.mentions(hans)) }
        for text in ["hansel", "xhans", "han s", "", "hans_2"] { #expect(!text.mentions(hans)) }
    }
}

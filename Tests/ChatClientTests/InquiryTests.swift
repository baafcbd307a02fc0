import ChatProtocol
import Testing

@testable import ChatClient

/// Names that nobody here has been called so far.
@Suite struct InquiryTests {
    /// The last request, if it is the question whether there is such an account.
    private func asked(_ client: ScreenFixture) -> String? {
        if case .message(let to, "", _)? = client.sent.last?.request { to?.text } else { nil }
    }

    private func said(_ client: ScreenFixture) -> [String] {
        client.sent.compactMap {
            if case .message(let to, let text, _) = $0.request, text != "" { "\(to?.text ?? ""): \(text)" } else { nil }
        }
    }

    @Test func whoIsKnownIsOpenedAtOnce() {
        var client = ScreenFixture.online()
        client.enter("/msg yoda")
        #expect(client.screen().contains("to yoda ▸"))
        #expect(asked(client) == nil)
        client.press(.function(2))
        client.broadcast(from: "leia", "hello")
        client.enter("/msg leia")
        #expect(client.screen().contains("to leia ▸"), "who has spoken is known")
        #expect(asked(client) == nil)
    }

    @Test func aTypingErrorOpensNobody() {
        var client = ScreenFixture.online()
        client.enter("/msg ydoa")
        #expect(asked(client) == "ydoa")
        client.answer(.message(.userNotExist))
        #expect(client.line(with: "Nobody here is called ydoa · yoda?") != nil)
        #expect(client.model.conversations.isEmpty)
        #expect(client.inputLine() == "", "nothing is glued to it")
        client.press(.up)
        #expect(client.inputLine() == "/msg ydoa", "to be mended")
    }

    @Test func onTheSmallestScreenTheNameThatWasMeantIsRead() {
        var client = ScreenFixture.online(width: 20, height: 5)
        client.enter("/msg palpatien")
        client.answer(.message(.userNotExist))
        #expect(client.line(with: "No such user") != nil)
        client = .online(width: 20, height: 5)
        client.enter("/msg ydoa")
        client.answer(.message(.userNotExist))
        #expect(client.lines()[3] == "No such user · yoda?" || client.lines()[3] == "yoda?")
    }

    @Test(arguments: [Reply.MessageStatus.empty, .userBlocked, .mailboxFull]) func whoIsAwayButExistsIsOpened(status: Reply.MessageStatus) {
        var client = ScreenFixture.online()
        client.enter("/msg leia")
        client.answer(.message(status))
        #expect(client.screen().contains("to leia ▸"))
        #expect(client.line(with: "leia · not online, messages wait") != nil)
        #expect(client.model.everyone.log.isEmpty && client.model.conversations[0].log.isEmpty, "the question leaves no trace")
    }

    @Test func aMessageToNobodyLeavesNoConversationAndIsNotLost() {
        var client = ScreenFixture.online()
        client.enter("/message ydoa hi there")
        client.answer(.message(.userNotExist))
        #expect(client.model.conversations.isEmpty)
        #expect(client.line(with: "Not sent · Nobody here is called ydoa · yoda?") != nil)
        #expect(client.inputLine() == "")
        client.press(.up)
        #expect(client.inputLine() == "/message ydoa hi there")
        client.press(.control("u"))
        client.enter("/message leia hi there")
        client.answer(.message(.success, .init(sequence: 1, time: client.now.wall)))
        #expect(client.model.conversations.count == 1)
        #expect(said(client) == ["ydoa: hi there", "leia: hi there"])
    }

    @Test func moreThanOneLineToNobodyIsKept() {
        var client = ScreenFixture.online()
        client.enter("/message ydoa hi")
        client.enter("/message ydoa there")
        client.answer(.message(.userNotExist))
        #expect(client.model.conversations.count == 1)
    }

    /// What is typed ahead is for the conversation that is about to open: everyone must not read it.
    @Test func whatIsTypedAheadGoesWhereItWasMeantTo() {
        var client = ScreenFixture.online()
        client.enter("/msg leia")
        let before = client.sent.count
        client.enter("for you alone")
        #expect(client.sent.count == before)
        client.answer(.message(.empty))
        #expect(client.screen().contains("to leia ▸ for you alone"))
        client.press(.enter)
        #expect(said(client) == ["leia: for you alone"])
    }

    @Test func theWaitCanBeGivenUp() {
        var client = ScreenFixture.online()
        client.enter("/msg leia")
        client.press(.control("c"))
        #expect(client.line(with: "brings the line back") != nil)
        client.press(.up)
        #expect(client.inputLine() == "/msg leia")
        client.answer(.message(.empty))
        #expect(client.model.conversations.isEmpty, "an answer that nobody waits for")
        #expect(!client.model.isQuitAsked)
    }

    @Test func withoutTheServerTheUserSaysItTwice() {
        var client = ScreenFixture.online()
        client.enter("/msg leia")
        client.update(.link(.linkClosed(.lost("reset"))))
        client.press(.up)
        #expect(client.inputLine() == "/msg leia")
        client.press(.enter)
        #expect(client.line(with: "Enter again goes on") != nil)
        #expect(client.model.conversations.isEmpty)
        client.press(.enter)
        #expect(client.screen().contains("to leia ▸"))
    }

    @Test func aBlockOfNobodyNamesWhoWasMeant() {
        var client = ScreenFixture.online()
        client.enter("/block yoad")
        client.answer(.block(.userNotExist))
        #expect(client.line(with: "Nobody here is called yoad · yoda?") != nil)
    }

    // MARK: @name

    @Test func aNameWithAnAtBeforeItIsHeldOnceWhereEveryoneReads() {
        var client = ScreenFixture.online()
        client.effects = []
        client.enter("@yoda, hi")
        #expect(client.sent.isEmpty)
        #expect(client.line(with: "Everyone reads this · /msg yoda is for one alone · Enter again sends it") != nil)
        client.press(.enter)
        #expect(client.sent.last?.request.isBroadcast == true)
        client.enter("@luke and you")
        #expect(client.sent.count == 2, "who has said it once knows")
    }

    @Test(arguments: ["yoda: hi", "@nobody hi", "@hans me", "@ yoda", "hi @yoda"]) func otherLinesGoAtOnce(line: String) {
        var client = ScreenFixture.online()
        client.effects = []
        client.enter(line)
        #expect(client.sent.count == 1)
    }

    @Test func inAConversationAnAtIsText() {
        var client = ScreenFixture.online()
        client.enter("/msg yoda")
        client.enter("@luke is here")
        #expect(said(client) == ["yoda: @luke is here"])
    }
}

extension Request {
    fileprivate var isBroadcast: Bool { if case .broadcast = self { true } else { false } }
}

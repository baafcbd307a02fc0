import ChatProtocol
import Testing

@testable import ChatClient

/// What the screen says about somebody who is blocked, at either end.
@Suite struct BlockingTests {
    private func talking() -> ScreenFixture {
        var client = ScreenFixture.online(width: 100)
        client.converse(with: "luke")
        client.effects = []
        return client
    }

    @Test func aCommandSentTooEarlyBlocksNobody() {
        var client = talking()
        client.enter("/block")
        #expect(client.sent.isEmpty)
        #expect(client.screen().contains("/block USER · Enter again blocks luke"))
        client.type(" yoda")
        client.press(.enter)
        #expect(client.sent.map(\.request) == [.block(UserName("yoda"))])
    }

    @Test func meantItBlocksTheOtherSide() {
        var client = talking()
        client.enter("/block")
        client.press(.enter)
        #expect(client.sent.map(\.request) == [.block(UserName("luke"))])
        client.answer(.block(.success))
        #expect(client.screen().contains("You block luke · /unblock hears luke again"))
        client.enter("/unblock")
        client.answer(.unblock(.success))
        #expect(!client.screen().contains("You block luke"))
        #expect(client.screen().contains("luke · online"))
    }

    @Test func amongEveryoneThereIsNobodyToAskAbout() {
        var client = ScreenFixture.online()
        client.effects = []
        client.enter("/block")
        #expect(client.screen().contains("/block USER"))
        client.press(.enter)
        #expect(client.sent.isEmpty)
    }

    @Test func whoIsRefusedIsNotToldThatMessagesWait() {
        var client = talking()
        client.presence(went: ["luke"])
        client.enter("are you there?")
        client.answer(.message(.userBlocked))
        #expect(client.screen().contains("luke has blocked you: messages are refused"))
        #expect(!client.screen().contains("messages wait"))
        client.enter("and now?")
        client.answer(.message(.success))
        #expect(!client.screen().contains("has blocked you: messages"))
    }
}

import Testing

@testable import ChatClient

@Suite struct ArrangementTests {
    private func talking(width: Int = 80, height: Int = 24) -> ScreenFixture {
        var client = ScreenFixture.online(width: width, height: height)
        client.broadcast(from: "luke", "hello all")
        client.message(from: "yoda", "do or do not")
        return client
    }

    @Test func aZoomedPaneHasTheScreenToItselfAndGivesItBack() {
        var client = talking(height: 12)
        let before = client.screen()
        client.press(.alt(.character("z")))
        #expect(
            client.screen() == """
                 Everyone
                14:02 luke  hello all








                This pane alone · Alt-Z brings the others back              hans@localhost · TLS
                to everyone ▸
                """)
        client.press(.alt(.character("z")), .insert)
        #expect(client.screen() == before)
    }

    @Test func whatComesElsewhereIsCountedWhileZoomed() {
        var client = talking()
        client.press(.alt(.character("z")), .insert)
        client.message(from: "yoda", "there is no try")
        #expect(client.screen().contains("1 unread elsewhere · Alt-A goes there"))
        client.press(.alt(.character("a")))
        #expect(client.screen().contains("there is no try"))
        #expect(!client.screen().contains("hello all"))
    }

    @Test func theDividerMovesAndStaysWherePutThroughSizes() {
        var client = talking()
        #expect(client.model.layout.tabsRow == 10)
        client.press(.alt(.up), .alt(.up), .alt(.up))
        #expect(client.model.layout.tabsRow == 7)
        client.press(.alt(.down))
        #expect(client.model.layout.tabsRow == 8)
        client.resize(width: 40, height: 12)
        client.resize(width: 80, height: 24)
        #expect(client.model.layout.tabsRow == 8)
    }

    @Test func eachPaneKeepsALine() {
        var client = talking()
        for _ in 0..<50 { client.press(.alt(.up)) }
        #expect(client.model.layout.everyone?.height == 1)
        client.press(.alt(.down))
        #expect(client.model.layout.everyone?.height == 2)
        for _ in 0..<50 { client.press(.alt(.down)) }
        #expect(client.model.layout.conversation?.height == 1)
        for width in 20...90 {
            for height in 5...30 {
                client.resize(width: width, height: height)
                #expect(client.lines().count == height)
                if client.model.layout.shape == .full { #expect((client.model.layout.conversation?.height ?? 0) > 0) }
            }
        }
    }

    @Test func withoutConversationsThereIsNothingToDivide() {
        var client = ScreenFixture.online()
        client.press(.alt(.up))
        #expect(client.screen().contains("nothing to divide"))
        #expect(client.model.arrangement.split == nil)
    }
}

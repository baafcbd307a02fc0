import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct SwitcherTests {
    private func candidates(_ names: String...) -> [Switcher.Candidate] {
        names.map { Switcher.Candidate(target: .room(.everyone), name: $0, words: "") }
    }

    @Test func theLikeliestComesFirst() {
        let all = candidates("everyone", "yoda", "lando", "Leia", "obiwan", "landolphin")
        #expect(Switcher.matches("", in: all) == all)
        #expect(Switcher.matches("la", in: all).map(\.name) == ["lando", "landolphin", "Leia"])
        #expect(Switcher.matches("DO", in: all).map(\.name) == ["lando", "landolphin"])
    }

    private func client(width: Int = 80, height: Int = 24) -> ScreenFixture {
        var client = ScreenFixture.online(width: width, height: height, others: ["leia", "luke", "yoda"])
        client.message(from: "yoda", "first")
        client.message(from: "vader", "second")
        return client
    }

    @Test func whatIsUnreadStandsFirstAndTheKindIsSaidInWords() {
        var client = client(height: 18)
        client.press(.control("g"))
        #expect(
            client.screen() == """
                ┌─ Everyone ─────────────────────────────────────────────────────┬─ Online · 4 ┐
                │ No┌─ Go to ──────────────────────────────────────────────┐     │ ● hans      │
                │   │ ▸                                                    │     │ ● leia      │
                │   │ vader                           1 new · conversation │     │ ● luke      │
                │   │ yoda                           conversation · online │     │ ● yoda      │
                │   │ everyone                                    everyone │     │ ○ vader   1 │
                │   │ leia                                          online │     │             │
                ├─[1│ luke                                          online │─────┤             │
                │ 14└──────────────────────────────────────────────────────┘     │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                ├────────────────────────────────────────────────────────────────┴─────────────┤
                │ ↑ ↓ choose · Enter goes there · Esc closes              hans@localhost · TLS │
                │ to everyone ▸                                                                │
                └──────────────────────────────────────────────────────────────────────────────┘
                """)
    }

    @Test func typingFiltersAndEnterOpens() {
        var client = client()
        client.type("half a draft")
        client.press(.control("g"))
        client.type("lu")
        client.press(.enter)
        #expect(client.inputLine() == "")
        #expect(client.model.channel == .direct(UserName("luke") ?? client.model.me!))
        client.press(.control("g"), .enter)
        #expect(client.screen().contains("second"))
        client.press(.control("g"))
        client.type("every")
        client.press(.enter)
        #expect(client.inputLine() == "half a draft")
    }

    @Test func arrowsChooseAndEscapeChangesNothing() {
        var client = client()
        client.press(.control("g"), .down, .up, .up, .down, .enter)
        #expect(client.model.conversations[client.model.active].partner?.text == "yoda")
        let before = client.screen()
        client.press(.control("g"))
        client.type("lei")
        client.press(.escape)
        #expect(client.screen() == before)
    }

    @Test func anUnknownNameOpensNothing() {
        var client = client()
        client.press(.control("g"))
        client.type("nobody")
        client.press(.enter)
        #expect(client.screen().contains("nobody by that name"))
        #expect(client.model.conversations.count == 2)
        #expect(client.sent.isEmpty)
    }

    @Test func itWorksInEverySize() {
        var client = client()
        client.press(.control("g"))
        for width in 0...90 {
            for height in 0...26 {
                client.resize(width: width, height: height)
                let frame = client.frame()
                #expect(frame.rows.count == height)
                if let cursor = frame.cursor { #expect(cursor.row < height && cursor.column < width) }
            }
        }
        client.resize(width: 20, height: 5)
        #expect(client.lines()[1].hasPrefix("vader"))
        client.press(.enter)
        #expect(client.lines()[1].contains("second"))
    }
}

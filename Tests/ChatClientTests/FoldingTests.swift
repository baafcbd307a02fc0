import Testing

@testable import ChatClient

@Suite struct FoldingTests {
    @Test func firstLineAloneHasTimeAndNameWhenItsRuleIsAboveTheScreen() {
        var fixture = ScreenFixture.online(width: 40, height: 12)
        fixture.message(from: "luke", "a conversation, so that there is a divider to move")
        fixture.broadcast(from: "yoda", "line 1")
        fixture.press(.focusOut)
        for number in 2...20 { fixture.broadcast(from: "yoda", "line \(number)") }
        fixture.press(.focusIn, .alt(.character("u")))
        #expect(Array(fixture.lines()[1...2]) == ["│ ─────────────── new ──────────────── │", "│ 14:02 yoda  line 2                   │"])
        // One row less, from the top.
        fixture.press(.alt(.up))
        #expect(Array(fixture.lines()[1...2]) == ["│ 14:02 yoda  line 2                   │", "│             line 3                   │"])
    }
}

import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct DrawingCostTests {
    /// Rows of a log are made anew for what changes them, and for nothing else.
    @Test func aKeyLeavesTheRowsOfALogAsTheyAre() throws {
        var fixture = ScreenFixture.online(width: 120, height: 40)
        fixture.broadcast(from: "yoda", "do or do not")
        _ = fixture.frame()
        let revision = try #require(fixture.model.everyone.log.drawn?.revision)
        fixture.press(.character("x"))
        _ = fixture.frame()
        #expect(fixture.model.everyone.log.drawn?.revision == revision)
        fixture.broadcast(from: "yoda", "there is no try")
        #expect(fixture.frame().text.contains("there is no try"))
        #expect(fixture.model.everyone.log.drawn?.revision != revision)
    }

    @Test func aConversationThatIsNotShownRemembersNoRows() {
        var fixture = ScreenFixture.online(width: 120, height: 40)
        for name in ["yoda", "luke"] {
            fixture.enter("/msg \(name) hello")
            _ = fixture.frame()
        }
        #expect(fixture.model.conversations.map { $0.log.drawn != nil } == [false, true])
    }

    /// A copy of thousands of entries at each draw was what most of the time in a flood went into.
    @Test(arguments: [false, true]) func drawingCopiesNoEntries(ofConversation: Bool) throws {
        var fixture = ScreenFixture.online(width: 120, height: 40)
        if ofConversation { fixture.enter("/msg yoda hello") }
        for number in 1...500 {
            let text = "line \(number) of many"
            if ofConversation { fixture.message(from: "yoda", text) } else { fixture.broadcast(from: "yoda", text) }
        }
        func address() -> UnsafeRawPointer? {
            let log = ofConversation ? fixture.model.conversations[0].log : fixture.model.everyone.log
            return log.entries.withUnsafeBytes { $0.baseAddress }
        }
        let before = try #require(address())
        // Draws lines that were never wrapped, which is noted beside each of them.
        _ = fixture.frame()
        #expect(address() == before)
    }
}

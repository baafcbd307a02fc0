import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct DrawingCostTests {
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

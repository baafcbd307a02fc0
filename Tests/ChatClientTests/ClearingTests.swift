import Testing

@testable import ChatClient

/// /clear hides what is on the screen, and loses nothing.
@Suite struct ClearingTests {
    private func cleared(after lines: Int = 3) -> ScreenFixture {
        var client = ScreenFixture.online()
        for line in 0..<lines { client.broadcast(from: "yoda", "line \(line).") }
        _ = client.screen()
        client.enter("/clear")
        return client
    }

    @Test func thePaneIsEmptyAndSaysWhatBringsItBack() {
        var client = cleared()
        #expect(!client.screen().contains("line 1."))
        #expect(client.screen().contains("Cleared · PgUp brings it back"))
        client.press(.pageUp)
        #expect(client.screen().contains("line 0.") && client.screen().contains("line 2."))
        client.press(.pageDown)
        #expect(client.screen().contains("line 2."))
    }

    @Test func whatIsSaidLaterStandsAlone() {
        var client = cleared()
        client.broadcast(from: "luke", "something new")
        #expect(client.screen().contains("something new"))
        #expect(!client.screen().contains("line 2."))
        #expect(client.line(with: "something new")?.contains("luke") == true)
        client.press(.pageUp)
        #expect(client.screen().contains("line 2.") && client.screen().contains("something new"))
    }

    @Test func aScreenfulLaterScrollingIsAsEver() {
        var client = cleared(after: 60)
        for line in 0..<60 { client.broadcast(from: "luke", "later \(line).") }
        #expect(client.screen().contains("later 59."))
        client.press(.pageUp)
        #expect(!client.screen().contains("later 59."))
    }

    @Test func otherRoomsStayAsTheyAre() {
        var client = cleared()
        client.message(from: "luke", "psst")
        client.press(.function(3))
        #expect(client.screen().contains("psst"))
        client.enter("/clear")
        #expect(!client.screen().contains("psst"))
        client.press(.function(2), .pageUp)
        #expect(client.screen().contains("line 2."))
    }

    @Test func nothingToHideIsNoHarm() {
        var client = ScreenFixture.online()
        client.enter("/clear")
        #expect(client.screen().contains("Nothing said yet."))
    }
}

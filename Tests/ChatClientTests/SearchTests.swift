import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct SearchPatternTests {
    private func found(_ pattern: String, in text: String) -> [String] {
        SearchPattern(pattern)?.ranges(in: text).map { String(text[$0]) } ?? []
    }

    @Test func anUpperCaseLetterMakesCaseMatter() {
        #expect(found("yoda", in: "Yoda and yoda") == ["Yoda", "yoda"])
        #expect(found("Yoda", in: "Yoda and yoda") == ["Yoda"])
        #expect(found("ÄRGER", in: "Ärger, ÄRGER") == ["ÄRGER"])
        #expect(found("ärger", in: "Ärger, ÄRGER") == ["Ärger", "ÄRGER"])
    }

    @Test func matchesDoNotOverlapAndNothingIsFoundByNothing() {
        #expect(found("aa", in: "aaaaa") == ["aa", "aa"])
        #expect(SearchPattern("") == nil)
        #expect(found("x", in: "") == [])
        #expect(found("漢", in: "a漢字漢") == ["漢", "漢"])
    }

    @Test func halfACharacterIsNotFound() {
        #expect(found("e", in: "e\u{301}") == [])
        #expect(found("e", in: "e\u{301}e") == ["e"])
        #expect(found("é", in: "e\u{301}") == ["e\u{301}"])
    }
}

@Suite struct SearchTests {
    private func client(width: Int = 60, height: Int = 14) -> ScreenFixture {
        var client = ScreenFixture.online(width: width, height: height)
        for number in 0..<40 { client.broadcast(from: "luke", number % 10 == 3 ? "The droid number \(number)" : "line \(number)") }
        return client
    }

    @Test func itFindsAsOneTypesAndCountsFromTheNewest() {
        var client = client()
        client.type("a draft")
        client.press(.control("s"))
        #expect(client.screen().contains("Type what to look for"))
        client.type("droid")
        #expect(client.screen().contains("The droid number 33"))
        #expect(client.screen().contains("1 of 4 · ↑ older ↓ newer"))
        #expect(client.inputLine() == "droid")
        client.press(.control("s"), .up)
        #expect(client.screen().contains("The droid number 13"))
        #expect(client.screen().contains("3 of 4"))
        client.press(.down)
        #expect(client.screen().contains("The droid number 23"))
        client.press(.up, .up, .up)
        #expect(client.screen().contains("The oldest of 4"))
        #expect(client.screen().contains("The droid number 3"))
    }

    @Test func enterStaysAndEscapeGoesBackToWhereOneWas() {
        var client = client()
        client.type("a draft")
        let before = client.screen()
        client.press(.control("s"))
        client.type("number 13")
        #expect(client.screen() != before)
        client.press(.escape)
        #expect(client.screen() == before)
        client.press(.control("s"))
        client.type("number 13")
        client.press(.enter)
        #expect(client.screen().contains("The droid number 13"))
        #expect(client.inputLine() == "a draft")
        #expect(client.sent.isEmpty)
    }

    @Test func whatIsFoundIsHighlighted() throws {
        var client = client()
        client.press(.control("s"))
        client.type("DROID")
        #expect(client.screen().contains("Not found here"))
        client.press(.control("u"))
        client.type("droid")
        let frame = client.frame()
        let row = try #require(frame.lines.firstIndex { $0.contains("number 33") })
        let place = try #require(frame.rows[row].indices.first { frame.rows[row][$0].style.attributes.contains(.reverse) })
        #expect(String(frame.rows[row][place..<place + 5].map(\.text)) == "droid")
        #expect(!frame.rows[row][place + 5].style.attributes.contains(.reverse))
        client.press(.escape)
        #expect(client.frame().rows.joined().allSatisfy { !$0.style.attributes.contains(.reverse) })
    }

    @Test func aMatchDeepInALongMessageIsShown() {
        var client = client()
        client.broadcast(from: "luke", (0..<100).map { $0 == 50 ? "needle" : "hay" }.joined(separator: "\n"))
        client.press(.control("s"))
        client.type("needle")
        #expect(client.lines()[1...5].contains { $0.contains("needle") })
    }

    @Test func atTheOldestMatchThePageBeforeIsAskedFor() {
        var client = client()
        client.effects = []
        client.model.everyone.history = RoomHistory(want: nil, before: HistoryPlace(received: 5, sent: 5), hasBegun: true)
        client.model.historyLoad = nil
        client.press(.control("s"))
        client.type("droid")
        client.press(.up, .up, .up, .up)
        #expect(client.sent.contains { if case .history = $0.request { true } else { false } })
        #expect(client.screen().contains("looking further back"))
    }

    @Test func itWorksInEverySize() {
        var client = client()
        client.press(.control("s"))
        client.type("droid")
        for width in 0...70 {
            for height in 0...20 {
                client.resize(width: width, height: height)
                client.press(.up)
                let frame = client.frame()
                if let cursor = frame.cursor { #expect(cursor.row < height && cursor.column < width) }
            }
        }
    }
}

@Suite struct RecallTests {
    private func client() -> ScreenFixture {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "hello")
        client.enter("to all of you")
        client.press(.alt(.character("1")))
        client.enter("first to yoda")
        client.enter("second to yoda")
        client.press(.function(2))
        client.effects = []
        return client
    }

    @Test func linesOfAllRoomsAreFoundTheRoomAtHandFirst() {
        var client = client()
        client.press(.control("r"))
        client.type("to")
        #expect(client.inputLine() == "to all of you")
        client.press(.control("r"))
        #expect(client.inputLine() == "second to yoda")
        client.press(.up)
        #expect(client.inputLine() == "first to yoda")
        client.press(.up)
        #expect(client.screen().contains("Nothing older"))
        client.press(.down)
        #expect(client.inputLine() == "second to yoda")
    }

    @Test func enterTakesTheLineAndSendsNothing() {
        var client = client()
        client.type("draft")
        client.press(.control("r"))
        client.type("first")
        client.press(.enter)
        #expect(client.model.room.editor.text == "first to yoda")
        #expect(client.sent.isEmpty)
        client.press(.control("_"))
        #expect(client.model.room.editor.text == "draft")
    }

    @Test func escapeBringsTheDraftBackAndOtherKeysEditTheLine() {
        var client = client()
        client.type("draft")
        client.press(.control("r"))
        client.type("sec")
        client.press(.escape)
        #expect(client.inputLine() == "draft")
        client.press(.control("r"))
        client.type("sec")
        client.press(.control("a"), .character("x"))
        #expect(client.inputLine() == "xsecond to yoda")
    }

    @Test func whatIsNowhereIsNotFound() {
        var client = client()
        client.press(.control("r"))
        client.type("nowhere")
        #expect(client.screen().contains("Not found"))
        client.press(.enter)
        #expect(client.inputLine() == "")
    }
}

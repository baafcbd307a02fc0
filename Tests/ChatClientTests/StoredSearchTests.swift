import ChatProtocol
import Testing

@testable import ChatClient

/// Searching beyond what is loaded, with the store played by the test.
@Suite struct StoredSearchTests {
    private let yoda: UserName

    init() throws { yoda = try #require(UserName("yoda")) }

    private func line(_ text: String, _ sequence: UInt64, secondsAgo: Double, _ client: ScreenFixture) -> StoredLine {
        let time = client.now.wall.advanced(bySeconds: -secondsAgo)
        return StoredLine(
            place: StoredLine.place(of: time), channel: .everyone, sender: yoda, text: text, time: time,
            receipt: .init(sequence: sequence, time: time))
    }

    /// Logged in, with one line that is loaded.
    private func client() -> ScreenFixture {
        var client = ScreenFixture.stored()
        client.model.everyone.history.want = nil
        client.model.historyLoad = nil
        client.broadcast(from: "luke", "a droid that is loaded")
        client.effects = []
        return client
    }

    private func searches(_ client: ScreenFixture) -> [HistorySearch] {
        client.deeds.compactMap { if case .search(let search) = $0 { search } else { nil } }
    }

    private func find(_ words: String, _ client: inout ScreenFixture) {
        client.press(.control("s"))
        client.type(words)
    }

    @Test func theStoreIsAskedForWhatIsTypedAndItsHitsComeBehindTheLoadedOnes() throws {
        var client = client()
        find("droid", &client)
        #expect(client.screen().contains("1 of 1+"))
        let search = try #require(searches(client).last)
        #expect(search.words == "droid" && search.channel == .everyone && search.before == .max)
        let hits = [line("a droid of old", 2, secondsAgo: 1e6, client), line("the first droid", 1, secondsAgo: 2e6, client)]
        client.update(.history(.found(search, hits, isAll: true)))
        #expect(client.screen().contains("1 of 3 · ↑"))
        #expect(client.screen().contains("a droid that is loaded"))
        client.press(.up)
        #expect(client.screen().contains("2 of 3 · stored"))
        #expect(client.deeds.contains(.page(HistoryPageRequest(.everyone, .around, hits[0].place))))
    }

    @Test func anAnswerToAQueryThatWasOvertakenIsDropped() throws {
        var client = client()
        find("dr", &client)
        let old = try #require(searches(client).last)
        client.type("oid")
        client.update(.history(.found(old, [line("dregs", 2, secondsAgo: 1e6, client)], isAll: true)))
        #expect(client.screen().contains("1 of 1+"))
        let search = try #require(searches(client).last)
        client.press(.escape)
        client.update(.history(.found(search, [line("a droid of old", 2, secondsAgo: 1e6, client)], isAll: true)))
        #expect(client.model.overlay == nil)
        #expect(!client.model.everyone.past.isShown)
    }

    @Test func whatIsLoadedIsNotFoundTwice() throws {
        var client = client()
        find("droid", &client)
        let search = try #require(searches(client).last)
        var loaded = line("a droid that is loaded", client.lastSequence, secondsAgo: 0, client)
        loaded.sender = UserName("luke")
        client.update(.history(.found(search, [loaded], isAll: true)))
        #expect(client.screen().contains("1 of 1 · ↑"))
    }

    @Test func aHitIsShownWithWhatWasSaidAroundItAndOneComesBack() throws {
        var client = client()
        find("seagull", &client)
        #expect(client.screen().contains("Looking in the stored history"))
        let search = try #require(searches(client).last)
        let lines = (1...30).map { line($0 == 15 ? "a seagull flies" : "stored \($0).", UInt64($0), secondsAgo: 1e6 - Double($0), client) }
        client.update(.history(.found(search, [lines[14]], isAll: true)))
        let request = HistoryPageRequest(.everyone, .around, lines[14].place)
        client.update(.history(.page(request, HistoryPage(lines: lines, isFirst: false, isLast: false))))
        #expect(client.screen().contains("a seagull flies") && client.screen().contains("stored 14."))
        #expect(client.screen().contains("1 of 1 · stored"))
        // Enter stays; what comes meanwhile is unread, and does not move what is read.
        client.press(.enter)
        client.broadcast(from: "luke", "live")
        #expect(client.screen().contains("a seagull flies") && !client.screen().contains("live"))
        #expect(client.model.everyone.log.unread == 1)
        client.press(.alt(.end))
        #expect(client.screen().contains("live") && !client.screen().contains("seagull"))
        #expect(client.model.everyone.log.unread == 0)
    }

    @Test func theWindowGrowsAtItsEdgesAndEndsWhereTheLoadedLinesBegin() throws {
        var client = client()
        find("seagull", &client)
        let search = try #require(searches(client).last)
        let lines = (1...60).map { line($0 == 30 ? "a seagull flies" : "stored \($0).", UInt64($0), secondsAgo: 1e6 - Double($0), client) }
        client.update(.history(.found(search, [lines[29]], isAll: true)))
        client.update(
            .history(
                .page(
                    HistoryPageRequest(.everyone, .around, lines[29].place),
                    HistoryPage(lines: Array(lines[20..<40]), isFirst: false, isLast: false))))
        client.press(.enter)
        client.press(.pageUp, .pageUp, .pageUp)
        let older = HistoryPageRequest(.everyone, .before, lines[20].place)
        #expect(client.deeds.last == .page(older))
        client.update(.history(.page(older, HistoryPage(lines: Array(lines[..<20]), isFirst: true, isLast: false))))
        client.press(.alt(.home))
        #expect(client.screen().contains("stored 1."))
        for _ in 0..<20 { client.press(.pageDown) }
        let newer = HistoryPageRequest(.everyone, .after, lines[39].place)
        #expect(client.deeds.last == .page(newer))
        client.update(.history(.page(newer, HistoryPage(lines: Array(lines[40...]), isFirst: false, isLast: true))))
        for _ in 0..<20 { client.press(.pageDown) }
        #expect(!client.model.everyone.past.isShown)
        #expect(client.screen().contains("a droid that is loaded"))
    }

    @Test func whereTheStoreEndsTheServerIsAsked() throws {
        var client = client()
        find("seagull", &client)
        let search = try #require(searches(client).last)
        client.update(.history(.found(search, [], isAll: true)))
        #expect(client.screen().contains("↑ asks the server"))
        client.press(.up)
        let oldest = line("the oldest", 40, secondsAgo: 1e6, client)
        client.update(
            .history(.page(HistoryPageRequest(.everyone, .after, .min), HistoryPage(lines: [oldest], isFirst: true, isLast: true))))
        #expect(client.historyQueries.last?.before?.received == 40)
        let time = client.now.wall.advanced(bySeconds: -2e6)
        try client.answerHistory(with: nil, [.init(from: yoda, text: "a seagull of old", receipt: .init(sequence: 7, time: time))])
        #expect(client.kept.last?.text == "a seagull of old")
        #expect(!client.model.everyone.log.entries.contains { $0.text.contains("seagull") })
        let again = try #require(searches(client).last)
        let hit = line("a seagull of old", 7, secondsAgo: 2e6, client)
        client.update(.history(.found(again, [hit], isAll: true)))
        #expect(client.screen().contains("1 of 1 · stored"))
        client.press(.up)
        #expect(client.screen().contains("the server has nothing older"))
    }

    @Test func inAPrivateRoomTheServerIsNotOffered() throws {
        var client = client()
        let room = client.model.conversation(on: .private(yoda))
        client.model.open(room)
        find("seagull", &client)
        let search = try #require(searches(client).last)
        #expect(search.channel == .private(yoda))
        client.update(.history(.found(search, [], isAll: true)))
        #expect(client.screen().contains("Not found here or in the stored history") && !client.screen().contains("asks the server"))
        client.effects = []
        client.press(.up)
        let screen = client.screen()
        #expect(client.historyQueries.isEmpty && client.deeds.isEmpty)
        #expect(!screen.contains("Asking the server") && !screen.contains("the server has"))
    }

    @Test func aHitThatIsNotAsTypedStandsOutAsAWhole() throws {
        var client = client()
        find("flies seagull", &client)
        let search = try #require(searches(client).last)
        let hit = line("a seagull flies", 1, secondsAgo: 1e6, client)
        client.update(.history(.found(search, [hit], isAll: true)))
        client.update(
            .history(.page(HistoryPageRequest(.everyone, .around, hit.place), HistoryPage(lines: [hit], isFirst: true, isLast: false))))
        let frame = client.frame()
        let row = try #require(frame.lines.firstIndex { $0.contains("a seagull flies") })
        #expect(frame.rows[row].count { $0.style.attributes.contains(.reverse) } == "a seagull flies".count)
    }

    @Test func itWorksInEverySize() throws {
        var client = client()
        find("s", &client)
        let search = try #require(searches(client).last)
        let lines = (1...50).map { line("stored \($0).", UInt64($0), secondsAgo: 1e6 - Double($0), client) }
        client.update(.history(.found(search, lines.reversed(), isAll: false)))
        let newest = try #require(lines.last)
        client.update(
            .history(.page(HistoryPageRequest(.everyone, .around, newest.place), HistoryPage(lines: lines, isFirst: true, isLast: false))))
        for width in stride(from: 0, to: 90, by: 3) {
            for height in 0...20 {
                client.resize(width: width, height: height)
                client.press(height % 2 == 0 ? .up : .down)
                let frame = client.frame()
                if let cursor = frame.cursor { #expect(cursor.row < height && cursor.column < width) }
            }
        }
    }
}

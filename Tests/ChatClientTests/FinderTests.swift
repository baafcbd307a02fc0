import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct FinderTests {
    private let yoda: UserName

    init() throws { yoda = try #require(UserName("yoda")) }

    private func line(_ text: String, _ number: Int, in channel: Channel, _ client: ScreenFixture) -> StoredLine {
        let time = client.now.wall.advanced(bySeconds: -1e6 - Double(number))
        return StoredLine(
            place: StoredLine.place(of: time), channel: channel, sender: yoda, text: text, time: time,
            receipt: .init(sequence: UInt64(1_000_000 - number), time: time))
    }

    private func searches(_ client: ScreenFixture) -> [HistorySearch] {
        client.deeds.compactMap { if case .search(let search) = $0 { search } else { nil } }
    }

    @Test func itListsWhatIsStoredEverywhereAndEnterGoesThere() throws {
        var client = ScreenFixture.stored()
        client.enter("/search seagull flies")
        #expect(client.inputLine().hasPrefix("seagull flies "))
        let search = try #require(searches(client).last)
        #expect(search.channel == nil && search.words == "seagull flies")
        let hits = [line("the seagull flies", 1, in: .everyone, client), line("no seagull flies here", 2, in: .direct(yoda), client)]
        client.update(.history(.found(search, hits, isAll: true)))
        #expect(client.screen().contains("yoda: the seagull flies"))
        #expect(client.screen().contains("yoda → me: no seagull flies here"))
        #expect(client.screen().contains("1 of 2"))
        client.press(.up, .enter)
        #expect(client.model.channel == .direct(yoda))
        let request = HistoryPageRequest(.direct(yoda), .around, hits[1].place)
        #expect(client.deeds.contains(.page(request)))
        client.update(.history(.page(request, HistoryPage(lines: [hits[1]], isFirst: true, isLast: false))))
        #expect(client.screen().contains("no seagull flies here"))
        #expect(client.model.overlay == nil)
        // It is marked until something else is done.
        client.press(.pageUp)
        #expect(client.model.foundEntry?.text == "no seagull flies here")
        #expect(client.model.highlight(in: .direct(yoda)) != nil)
        client.type("x")
        #expect(client.model.highlight(in: .direct(yoda)) == nil)
    }

    @Test func typingAsksAnewAndTheEndOfTheListForMore() throws {
        var client = ScreenFixture.stored()
        client.enter("/search")
        #expect(searches(client).isEmpty)
        client.type("sea")
        #expect(searches(client).map(\.words) == ["s", "se", "sea"])
        let first = searches(client)[0]
        client.update(.history(.found(first, [line("stale", 1, in: .everyone, client)], isAll: true)))
        #expect(!client.screen().contains("stale"))
        let search = try #require(searches(client).last)
        let hits = (1...3).map { line("sea \($0)", $0, in: .everyone, client) }
        client.update(.history(.found(search, hits, isAll: false)))
        client.press(.up, .up)
        #expect(searches(client).last?.before == hits[2].place)
        let more = try #require(searches(client).last)
        client.update(.history(.found(more, [line("sea 4", 4, in: .everyone, client)], isAll: true)))
        #expect(client.screen().contains("3 of 4 ·") && client.screen().contains("sea 4"))
    }

    @Test func whatIsOlderIsAboveAsWhereItWasSaid() throws {
        var client = ScreenFixture.stored()
        client.enter("/search sea")
        let search = try #require(searches(client).last)
        client.update(.history(.found(search, (1...3).map { line("sea \($0)", $0, in: .everyone, client) }, isAll: true)))
        let rows = client.lines()
        let places = try ["sea 3", "sea 2", "sea 1", "▸ sea"].map { text in try #require(rows.firstIndex { $0.contains(text) }) }
        #expect(places == places.sorted())
        client.press(.control("s"))
        #expect(client.screen().contains("2 of 3"))
        client.press(.up)
        #expect(client.screen().contains("3 of 3"))
        client.press(.down, .down, .down)
        #expect(client.screen().contains("1 of 3"))
    }

    @Test func theListIsBounded() throws {
        var client = ScreenFixture.stored()
        client.enter("/search sea")
        var number = 0
        while let search = searches(client).last, number < search.limit + FoundLines.bound {
            let hits = (0..<search.limit).map { line("sea", number + $0, in: .everyone, client) }
            number += hits.count
            let before = searches(client).count
            client.update(.history(.found(search, hits, isAll: false)))
            for _ in 0..<search.limit { client.press(.up) }
            if searches(client).count == before { break }
        }
        #expect(number == FoundLines.bound)
        #expect(client.screen().contains("\(FoundLines.bound) of \(FoundLines.bound)+"))
    }

    @Test func itWorksInEverySize() throws {
        var client = ScreenFixture.stored()
        client.enter("/search sea")
        let search = try #require(searches(client).last)
        client.update(.history(.found(search, (1...40).map { line("sea 漢字 \($0)", $0, in: .everyone, client) }, isAll: true)))
        for width in stride(from: 0, to: 130, by: 3) {
            for height in 0...26 {
                client.resize(width: width, height: height)
                client.press(.up)
                let frame = client.frame()
                if let cursor = frame.cursor { #expect(cursor.row < height && cursor.column < width) }
            }
        }
    }

    @Test func withoutAHistoryItIsRefused() {
        var client = ScreenFixture.online()
        client.enter("/search x")
        #expect(client.screen().contains("There is no local history"))
    }
}

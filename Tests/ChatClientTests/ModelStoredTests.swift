import ChatProtocol
import Testing

@testable import ChatClient

/// What goes into the local history and what comes back from it, with the store played by the test.
@Suite struct ModelStoredTests {
    private let yoda: UserName
    private let hans: UserName

    init() throws {
        yoda = try #require(UserName("yoda"))
        hans = try #require(UserName("hans"))
    }

    private func line(
        _ text: String, _ sequence: UInt64?, from sender: String? = "yoda", in channel: Channel = .everyone, secondsAgo: Double,
        _ client: ScreenFixture
    ) -> StoredLine {
        let time = client.now.wall.advanced(bySeconds: -secondsAgo)
        return StoredLine(
            place: StoredLine.place(of: time), channel: channel, sender: sender.flatMap { UserName($0) }, text: text, time: time,
            receipt: sequence.map { .init(sequence: $0, time: time) })
    }

    // MARK: Into it

    @Test func whatIsSaidIsKeptOnceTheServerHasIt() throws {
        var client = ScreenFixture.stored()
        client.broadcast(from: "luke", "to all")
        client.message(from: "yoda", "to you")
        client.converse(with: "yoda")
        client.enter("to yoda")
        #expect(client.kept.map(\.text) == ["to all", "to you"])
        client.answer(.message(.success, .init(sequence: 9, time: client.now.wall)))
        let own = try #require(client.kept.last)
        #expect(own.text == "to yoda" && own.sender == nil && own.channel == .direct(yoda) && own.delivery == .sent)
        client.event(.delivered(to: yoda, through: 9))
        #expect(client.deeds.last == .delivered(.direct(yoda), through: 9))
        client.enter("refused")
        client.answer(.message(.userBlocked, nil))
        #expect(!client.kept.contains { $0.text == "refused" })
    }

    /// Alt-1 is whoever it was yesterday.
    @Test func restoredConversationsKeepTheirNumbersWhoeverSpokeLast() throws {
        var client = ScreenFixture.stored(restores: false)
        // What waited at the server may come before what is stored.
        client.message(from: "r2d2", "beep", secondsAgo: 100)
        client.message(from: "luke", "hi", secondsAgo: 100)
        let luke = try #require(UserName("luke"))
        let leia = try #require(UserName("leia"))
        let rooms = [yoda, luke, leia].map { user in
            (Channel.direct(user), [line("before", 1, in: .direct(user), secondsAgo: 9000, client)])
        }
        client.restore(rooms, begun: [7, 3, 5])
        let names = { (client: ScreenFixture) in client.model.conversations.compactMap(\.partner?.text) }
        #expect(names(client) == ["luke", "leia", "yoda", "r2d2"])
        #expect(client.line(with: "[4 r2d2]") != nil, "what was shown is still shown")
        client.message(from: "vader", "me, too")
        #expect(names(client) == ["luke", "leia", "yoda", "r2d2", "vader"])
        client = .stored(restores: false)
        client.restore(rooms, begun: [7, 3, 5])
        #expect(client.line(with: "[3 yoda]") != nil, "the liveliest is shown")
    }

    @Test func nothingIsKeptWhenItIsTurnedOff() {
        var client = ScreenFixture.stored()
        client.enter("/set history off")
        client.broadcast(from: "luke", "to all")
        #expect(client.kept.isEmpty)
        client.enter("/set history on")
        #expect(client.deeds.contains { if case .open = $0 { true } else { false } })
        client.broadcast(from: "luke", "again to all")
        #expect(client.kept.map(\.text) == ["again to all"])
    }

    @Test func withoutAStoreNothingIsAskedOfIt() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "to all")
        client.enter("/forget")
        #expect(client.deeds.isEmpty)
        #expect(client.screen().contains("keeps no history"))
    }

    @Test func whatTheServerRemembersIsKeptToo() throws {
        var client = ScreenFixture.stored()
        let time = client.now.wall.advanced(bySeconds: -60)
        try client.answerHistory(
            with: nil, [.init(from: yoda, text: "missed", receipt: .init(sequence: 3, time: time))])
        #expect(client.kept.map(\.text) == ["missed"])
        #expect(client.kept.map(\.time) == [time])
    }

    // MARK: Out of it

    @Test func atLoginTheLastLinesAreThereAndTheServerIsAskedAfterwards() {
        var client = ScreenFixture.stored(restores: false)
        #expect(client.sent.allSatisfy { if case .history = $0.request { false } else { true } })
        client.restore([
            (.everyone, [line("said to all", 1, secondsAgo: 500, client), line("mine", 2, from: nil, secondsAgo: 400, client)]),
            (.direct(yoda), [line("said to you", 7, in: .direct(yoda), secondsAgo: 300, client)]),
        ])
        #expect(client.screen().contains("said to all"))
        #expect(client.screen().contains("said to you"))
        #expect(client.model.conversations.map(\.channel) == [.direct(yoda)])
        #expect(client.model.conversations[0].log.unread == 0)
        #expect(client.sent.contains { if case .history = $0.request { true } else { false } })
    }

    @Test func noLineIsThereTwiceAndNewOnesAreMarked() throws {
        var client = ScreenFixture.stored(restores: false)
        client.broadcast(from: "luke", "live")
        let old = line("old", 1, secondsAgo: 500, client)
        client.restore([(.everyone, [old])])
        let live = try #require(client.kept.first?.receipt)
        try client.answerHistory(
            with: nil,
            [
                .init(from: yoda, text: "old", receipt: try #require(old.receipt)),
                .init(from: yoda, text: "missed", receipt: .init(sequence: 2, time: client.now.wall.advanced(bySeconds: -100))),
                .init(from: try #require(UserName("luke")), text: "live", receipt: live),
            ])
        #expect(client.model.everyone.log.entries.filter { $0.speaker != nil }.map(\.text) == ["old", "missed", "live"])
        let lines = client.lines()
        let mark = try #require(lines.firstIndex { $0.contains("─ new ─") })
        #expect(lines[mark - 1].contains("old") && lines[mark + 1].contains("missed"))
    }

    @Test func aServerThatCountsAnewTakesNothingAway() {
        var client = ScreenFixture.stored(restores: false)
        client.restore([(.everyone, [line("from its first life", 1, from: "luke", secondsAgo: 500, client)])])
        client.broadcast(from: "luke", "from its second")
        #expect(client.model.everyone.log.entries.map(\.text) == ["from its first life", "from its second"])
    }

    @Test func aGapBetweenTheStoreAndTheServersNewestPageIsFilled() throws {
        var client = ScreenFixture.stored(restores: false)
        let old = line("old", 1, secondsAgo: 5000, client)
        client.restore([(.everyone, [old])])
        func said(_ sequence: UInt64) -> Reply.HistoryMessage {
            .init(
                from: yoda, text: "n\(sequence).",
                receipt: .init(sequence: sequence, time: client.now.wall.advanced(bySeconds: Double(sequence) - 1000)))
        }
        try client.answerHistory(with: nil, (51...100).map(said), before: HistoryPlace(received: 51, sent: 51))
        client.effects = client.effects.filter { if case .link = $0 { true } else { false } }
        try client.answerHistory(with: nil, (2...50).map(said), before: HistoryPlace(received: 2, sent: 2))
        try client.answerHistory(with: nil, [.init(from: yoda, text: "old", receipt: #require(old.receipt))])
        #expect(client.model.everyone.log.entries.map(\.text) == ["old"] + (2...100).map { "n\($0)." })
        #expect(client.historyQueries.map(\.before?.received) == [nil, 51, 2])
        client.press(.alt(.character("u")))
        #expect(client.lines()[1].contains("─ new ─"))
    }

    @Test func goingUpReadsTheStoreFirstAndThenTheServer() throws {
        var client = ScreenFixture.stored(restores: false)
        let newest = (51...100).map { line("stored \($0).", $0, secondsAgo: 3000 - Double($0), client) }
        client.restore([(.everyone, newest)], isFirst: false)
        try client.answerHistory(
            with: nil, newest.suffix(10).map { .init(from: yoda, text: $0.text, receipt: try #require($0.receipt)) },
            before: HistoryPlace(received: 91, sent: 91))
        client.effects = []
        client.press(.alt(.home))
        let request = HistoryPageRequest(.everyone, .before, newest[0].place)
        #expect(client.deeds == [.page(request)])
        #expect(client.historyQueries.isEmpty)
        let older = (11...50).map { line("stored \($0).", $0, secondsAgo: 3000 - Double($0), client) }
        client.update(.history(.page(request, HistoryPage(lines: older, isFirst: true, isLast: false))))
        #expect(client.historyQueries.isEmpty)
        client.press(.alt(.home))
        #expect(client.line(with: "stored 11.") != nil)
        #expect(client.historyQueries.map(\.before?.received) == [11])
    }

    @Test func aConversationThatIsOpenedBringsWhatIsStored() throws {
        var client = ScreenFixture.stored()
        try client.answerHistory(with: nil, [])
        client.converse(with: "yoda")
        let request = HistoryPageRequest(.direct(yoda), .before, .max)
        #expect(client.deeds.contains(.page(request)))
        let stored = line("long ago", 4, in: .direct(yoda), secondsAgo: 1_000_000, client)
        client.update(.history(.page(request, HistoryPage(lines: [stored], isFirst: true, isLast: false))))
        #expect(client.screen().contains("long ago"))
        #expect(client.historyQueries.last?.with == yoda)
    }

    @Test func aLostStoreIsSaidOnceAndTheServerIsAsked() {
        var client = ScreenFixture.stored(restores: false)
        client.update(.history(.lost("There is no local history in this run: disk full")))
        #expect(client.screen().contains("disk full"))
        #expect(client.historyQueries.count == 1)
        client.broadcast(from: "luke", "goes on")
        #expect(client.kept.isEmpty)
        #expect(client.screen().contains("goes on"))
    }

    @Test func theHistoryOfAnotherAccountIsAnother() throws {
        var client = ScreenFixture.stored()
        client.broadcast(from: "luke", "for hans")
        client.event(.bye(.removed))
        client.model.login.name.set("yoda")
        client.effects = []
        client.enter("wise")
        client.update(.link(.linkOpened(.tlsVerified)))
        var welcome = try #require(client.welcomeFields())
        welcome.name = yoda
        client.answer(.login(.success, welcome))
        #expect(client.deeds.contains { if case .open(yoda, _) = $0 { true } else { false } })
        client.update(.history(.restored(.init(account: hans, rooms: []))))
        #expect(client.model.store.state == .opening)
    }

    // MARK: Forgetting

    @Test func forgettingIsAskedTwiceAndGoesFromScreenAndDisk() throws {
        var client = ScreenFixture.stored()
        client.message(from: "yoda", "to be forgotten")
        client.press(.function(3))
        client.enter("/forget")
        #expect(client.screen().contains("Enter again removes what is stored of yoda"))
        #expect(client.screen().contains("to be forgotten"))
        client.press(.enter)
        #expect(!client.screen().contains("to be forgotten"))
        var forgotten: [Channel?] = []
        for deed in client.deeds {
            guard case .forget(let channel, _, _, let ticket) = deed else { continue }
            forgotten.append(channel)
            client.update(.history(.forgotten(ticket, .lines(1))))
        }
        #expect(forgotten == [.direct(yoda), .private(yoda)])
        #expect(client.screen().contains("2 stored lines are removed"))
        // What the server remembers does not bring it back; what comes now is kept.
        client.pass(seconds: 5)
        client.message(from: "yoda", "a new beginning")
        #expect(client.screen().contains("a new beginning"))
        #expect(client.kept.last?.text == "a new beginning")
    }

    @Test func everythingIsForgottenWithOneWordWhenItIsConfirmed() {
        var client = ScreenFixture.stored()
        client.message(from: "yoda", "one thing")
        client.broadcast(from: "luke", "another")
        client.enter("/forget all yes")
        #expect(client.deeds.contains { if case .forget(nil, _, _, _) = $0 { true } else { false } })
        #expect(!client.screen().contains("one thing") && !client.screen().contains("another"))
    }

    @Test func forgottenLinesDoNotComeBackFromTheServer() throws {
        var client = ScreenFixture.stored(restores: false)
        let before = client.now.wall.advanced(bySeconds: -100)
        client.update(
            .history(
                .restored(
                    .init(
                        account: hans,
                        rooms: [.init(channel: .everyone, page: HistoryPage(lines: [], isFirst: true, isLast: true, forgotten: before))]))))
        try client.answerHistory(
            with: nil,
            [
                .init(from: yoda, text: "forgotten", receipt: .init(sequence: 1, time: before)),
                .init(from: yoda, text: "later", receipt: .init(sequence: 2, time: before.advanced(bySeconds: 1))),
            ])
        #expect(client.model.everyone.log.entries.map(\.text) == ["later"])
    }

    /// The mark may be that of somebody else.
    @Test func whatIsStoredIsShownWhateverTheMarkSays() {
        var client = ScreenFixture.stored(restores: false)
        let page = HistoryPage(
            lines: [line("stored", 1, secondsAgo: 200, client)], isFirst: true, isLast: true,
            forgotten: client.now.wall.advanced(bySeconds: -100))
        client.update(.history(.restored(.init(account: hans, rooms: [.init(channel: .everyone, page: page)]))))
        #expect(client.model.everyone.log.entries.map(\.text) == ["stored"])
    }

    @Test func aPageThatWasOnItsWayDoesNotBringBackWhatIsForgotten() {
        var client = ScreenFixture.stored(restores: false)
        client.enter("/forget everyone yes")
        client.restore([(.everyone, [line("gone", 1, secondsAgo: 200, client)])])
        #expect(!client.model.everyone.log.entries.contains { $0.text == "gone" })
    }
}

/// What could not be kept when it was said.
@Suite struct StoredGapTests {
    private let yoda: UserName

    init() throws { yoda = try #require(UserName("yoda")) }

    private func said(_ sequence: UInt64, _ client: ScreenFixture) -> StoredLine {
        let time = client.now.wall.advanced(bySeconds: Double(sequence) - 1000)
        return StoredLine(
            place: StoredLine.place(of: time), channel: .everyone, sender: yoda, text: "said \(sequence)", time: time,
            receipt: .init(sequence: sequence, time: time))
    }

    private func messages(_ numbers: ClosedRange<UInt64>, _ client: ScreenFixture) -> [Reply.HistoryMessage] {
        numbers.map { said($0, client) }.compactMap { line in line.receipt.map { .init(from: yoda, text: line.text, receipt: $0) } }
    }

    private func restored(_ numbers: [UInt64], _ gap: HistoryGap) throws -> ScreenFixture {
        var client = ScreenFixture.stored(restores: false)
        let page = HistoryPage(lines: numbers.map { said($0, client) }, isFirst: true, isLast: true, gap: gap)
        let room = HistoryNews.Restored.Room(channel: .everyone, page: page)
        client.update(.history(.restored(.init(account: try #require(UserName("hans")), rooms: [room]))))
        try client.answerHistory(with: nil, messages(8...9, client))
        return client
    }

    private func gap(_ numbers: ClosedRange<UInt64>, _ client: ScreenFixture) throws -> HistoryGap {
        var gap = try #require(HistoryGap(said(numbers.lowerBound, client)))
        gap.formUnion(try #require(HistoryGap(said(numbers.upperBound, client))))
        return gap
    }

    @Test func aGapIsFetchedFromTheServerPageByPageAndClosed() throws {
        let gap = try gap(3...6, ScreenFixture.stored())
        var client = try restored([1, 2, 7, 8, 9], gap)
        #expect(client.historyQueries.map(\.before) == [nil, HistoryPlace(received: 7, sent: 1)])
        let next = HistoryPlace(received: 5, sent: 1)
        try client.answerHistory(with: nil, messages(5...6, client), before: next)
        #expect(client.historyQueries.last?.before == next)
        #expect(!client.deeds.contains(.filled(gap)))
        try client.answerHistory(with: nil, messages(2...4, client), before: HistoryPlace(received: 2, sent: 1))
        #expect(client.kept.map(\.text) == ["said 8", "said 9", "said 5", "said 6", "said 2", "said 3", "said 4"])
        #expect(client.deeds.last == .filled(gap))
        #expect(client.model.everyone.log.entries.filter { $0.speaker != nil }.map(\.text) == (1...9).map { "said \($0)" })
        #expect(client.historyQueries.count == 3)
    }

    @Test func whatTheServerHasNoMoreIsSaidToBeMissing() throws {
        let gap = try gap(3...6, ScreenFixture.stored())
        var client = try restored([1, 2, 7, 8, 9], gap)
        try client.answerHistory(with: nil, messages(5...6, client))
        #expect(client.deeds.last == .filled(gap))
        #expect(client.screen().contains("Here lines are missing"))
    }
}

extension ScreenFixture {
    /// Logged in as hans, with a local history that has nothing yet.
    static func stored(restores: Bool = true) -> ScreenFixture {
        var client = ScreenFixture()
        client.model.options.hasHistory = true
        client.enter("falcon")
        client.welcome()
        client.event(.presence(.init(online: ["luke", "yoda"].compactMap { UserName($0) }, isReset: true)))
        if restores {
            client.restore([])
            client.effects = client.effects.filter { if case .link = $0 { true } else { false } }
        }
        return client
    }

    /// - Parameter begun: in which order the rooms were begun, by their places.
    mutating func restore(_ rooms: [(Channel, [StoredLine])], isFirst: Bool = true, begun: [Int64] = []) {
        guard let hans = UserName("hans") else { return }
        // The store always tells of everyone's room.
        let all = (rooms.contains { $0.0 == .everyone } ? [] : [(Channel.everyone, [])]) + rooms
        let begun = Array(repeating: 0, count: all.count - rooms.count) + (begun.isEmpty ? rooms.indices.map { Int64($0) } : begun)
        let rooms = zip(all, begun).map { room, begun in
            HistoryNews.Restored.Room(
                channel: room.0, page: HistoryPage(lines: room.1, isFirst: isFirst, isLast: true), begun: begun)
        }
        update(.history(.restored(.init(account: hans, rooms: rooms))))
    }

    var deeds: [HistoryDeed] { effects.compactMap { if case .history(let deed) = $0 { deed } else { nil } } }

    var kept: [StoredLine] { deeds.compactMap { if case .write(let line) = $0 { line } else { nil } } }

    var historyQueries: [HistoryQuery] { sent.compactMap { if case .history(let query) = $0.request { query } else { nil } } }
}

import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ModelHistoryTests {
    /// Every history request that was sent, oldest first.
    private func queries(_ client: ScreenFixture) -> [HistoryQuery] {
        client.sent.compactMap { if case .history(let query) = $0.request { query } else { nil } }
    }

    private func said(_ name: String, _ text: String, _ sequence: UInt64, secondsAgo: Double, _ client: ScreenFixture) throws
        -> Reply.HistoryMessage
    {
        Reply.HistoryMessage(
            from: try #require(UserName(name)), text: text,
            receipt: .init(sequence: sequence, time: client.now.wall.advanced(bySeconds: -secondsAgo)))
    }

    /// Logged in, with everyone's history answered.
    private func online(_ messages: (ScreenFixture) throws -> [Reply.HistoryMessage] = { _ in [] }) throws -> ScreenFixture {
        var client = ScreenFixture()
        client.enter("falcon")
        client.welcome()
        try client.answerHistory(with: nil, messages(client))
        client.effects = []
        return client
    }

    @Test func theLastBroadcastsAreThereAfterLogin() throws {
        var client = ScreenFixture()
        client.enter("falcon")
        client.welcome()
        #expect(queries(client) == [HistoryQuery(with: nil, limit: 50)])
        client.broadcast(from: "luke", "three")
        try client.answerHistory(
            with: nil,
            [
                said("yoda", "one", 1, secondsAgo: 300, client), said("hans", "two", 2, secondsAgo: 200, client),
                // Known by now: it came while the request was under way.
                said("luke", "three", client.lastSequence, secondsAgo: 0, client),
            ])
        #expect(client.model.everyone.log.entries.map(\.text) == ["one", "two", "three"])
        #expect(client.model.everyone.log.unread == 0)
        #expect(client.line(with: " two")?.contains("me") == true)
    }

    @Test func aConversationShownBringsWhatWasSaidBefore() throws {
        var client = try online()
        client.converse(with: "yoda")
        #expect(queries(client) == [HistoryQuery(with: UserName("yoda"), limit: 50)])
        try client.answerHistory(
            with: "yoda",
            [said("yoda", "do or do not", 7, secondsAgo: 900, client), said("hans", "I will try", 3, secondsAgo: 800, client)])
        let log = client.model.conversations[0].log
        #expect(log.entries.map(\.text) == ["do or do not", "I will try"])
        #expect(log.entries.map(\.speaker) == [UserName("yoda").map { .other($0) }, .me])
        #expect(log.unread == 0)
        #expect(!client.effects.contains(.bell))
        // Once is enough.
        client.press(.function(2), .function(3))
        #expect(queries(client).count == 1)
    }

    @Test func whatWasNeverOnTheScreenIsThereInTheNextRun() throws {
        var client = try online()
        client.message(from: "luke", "shown")
        client.message(from: "yoda", "in a tab that nobody opened")
        client.effects += client.model.acknowledge(at: client.now)
        #expect(client.sent.last?.request == .ack(through: 2))
        var next = try online()
        next.converse(with: "yoda")
        try next.answerHistory(with: "yoda", [said("yoda", "in a tab that nobody opened", 2, secondsAgo: 60, next)])
        #expect(next.screen().contains("in a tab that nobody opened"))
    }

    @Test func aTabInTheBackgroundAsksWhenItIsOpened() throws {
        var client = try online()
        client.message(from: "luke", "first")
        try client.answerHistory(with: "luke", [])
        client.message(from: "yoda", "second")
        #expect(queries(client).map(\.with) == [UserName("luke")])
        client.press(.alt(.character("2")))
        #expect(queries(client).map(\.with) == [UserName("luke"), UserName("yoda")])
        // What comes by itself is not asked for, only what was before it.
        #expect(queries(client).last?.before?.received == 2)
    }

    @Test func aMessageThatComesAgainAsNewsIsShownOnce() throws {
        var client = try online()
        client.converse(with: "yoda")
        client.press(.focusOut)
        try client.answerHistory(
            with: "yoda", [said("yoda", "old", 4, secondsAgo: 900, client), said("yoda", "waiting", 5, secondsAgo: 800, client)])
        client.lastSequence = 4
        client.message(from: "yoda", "waiting", secondsAgo: 800)
        let log = client.model.conversations[0].log
        #expect(log.entries.map(\.text) == ["old", "waiting"])
        #expect(log.unread == 1)
    }

    @Test func anOwnLineWhoseConfirmationWasLostIsShownOnce() throws {
        var client = try online()
        client.converse(with: "yoda")
        try client.answerHistory(with: "yoda", [])
        client.enter("hello")
        let time = client.now.wall
        client.update(.link(.linkClosed(.lost("reset"))))
        client.pass(seconds: 60)
        client.update(.tick)
        client.update(.link(.linkOpened(.tlsVerified)))
        client.answer(.resume(.expired))
        client.answer(.login(.success, client.welcomeFields()))
        let line = try #require(client.sent.last { if case .message = $0.request { true } else { false } })
        try client.answerHistory(with: nil, [])
        try client.answerHistory(
            with: "yoda", [.init(from: #require(UserName("hans")), text: "hello", receipt: .init(sequence: 9, time: time))])
        client.update(.link(.received(.reply(.message(.success, .init(sequence: 9, time: time)), id: line.id))))
        #expect(client.model.conversations[0].log.entries.map(\.text) == ["hello"])
        #expect(client.line(with: "hello")?.contains("· sent") == true)
    }

    @Test func missedBroadcastsFillTheGapAfterAResume() throws {
        var client = try online()
        client.broadcast(from: "luke", "before")
        client.pass(seconds: 60)
        client.update(.link(.linkClosed(.lost("reset"))))
        client.pass(seconds: 60)
        client.update(.tick)
        client.update(.link(.linkOpened(.tlsVerified)))
        client.answer(.resume(.success, nil))
        client.lastSequence = 2
        client.broadcast(from: "luke", "after")
        try client.answerHistory(
            with: nil, [said("luke", "before", 1, secondsAgo: 120, client), said("yoda", "meanwhile", 2, secondsAgo: 30, client)])
        let texts = client.model.everyone.log.entries.filter { $0.speaker != nil }.map(\.text)
        #expect(texts == ["before", "meanwhile", "after"])
    }

    @Test func scrollingUpAtTheTopLoadsThePageBeforeAndKeepsThePlace() throws {
        var client = try online()
        client.converse(with: "yoda")
        let before = HistoryPlace(received: 51, sent: 1)
        let page = try (51...100).map { try said("yoda", "line number \($0).", $0, secondsAgo: 3000 - Double($0), client) }
        try client.answerHistory(with: "yoda", page, before: before)
        client.effects = []
        client.press(.pageUp)
        #expect(queries(client).isEmpty)
        client.press(.alt(.home))
        #expect(queries(client) == [HistoryQuery(with: UserName("yoda"), before: before, limit: 50)])
        let lines = client.lines()
        // One at a time.
        client.press(.pageUp)
        #expect(queries(client).count == 1)
        let older = try (1...50).map { try said("yoda", "line number \($0).", $0, secondsAgo: 3000 - Double($0), client) }
        try client.answerHistory(with: "yoda", older)
        #expect(client.line(with: "line number 51.") != nil)
        #expect(client.lines().filter { $0.contains("line number") }.count >= lines.filter { $0.contains("line number") }.count - 1)
        client.press(.alt(.home))
        #expect(client.line(with: "line number 1.") != nil)
        #expect(queries(client).count == 1)
    }

    @Test func aRefusedHistoryIsSilentAndNotAskedForAgain() throws {
        var client = ScreenFixture()
        client.enter("falcon")
        client.welcome()
        let id = client.sent.last?.id
        client.effects = []
        client.update(.link(.received(.reply(.refused(action: "history", .unavailable), id: id))))
        client.type("x")
        #expect(client.effects.isEmpty)
        #expect(client.model.everyone.log.isEmpty)
    }

    @Test func historyDoesNotPutTheInactivityWarningOff() {
        var client = ScreenFixture.online(timeout: 60)
        let last = client.model.lastCommand
        client.pass(seconds: 50)
        client.message(from: "yoda", "hi")
        #expect(client.model.lastCommand == last)
        #expect(client.screen().contains("Inactive"))
    }

    @Test func strangersInAPageAreLeftOut() throws {
        var client = try online()
        client.converse(with: "yoda")
        try client.answerHistory(with: "yoda", [said("vader", "I am yoda", 1, secondsAgo: 60, client)])
        #expect(client.model.conversations[0].log.isEmpty)
    }

    // MARK: What came while it could not be seen

    @Test func tenThousandStoredMessagesAreAllThere() {
        var client = ScreenFixture.online()
        for number in 1...10_000 { client.message(from: "yoda", "stored \(number).", secondsAgo: 3_600) }
        #expect(client.model.conversations[0].log.entries.first?.text == "stored 1.")
        #expect(client.model.conversations[0].log.dropped == 0)
    }

    @Test func whatIsNotKeptIsSaid() {
        var client = ScreenFixture.online()
        for number in 1...10_600 { client.broadcast(from: "luke", "line number \(number).") }
        let log = client.model.everyone.log
        #expect(log.entries.count <= Log.bound + 500)
        #expect(log.dropped > 0)
        client.press(.alt(.home))
        #expect(client.screen().contains("\(log.dropped) earlier lines are not kept"))
    }

    @Test func aReaderKeepsThePlaceWhenOlderLinesGo() {
        var client = ScreenFixture.online()
        for number in 1...9_990 { client.broadcast(from: "luke", "line number \(number).") }
        client.press(.pageUp)
        let before = client.lines()[1...9]
        for number in 9_991...11_500 { client.broadcast(from: "luke", "line number \(number).") }
        #expect(client.model.everyone.log.dropped > 0)
        #expect(client.lines()[1...9] == before)
    }

    @Test func aBurstThatDoesNotFitIsMarkedWhereItBegins() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "before")
        _ = client.frame()
        for number in 1...100 { client.broadcast(from: "luke", "burst \(number).") }
        _ = client.frame()
        for number in 101...200 { client.broadcast(from: "luke", "burst \(number).") }
        _ = client.frame()
        client.press(.alt(.character("u")))
        let lines = client.lines()
        #expect(lines[1].contains("─ new ─"))
        #expect(lines[2].contains("burst 1."))
    }

    @Test func whatFitsOnTheScreenIsNotMarked() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "before")
        _ = client.frame()
        for number in 1...5 { client.broadcast(from: "luke", "burst \(number).") }
        #expect(!client.screen().contains("─ new ─"))
    }

    @Test func theFirstStoredMessageAfterLoginIsMarked() throws {
        var client = try online()
        client.message(from: "yoda", "stored one", secondsAgo: 600)
        client.message(from: "yoda", "stored two", secondsAgo: 500)
        try client.answerHistory(with: "yoda", [said("yoda", "read long ago", 0, secondsAgo: 9000, client)])
        let lines = client.lines()
        let mark = try #require(lines.firstIndex { $0.contains("─ new ─") })
        #expect(lines[mark - 1].contains("read long ago"))
        #expect(lines[mark + 1].contains("stored one"))
    }

    /// A minute is much to miss.
    @Test(arguments: [5.0, 600]) func whatWaitedIsMarkedInTheConversationThatIsShown(secondsAgo: Double) throws {
        var client = try online()
        client.message(from: "yoda", "waited", secondsAgo: secondsAgo)
        client.message(from: "yoda", "waited, too", secondsAgo: secondsAgo)
        client.message(from: "yoda", "and now this")
        var lines = client.lines()
        var mark = try #require(lines.firstIndex { $0.contains("─ new ─") }, "it is all there is, and new")
        #expect(lines[mark + 1].contains("waited"))
        #expect(lines.filter { $0.contains("─ new ─") }.count == 1)
        try client.answerHistory(with: "yoda", [said("yoda", "read long ago", 0, secondsAgo: 9000, client)])
        lines = client.lines()
        mark = try #require(lines.firstIndex { $0.contains("─ new ─") })
        #expect(lines[mark - 1].contains("read long ago"))
        #expect(lines[mark + 1].contains("waited"))
    }

    @Test func whatIsSaidWhileOneIsThereIsNotMarkedAsNew() throws {
        var client = try online()
        client.pass(seconds: 10)
        client.message(from: "yoda", "now", secondsAgo: 2)
        #expect(!client.screen().contains("─ new ─"))
    }

    // MARK: Bounds

    @Test func allRoomsTogetherAreBounded() {
        var client = ScreenFixture.online()
        let text = String(repeating: "long ", count: 3_000)
        for number in 0..<6_000 { client.message(from: "user\(number % 60)", text) }
        let rooms = client.model.conversations
        let size = rooms.reduce(client.model.everyone.log.size) { $0 + $1.log.size }
        #expect(size <= Model.memoryBound + 2 << 20)
        #expect(rooms.count == 60)
        #expect(rooms.contains { $0.log.dropped > 0 })
        #expect(rooms.allSatisfy { !$0.log.isEmpty })
    }

    // MARK: A server that lost its store

    @Test func aStreamThatBeganAnewIsAcknowledgedFromTheStart() {
        var client = ScreenFixture.online()
        for number in 1...20 { client.message(from: "yoda", "old \(number)") }
        client.effects += client.model.acknowledge(at: client.now)
        client.pass(seconds: 10)
        client.event(.bye(.replaced))
        client.effects = []
        client.press(.enter)
        client.welcome()
        client.effects = []
        client.lastSequence = 0
        client.message(from: "yoda", "new")
        client.pass(seconds: 1)
        client.effects += client.model.acknowledge(at: client.now)
        #expect(client.sent.last?.request == .ack(through: 1))
    }

    @Test func aNewStreamOfTheOtherSideStartsUndelivered() throws {
        var client = ScreenFixture.online()
        let yoda = try #require(UserName("yoda"))
        client.converse(with: "yoda")
        client.enter("first")
        client.answer(.message(.success, .init(sequence: 40, time: client.now.wall)))
        client.event(.delivered(to: yoda, through: 40))
        client.pass(seconds: 10)
        client.enter("second")
        client.answer(.message(.success, .init(sequence: 1, time: client.now.wall)))
        #expect(client.line(with: "first")?.contains("✓") == true)
        #expect(client.line(with: "second")?.contains("· sent") == true)
        client.event(.delivered(to: yoda, through: 1))
        #expect(client.line(with: "second")?.contains("✓ delivered") == true)
    }
}

extension ScreenFixture {
    /// Replies to the last request for the history with `name`, or of everyone.
    mutating func answerHistory(with name: String?, _ messages: [Reply.HistoryMessage], before: HistoryPlace? = nil) throws {
        let with = name.flatMap { UserName($0) }
        let frame = try #require(
            sent.last { if case .history(let query) = $0.request { query.with == with } else { false } }, "no history was asked for")
        update(.link(.received(.reply(.history(.init(with: with, messages: messages, before: before)), id: frame.id))))
    }
}

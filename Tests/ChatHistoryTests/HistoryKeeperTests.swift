import ChatClient
import ChatProtocol
import Foundation
import Testing

@testable import ChatHistory

@Suite struct HistoryKeeperTests {
    private let hans: UserName

    init() throws { hans = try #require(UserName("hans")) }

    private func perform(_ keeper: HistoryKeeper, dropped: Int = 0, _ deeds: HistoryDeed...) -> [HistoryNews] {
        var news: [HistoryNews] = []
        _ = keeper.perform(.init(deeds: deeds, dropped: dropped), isSearchNeedless: { false }, tell: { news.append($0) })
        return news
    }

    private var open: HistoryDeed { .open(hans, RestoreBounds(since: noon)) }

    @Test func whatIsWrittenCanBeAskedForAtOnce() throws {
        try withFolder { folder in
            let keeper = HistoryKeeper(folder: folder, server: "localhost:12346")
            let news = perform(keeper, open, .write(line("hello", 1)), .search(HistorySearch(7, "hel", in: nil)))
            #expect(news.count == 2)
            guard case .found(let search, let lines, isAll: true)? = news.last else { return #expect(Bool(false), "\(news)") }
            #expect(search.number == 7 && lines.map(\.text) == ["hello"])
        }
    }

    @Test func aDamagedFileIsPutAsideAndANewOneBegins() throws {
        try withFolder { folder in
            _ = try HistoryStore(path: path(folder))
            try Data(String(repeating: "this is no database ", count: 500).utf8).write(to: URL(filePath: path(folder)))
            let keeper = HistoryKeeper(folder: folder, server: "localhost:12346")
            let news = perform(keeper, open)
            guard case .notice(let words)? = news.first else { return #expect(Bool(false), "\(news)") }
            #expect(words.contains("hans.db.damaged-1"))
            #expect(FileManager.default.fileExists(atPath: path(folder) + ".damaged-1"))
            #expect(perform(keeper, .write(line("hello", 1))).isEmpty)
            #expect(try texts(in: path(folder)) == ["hello"])
        }
    }

    @Test func damageFoundWhileWritingIsSaidOnceAndItGoesOn() throws {
        try withFolder { folder in
            let keeper = HistoryKeeper(folder: folder, server: "localhost:12346")
            _ = perform(keeper, open)
            for number in 1...200 { _ = perform(keeper, .write(line("text \(number)", UInt64(number), seconds: Double(number)))) }
            keeper.close()
            // All pages but the first are overwritten.
            let file = try FileHandle(forUpdating: URL(filePath: path(folder)))
            try file.seek(toOffset: 4096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 200_000))
            try file.close()
            var news = perform(keeper, open)
            news += perform(keeper, .write(line("after", 500)), .page(HistoryPageRequest(.everyone, .before, .max)))
            #expect(news.count { if case .notice = $0 { true } else { false } } == 1)
            #expect(try texts(in: path(folder)).last == "after")
        }
    }

    @Test func withoutAPlaceForItThereIsNoHistoryAndQuestionsAreAnswered() throws {
        try withFolder { folder in
            try Data().write(to: URL(filePath: "\(folder)/history"))
            let keeper = HistoryKeeper(folder: folder, server: "localhost:12346")
            let news = perform(keeper, open)
            guard news.count == 1, case .lost(let words)? = news.first else { return #expect(Bool(false), "\(news)") }
            #expect(words.contains("Not a directory"))
            let request = HistoryPageRequest(.everyone, .before, .max)
            #expect(
                perform(keeper, .write(line("x", 1)), .page(request)) == [
                    .page(request, HistoryPage(lines: [], isFirst: true, isLast: true))
                ])
        }
    }

    @Test func twoProgramsKeepOneHistory() throws {
        try withFolder { folder in
            let (one, other) = (HistoryKeeper(folder: folder, server: "s:1"), HistoryKeeper(folder: folder, server: "s:1"))
            _ = perform(one, open)
            _ = perform(other, open)
            for number in 1...50 {
                #expect(perform(number % 2 == 0 ? one : other, .write(line("\(number)", UInt64(number), seconds: Double(number)))).isEmpty)
                #expect(perform(number % 3 == 0 ? one : other, .write(line("\(number)", UInt64(number), seconds: Double(number)))).isEmpty)
            }
            let file = HistoryFile.path(in: folder, server: "s:1", account: "hans")
            let kept = try texts(in: file)
            #expect(kept == (1...50).map { "\($0)" })
        }
    }

    @Test func whatAnotherProgramsFileDoesNotTakeIsKeptForLater() throws {
        try withFolder { folder in
            let keeper = HistoryKeeper(folder: folder, server: "localhost:12346")
            _ = perform(keeper, open)
            let other = try Database(path: path(folder))
            try other.script("BEGIN IMMEDIATE")
            let lines: [HistoryDeed] = [.write(line("one", 1)), .write(line("two", 2, seconds: 1))]
            var news: [HistoryNews] = []
            var held = keeper.perform(.init(deeds: lines), isSearchNeedless: { false }, tell: { news.append($0) })
            #expect(held == lines)
            // A question is answered meanwhile, and nothing is lost or out of order.
            let request = HistoryPageRequest(.everyone, .before, .max)
            let more = held + [.page(request), .write(line("three", 3, seconds: 2))]
            held = keeper.perform(.init(deeds: more), isSearchNeedless: { false }, tell: { news.append($0) })
            #expect(held == lines + [.write(line("three", 3, seconds: 2))])
            #expect(
                news.count { if case .notice = $0 { true } else { false } } == 1
                    && news.last == .page(request, .init(lines: [], isFirst: true, isLast: true)))
            try other.script("COMMIT")
            #expect(keeper.perform(.init(deeds: held), isSearchNeedless: { false }, tell: { news.append($0) }).isEmpty)
            #expect(try texts(in: path(folder)) == ["one", "two", "three"])
        }
    }

    @Test func whatIsHeldForOneAccountIsNotAnothers() throws {
        try withFolder { folder in
            let keeper = HistoryKeeper(folder: folder, server: "localhost:12346")
            _ = perform(keeper, open)
            let other = try Database(path: path(folder))
            try other.script("BEGIN IMMEDIATE")
            let luke = try #require(UserName("luke"))
            let deeds: [HistoryDeed] = [.write(line("hans alone", 1)), .open(luke, RestoreBounds(since: noon))]
            #expect(keeper.perform(.init(deeds: deeds), isSearchNeedless: { false }, tell: { _ in }).isEmpty)
            keeper.close()
            #expect(try texts(in: HistoryFile.path(in: folder, server: "localhost:12346", account: "luke")).isEmpty)
        }
    }

    @Test func whatWasDroppedIsSaidOnce() throws {
        try withFolder { folder in
            let keeper = HistoryKeeper(folder: folder, server: "s:1")
            _ = perform(keeper, open)
            #expect(perform(keeper, dropped: 17, .write(line("x", 1))).count == 1)
            #expect(perform(keeper, dropped: 17, .write(line("y", 2))).isEmpty)
        }
    }

    @Test func forgettingWorksWhileNothingIsKept() throws {
        try withFolder { folder in
            try HistoryStore(path: path(folder)).write(line("hello", 1))
            let keeper = HistoryKeeper(folder: folder, server: "localhost:12346")
            let ticket = ForgetTicket(number: 1)
            #expect(perform(keeper, .forget(nil, hans, through: noon, ticket)) == [.forgotten(ticket, .lines(1))])
        }
    }
}

@Suite struct HistoryMailboxTests {
    @Test func linesBeyondTheBoundAreDroppedAndCountedAndNothingElseIs() {
        let mailbox = HistoryMailbox(pace: 0)
        let text = String(repeating: "x", count: 16_000)
        for number in 1...1000 { mailbox.put(.write(line(text, UInt64(number)))) }
        mailbox.put(.page(HistoryPageRequest(.everyone, .before, .max)))
        let batch = mailbox.take()
        // And where the gap is, so that it can be closed.
        let gaps = batch.deeds.compactMap { if case .missed(let gap) = $0 { gap } else { nil } }
        #expect(gaps.map(\.before) == [HistoryPlace(received: 1001, sent: 1)])
        #expect(batch.deeds.count - 2 + batch.dropped == 1000)
        #expect(batch.dropped > 0 && batch.deeds.count > 500)
        guard case .page? = batch.deeds.dropLast().last else { return #expect(Bool(false)) }
        mailbox.putBack([])
        mailbox.put(.write(line(text, 1)))
        #expect(mailbox.take().dropped == 0)
    }

    @Test func aSearchTakesThePlaceOfTheOneBefore() {
        let mailbox = HistoryMailbox()
        for number in 1...5 { mailbox.put(.search(HistorySearch(number, "a", in: nil))) }
        #expect(mailbox.hasSearch)
        #expect(mailbox.take().deeds == [.search(HistorySearch(5, "a", in: nil))])
        #expect(!mailbox.hasSearch)
    }

    @Test func linesWaitForOthersUnlessSomebodyWaitsOrItIsEnough() {
        let now = Moment.now().uptime
        let mailbox = HistoryMailbox()
        #expect(!mailbox.isDue(at: now))
        // After a pause the first one is for the disk at once.
        mailbox.put(.write(line("a", 1)))
        #expect(mailbox.isDue(at: now))
        _ = mailbox.take()
        mailbox.put(.write(line("b", 2)))
        #expect(!mailbox.isDue(at: now))
        #expect(mailbox.isDue(at: Moment.now().uptime + Moment.second))
        mailbox.put(.search(HistorySearch(1, "a", in: nil)))
        #expect(mailbox.isDue(at: now))
        #expect(mailbox.take().deeds.count == 2)
        let text = String(repeating: "x", count: HistoryMailbox.enough / 4)
        for number in UInt64(3)...5 { mailbox.put(.write(line(text, number))) }
        #expect(!mailbox.isDue(at: now))
        mailbox.put(.write(line(text, 6)))
        #expect(mailbox.isDue(at: now))
        _ = mailbox.take()
        mailbox.put(.write(line("c", 7)))
        mailbox.finish()
        #expect(mailbox.isDue(at: now))
    }

    @Test func whatIsBeingWrittenCountsUntilItIs() {
        let mailbox = HistoryMailbox()
        let text = String(repeating: "x", count: 1 << 20)
        for number in UInt64(1)...4 { mailbox.put(.write(line(text, number))) }
        let taken = mailbox.take().deeds
        for number in UInt64(5)...12 { mailbox.put(.write(line(text, number))) }
        mailbox.putBack(taken)
        mailbox.finish()
        let batch = mailbox.take()
        #expect(batch.deeds.count { if case .write = $0 { true } else { false } } == 7 && batch.dropped == 5)
    }

    @Test func whatIsPutBackComesFirstAndNotAtOnceAndCountsAgain() {
        let mailbox = HistoryMailbox()
        let text = String(repeating: "x", count: 1 << 20)
        for number in UInt64(1)...4 { mailbox.put(.write(line(text, number))) }
        let taken = mailbox.take().deeds
        mailbox.put(.write(line("later", 5)))
        mailbox.putBack(taken)
        #expect(!mailbox.isDue(at: Moment.now().uptime))
        // Room is left for four more, not for eight.
        for number in UInt64(6)...13 { mailbox.put(.write(line(text, number))) }
        mailbox.put(.page(HistoryPageRequest(.everyone, .before, .max)))
        let batch = mailbox.take()
        #expect(batch.deeds.prefix(5) == taken + [.write(line("later", 5))])
        #expect(batch.dropped == 5)
    }

    @Test func everythingPutIsDoneBeforeTheEnd() throws {
        try withFolder { folder in
            let thread = HistoryThread(folder: folder, server: "localhost:12346", tell: { _ in })
            thread.put(.open(try #require(UserName("hans")), RestoreBounds(since: noon)))
            for number in 1...5000 { thread.put(.write(line("\(number)", UInt64(number), seconds: Double(number)))) }
            thread.stop()
            let kept = try texts(in: path(folder))
            #expect(kept.last == "5000")
        }
    }
}

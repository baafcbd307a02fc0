import ChatClient
import ChatProtocol
import Foundation
import Testing

@testable import ChatHistory

@Suite struct HistoryStoreTests {
    @Test func whatIsWrittenIsThereInTheNextRun() throws {
        try withFolder { folder in
            var written = line("hello", 1)
            try HistoryStore(path: path(folder)).write(written)
            let page = try HistoryStore(path: path(folder)).page(HistoryPageRequest(.everyone, .before, .max))
            written.place = StoredLine.place(of: written.time)
            #expect(page.lines == [written])
            #expect(page.isFirst)
        }
    }

    @Test func aLineIsKeptOnceAndANewStreamIsAnother() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(line("one", 1), line("one", 1))
            try store.write(line("one", 1))
            // An own line with the same number has its place in the other's stream.
            try store.write(line("mine", 1, from: nil))
            // A server that lost its store counts anew.
            try store.write(line("one again", 1, seconds: 60))
            #expect(try store.texts() == ["one", "mine", "one again"])
        }
    }

    @Test func whatComesLateStandsInItsPlace() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(
                line("three", 3, seconds: 30), line("one", 1, seconds: 10), line("two", 2, seconds: 20), line("also two", 4, seconds: 20))
            #expect(try store.texts() == ["one", "two", "also two", "three"])
            #expect(try store.found("t") == ["three", "also two", "two"])
        }
    }

    @Test func pagesGoUpAndDownAndSayWhereTheyEnd() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            let lines = (1...10).map { line("\($0)", $0, seconds: Double($0)) }
            try store.write(lines.map { .write($0) })
            let newest = try store.page(HistoryPageRequest(.everyone, .before, .max, limit: 4))
            #expect(newest.lines.map(\.text) == ["7", "8", "9", "10"])
            #expect(!newest.isFirst)
            let rest = try store.page(HistoryPageRequest(.everyone, .before, newest.lines[0].place, limit: 6))
            #expect(rest.lines.map(\.text) == ["1", "2", "3", "4", "5", "6"])
            #expect(rest.isFirst)
            let around = try store.page(HistoryPageRequest(.everyone, .around, rest.lines[3].place, limit: 4))
            #expect(around.lines.map(\.text) == ["3", "4", "5", "6"])
            #expect(!around.isFirst && !around.isLast)
            let after = try store.page(HistoryPageRequest(.everyone, .after, around.lines[3].place, limit: 4))
            #expect(after.lines.map(\.text) == ["7", "8", "9", "10"])
            #expect(after.isLast)
        }
    }

    @Test func liveliestConversationsComeBackAndQuietOnesDoNot() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(
                line("old", 1, from: "luke", in: .with("luke"), seconds: -1_000_000), line("a", 2, from: "leia", in: .with("leia")),
                line("b", 3, in: .with("yoda"), seconds: 5))
            let hans = try #require(UserName("hans"))
            var bounds = RestoreBounds(since: noon.advanced(bySeconds: -3600))
            let rooms = try store.restore(hans, bounds).rooms
            #expect(rooms.map(\.channel) == [.everyone, .with("yoda"), .with("leia")])
            #expect(rooms[1].begun > rooms[2].begun, "leia's was begun before, and stays so")
            try store.write(line("c", 4, from: "leia", in: .with("leia"), seconds: 6))
            #expect(try store.restore(hans, bounds).rooms.dropFirst().map(\.begun) == [rooms[2].begun, rooms[1].begun])
            try store.write(line("d", 5, in: .with("yoda"), seconds: 7))
            bounds.conversations = 1
            #expect(try store.restore(hans, bounds).rooms.map(\.channel) == [.everyone, .with("yoda")])
            #expect(try store.texts(.with("luke")) == ["old"])
        }
    }

    @Test func deliveryOfOwnLinesIsKept() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(
                line("one", 1, from: nil, in: .with("yoda"), delivery: .sent),
                line("two", 2, from: nil, in: .with("yoda"), delivery: .sent),
                line("all", 3, from: nil, delivery: .reached(70_000, isPartial: true)))
            try store.write([.delivered(.with("yoda"), through: 1)])
            let page = try store.page(HistoryPageRequest(.with("yoda"), .before, .max))
            #expect(page.lines.map(\.delivery) == [.delivered, .sent])
            #expect(try store.page(HistoryPageRequest(.everyone, .before, .max)).lines[0].delivery == .reached(70_000, isPartial: true))
        }
    }

    @Test func absurdTimesAndTextsAreKept() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            var late = line("late\u{0}end", 1)
            late.time = Timestamp(milliseconds: .max)
            var early = line("", 2)
            early.time = Timestamp(milliseconds: .min)
            let long = line(String(repeating: "漢字 ", count: 4000), .max)
            try store.write(late, early, long)
            #expect(try store.texts() == ["", long.text, "late\u{0}end"])
        }
    }

    // MARK: Words

    @Test func wordsAreFoundInAnyOrderByTheirBeginningAndWithoutAccents() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(
                line("Much to learn, you still have", 1), line("the Ärger of Müller", 2, seconds: 1),
                line("learning by doing", 3, in: .with("yoda"), seconds: 2))
            #expect(try store.found("learn") == ["learning by doing", "Much to learn, you still have"])
            #expect(try store.found("learn ") == ["Much to learn, you still have"])
            #expect(try store.found("have MUCH le") == ["Much to learn, you still have"])
            #expect(try store.found("muller arger") == ["the Ärger of Müller"])
            #expect(try store.found("learn", in: .with("yoda")) == ["learning by doing"])
            #expect(try store.found("learn", in: .with("nobody")).isEmpty)
            #expect(try store.found("zebra").isEmpty)
        }
    }

    @Test(arguments: [
        "\"", "a\"b", "-x", "NOT", "OR a", "*", "text:", "(", "^a", "{a}", "' OR 1", "a AND", "\u{0}", "room : 1", "🙂", "  ", "",
    ])
    func nothingThatIsTypedIsAnOperator(_ words: String) throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(line("zebra crossing", 1))
            #expect(try store.found(words).isEmpty)
            #expect(try store.found(words, in: .everyone).isEmpty)
        }
    }

    @Test func aSearchGoesOnWhereItStopped() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write((1...10).map { .write(line("word \($0)", $0, seconds: Double($0))) })
            let first = try store.search(HistorySearch(1, "word", in: nil, limit: 6))
            #expect(first.lines.count == 6 && !first.isAll)
            let rest = try store.search(HistorySearch(1, "word", in: nil, before: first.lines[5].place, limit: 6))
            #expect(rest.lines.map(\.text) == ["word 4", "word 3", "word 2", "word 1"])
            #expect(rest.isAll)
        }
    }

    @Test func aSearchThatNobodyWaitsForEnds() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write((1...3000).map { .write(line("word w\($0)", $0, seconds: Double($0))) })
            let failure = #expect(throws: Database.Failure.self) {
                _ = try store.search(HistorySearch(1, "word", in: nil, limit: 3000), isNeedless: { true })
            }
            #expect(failure?.isInterrupt == true)
            #expect(try store.found("w2999") == ["word w2999"])
        }
    }

    // MARK: Forgetting

    @Test(arguments: [false, true]) func nothingIsLeftOfWhatIsForgotten(_ isAll: Bool) throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write((1...500).map { .write(line("kept \($0)", $0, seconds: Double($0))) })
            try store.write((1...500).map { .write(line("secretword number \($0)", $0, in: .with("yoda"), seconds: Double($0))) })
            #expect(try holds(folder, "secretword"))
            let count = try store.forget(isAll ? nil : .with("yoda"), through: noon.advanced(bySeconds: 1000))
            #expect(count == (isAll ? 1000 : 500))
            #expect(try !holds(folder, "secretword"))
            #expect(try store.found("secretword").isEmpty)
            #expect(try store.texts(.with("yoda")).isEmpty)
            #expect(try store.found("kept").count == (isAll ? 0 : 200))
            // From the server's memory it comes in vain, what is said from now on does not.
            try store.write(
                line("secretword number 1", 1, in: .with("yoda"), seconds: 1), line("new", 501, in: .with("yoda"), seconds: 2000))
            #expect(try store.texts(.with("yoda")) == ["new"])
            let next = try HistoryStore(path: path(folder))
            #expect(try next.page(HistoryPageRequest(.with("yoda"), .before, .max)).forgotten == noon.advanced(bySeconds: 1000))
        }
    }

    @Test(arguments: [Channel.with("yoda"), UserName("yoda").map { .private($0) } ?? .everyone])
    func withWhomItWasIsForgottenToo(_ channel: Channel) throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(line("kept", 1, from: "leia", in: .with("leia")), line("gone", 2, in: channel))
            try store.write([.missed(try #require(HistoryGap(line("missed", 3, in: channel))))])
            #expect(try holds(folder, "yoda"))
            #expect(try store.forget(channel, through: noon.advanced(bySeconds: 5)) == 1)
            #expect(try !holds(folder, "yoda"))
            // What waited for the disk meanwhile does not bring it back.
            try store.write(line("gone", 2, in: channel))
            #expect(try !holds(folder, "yoda"))
            try store.write(line("new", 4, in: channel, seconds: 6))
            #expect(try store.texts(channel) == ["new"])
            #expect(try store.texts(.with("leia")) == ["kept"])
        }
    }

    /// Another name that shares the mark of yoda.
    private func namesake() throws -> Channel {
        let mark = ForgetMark.number(of: .with("yoda"))
        return try #require((0...).lazy.map { Channel.with("user\($0)") }.first { ForgetMark.number(of: $0) == mark })
    }

    @Test func whatIsKeptOfOthersStaysWhoeverSharesTheMark() throws {
        try withFolder { folder in
            let other = try namesake()
            let store = try HistoryStore(path: path(folder))
            try store.write(line("keepme", 2, in: other, seconds: 2), line("gone", 1, in: .with("yoda"), seconds: 1))
            #expect(try store.forget(.with("yoda"), through: noon.advanced(bySeconds: 10)) == 1)
            for store in [store, try HistoryStore(path: path(folder))] {
                let page = try store.page(HistoryPageRequest(other, .before, .max))
                #expect(page.lines.last?.text == "keepme")
                #expect(page.forgotten == nil, "what the server has of the other is wanted")
                // And what is missing of it may still come.
                try store.write(line("early", 1, in: other, seconds: 1), line("gone", 1, in: .with("yoda"), seconds: 1))
                #expect(try store.texts(other) == ["early", "keepme"])
                #expect(try store.texts(.with("yoda")).isEmpty)
            }
        }
    }

    @Test func whoWasForgottenBeforeANamesakeStaysForgotten() throws {
        try withFolder { folder in
            let other = try namesake()
            let store = try HistoryStore(path: path(folder))
            try store.write(line("gone", 1, in: .with("yoda"), seconds: 1), line("gone too", 1, in: other, seconds: 1))
            _ = try store.forget(.with("yoda"), through: noon.advanced(bySeconds: 10))
            try store.write(line("new", 2, in: .with("yoda"), seconds: 20))
            #expect(try store.forget(other, through: noon.advanced(bySeconds: 30)) == 1)
            let next = try HistoryStore(path: path(folder))
            try next.write(
                line("gone", 1, in: .with("yoda"), seconds: 1), line("late", 3, in: .with("yoda"), seconds: 15),
                line("gone too", 1, in: other, seconds: 1), line("also new", 2, in: other, seconds: 40))
            #expect(try next.texts(.with("yoda")) == ["late", "new"])
            #expect(try next.texts(other) == ["also new"])
        }
    }

    @Test func thereAreNoMoreMarksThanNamesToTellApart() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            for second in 0..<20 {
                try store.write(
                    line("gone", 1, in: .with("yoda"), seconds: Double(2 * second)), line("kept", UInt64(second + 1), from: "leia"))
                _ = try store.forget(.with("yoda"), through: noon.advanced(bySeconds: Double(2 * second + 1)))
            }
            #expect(store.forgotten.count == 1)
            #expect(try HistoryStore(path: path(folder)).forgotten == store.forgotten)
            // A clock that went back brings nothing back.
            _ = try store.forget(.with("yoda"), through: noon)
            try store.write(line("gone", 1, in: .with("yoda"), seconds: 20))
            #expect(try store.texts(.with("yoda")).isEmpty)
            _ = try store.forget(nil, through: noon.advanced(bySeconds: 100))
            #expect(store.forgotten.map(\.number) == [ForgetMark.all])
        }
    }

    @Test func marksThatKnewNoRoomsStay() throws {
        try withFolder { folder in
            try HistoryFile.make(path(folder))
            do {
                let database = try Database(path: path(folder))
                try database.script(HistorySchema.settings + HistorySchema.migrations[..<3].joined())
                try database.script("DROP TABLE forgotten_room; PRAGMA user_version = 3")
                try database.run(
                    "INSERT INTO forgotten VALUES (?, ?)", .integer(try #require(ForgetMark.number(of: .with("yoda")))),
                    .integer(noon.milliseconds))
            }
            let store = try HistoryStore(path: path(folder))
            try store.write(line("old", 1, in: .with("yoda")), line("new", 3, in: .with("yoda"), seconds: 1))
            #expect(try store.texts(.with("yoda")) == ["new"])
        }
    }

    @Test func marksOfTheVersionBeforeStay() throws {
        try withFolder { folder in
            try HistoryFile.make(path(folder))
            do {
                let database = try Database(path: path(folder))
                try database.script(HistorySchema.settings + HistorySchema.migrations[0] + "; PRAGMA user_version = 1")
                try database.script("INSERT INTO room (kind, name) VALUES (1, 'yoda'), (0, '')")
                try database.run("INSERT INTO forgotten VALUES (1, ?)", .integer(noon.milliseconds))
            }
            let store = try HistoryStore(path: path(folder))
            try store.write(line("old", 1, in: .with("yoda")), line("kept", 2), line("new", 3, in: .with("yoda"), seconds: 1))
            #expect(try store.texts(.with("yoda")) == ["new"])
            #expect(try store.texts() == ["kept"])
        }
    }

    // MARK: Gaps

    @Test func aGapIsToldWithThePageThatHasItUntilItIsFilled() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write((1...10).map { .write(line("\($0)", $0, seconds: Double($0))) })
            try store.write((31...40).map { .write(line("\($0)", $0, seconds: Double($0))) })
            var gap = try #require(HistoryGap(line("11", 11, seconds: 11)))
            try store.write([.missed(gap)])
            let last = try #require(HistoryGap(line("30", 30, seconds: 30)))
            try store.write([.missed(last)])
            gap.formUnion(last)
            #expect(gap.before == HistoryPlace(received: 31, sent: 1))
            func page(_ place: StoredLine.Place, _ limit: Int) throws -> HistoryPage {
                try HistoryStore(path: path(folder)).page(HistoryPageRequest(.everyone, .before, place, limit: limit))
            }
            #expect(try page(.max, 5).gap == nil)
            #expect(try page(.max, 15).gap == gap)
            #expect(try page(StoredLine.place(of: noon.advanced(bySeconds: 9)), 15).gap == nil)
            try store.write([.filled(last)])
            #expect(try page(.max, 15).gap == gap)
            try store.write([.filled(gap)])
            #expect(try page(.max, 15).gap == nil)
        }
    }

    // MARK: Files

    @Test func aFolderBehindALinkIsFineAndALinkInPlaceOfTheFileIsNot() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/real", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "\(folder)/real")
            try HistoryStore(path: path("\(folder)/link")).write(line("hello", 1))
            #expect(try HistoryStore(path: path("\(folder)/real")).texts() == ["hello"])
            let other = path(folder)
            try HistoryFile.make(other)
            try FileManager.default.removeItem(atPath: other)
            try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: path("\(folder)/real"))
            #expect(throws: HistoryFailure.self) { try HistoryStore(path: other) }
        }
    }

    @Test func theFilesAreTheUsersAlone() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            try store.write(line("hello", 1))
            func mode(_ path: String) throws -> Int? { try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int }
            for suffix in ["", "-wal", "-shm"] { #expect(try mode(path(folder) + suffix) == 0o600, "\(suffix)") }
            #expect(try mode("\(folder)/history") == 0o700)
        }
    }

    @Test func aServersNameLeadsNowhereElse() {
        let path = HistoryFile.path(in: "/data", server: "../../etc/x\u{0}y:1", account: "..")
        #expect(path == "/data/history/..%2F..%2Fetc%2Fx%00y:1/...db")
        #expect(HistoryFile.path(in: "/data", server: "[::1]:12346", account: "yoda") == "/data/history/[::1]:12346/yoda.db")
    }

    @Test func aFileOfTheVersionBeforeGoesOn() throws {
        try withFolder { folder in
            try HistoryFile.make(path(folder))
            do {
                let database = try Database(path: path(folder))
                try database.script(HistorySchema.settings + HistorySchema.migrations[0] + "; PRAGMA user_version = 1")
                try database.script("INSERT INTO room (kind, name) VALUES (0, '')")
                try database.run("INSERT INTO line (id, room, text) VALUES (?, 1, 'an old seagull')", .integer(StoredLine.place(of: noon)))
            }
            let store = try HistoryStore(path: path(folder))
            try store.write(line("a new seagull", 1, seconds: 1), line("an early seagull", 2, seconds: -1))
            #expect(try store.found("seagull") == ["a new seagull", "an old seagull", "an early seagull"])
        }
    }

    @Test func wordsAreFoundOnceHoweverTheLinesCame() throws {
        try withFolder { folder in
            let store = try HistoryStore(path: path(folder))
            let other = try HistoryStore(path: path(folder))
            // In order, late, in one millisecond, twice, and from another program between them.
            try store.write(line("word a", 1, seconds: 10), line("word b", 2, seconds: 20), line("word c", 3, seconds: 20))
            try other.write(line("word d", 4, seconds: 30), line("word e", 5, seconds: 5), line("word b", 2, seconds: 20))
            try store.write(line("word f", 6, seconds: 40), line("word g", 7, seconds: 20), line("word h", 8, seconds: 35))
            let expected = ["word f", "word h", "word d", "word g", "word c", "word b", "word a", "word e"]
            #expect(try store.found("word") == expected)
            #expect(try other.found("word") == expected)
            try store.database.script("INSERT INTO words (words) VALUES ('integrity-check')")
        }
    }

    @Test func aFileOfANewerProgramIsLeftAlone() throws {
        try withFolder { folder in
            try HistoryStore(path: path(folder)).database.script("PRAGMA user_version = 99")
            let failure = #expect(throws: HistoryFailure.self) { try HistoryStore(path: path(folder)) }
            guard case .isNewer? = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
        }
    }
}

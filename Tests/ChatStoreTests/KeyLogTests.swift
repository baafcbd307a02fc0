import ChatCore
import ChatProtocol
import ChatStoreSQLite
import GRDB
import Testing

/// Keys are where they are looked for, whether they wait in the log or were moved to the pages of their account.
struct KeyLogTests {
    private static func key(_ text: String, _ reply: Reply) throws -> StoredKey {
        StoredKey(key: try #require(MessageKey(text)), reply: reply)
    }

    private static func receipt(_ number: Int) -> Reply.Receipt {
        Reply.Receipt(sequence: UInt64(number), time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)))
    }

    private static func names(_ count: Int) throws -> [UserName] { try (0..<count).map { try #require(UserName("u\($0)")) } }

    @Test(arguments: [0, 300, 1 << 20]) func theLatestKeysOfEachAreKnownAfterAnyRestart(logSize: Int) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let names = try Self.names(7)
            var store = try SQLiteStore(path: path, keyLogSize: logSize)
            try store.commit(names.map { .account(AccountRecord(name: $0, passwordHash: "h")) })
            var expected = [[StoredKey]](repeating: [], count: names.count)
            // The same numbers in each run: some send much, some hardly anything.
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            func random(_ below: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % below
            }
            for turn in 0..<120 {
                var changes: [Change] = []
                for number in 0..<random(40) {
                    let user = min(random(names.count), random(names.count))
                    let key = try Self.key("\(turn).\(number)", .message(.success, Self.receipt(number)))
                    changes.append(.usedKey(key, by: names[user]))
                    expected[user].append(key)
                }
                try store.commit(changes)
                // As after a crash: nothing was closed.
                if random(10) == 0 { store = try SQLiteStore(path: path, keyLogSize: logSize) }
                let user = random(names.count)
                #expect(try store.recentKeys(of: names[user]) == Array(expected[user].suffix(KeyWindow.capacity)), "turn \(turn)")
            }
            let next = try SQLiteStore(path: path, keyLogSize: logSize)
            for (name, keys) in zip(names, expected) {
                #expect(try next.recentKeys(of: name) == Array(keys.suffix(KeyWindow.capacity)))
            }
        }
    }

    @Test func aKeyComesBackAsItWasWhateverItsForm() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            let digits = String(repeating: "0123456789abcdef", count: 2)
            let most = Reply.Receipt(sequence: .max >> 1, time: Timestamp(milliseconds: -1))
            let keys = try [
                Self.key("k", .message(.success, Self.receipt(1))), Self.key(digits, .message(.success, Self.receipt(2))),
                Self.key(digits.uppercased(), .message(.success, most)), Self.key(digits.dropLast() + "g", .message(.success, most)),
                Self.key(String(repeating: "~", count: 64), .broadcast(sent: Int(Int32.max), blocked: 0, most)),
                Self.key(String(digits.reversed()), .broadcast(sent: 0, blocked: 300, Self.receipt(128))),
                Self.key(digits + digits, .broadcast(sent: 127, blocked: 128, Self.receipt(1 << 20))),
            ]
            // Those of the first commit are moved by the second.
            let store = try SQLiteStore(path: path, keyLogSize: 0)
            try store.commit([.account(AccountRecord(name: hans, passwordHash: "h"))] + keys[..<4].map { .usedKey($0, by: hans) })
            try store.commit(keys[4...].map { .usedKey($0, by: hans) })
            #expect(try store.recentKeys(of: hans) == keys)
            #expect(try SQLiteStore(path: path).recentKeys(of: hans) == keys)
        }
    }

    @Test func neitherTheLogNorThePagesGrowForEver() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let names = try Self.names(5)
            let store = try SQLiteStore(path: path, keyLogSize: 2000)
            try store.commit(names.map { .account(AccountRecord(name: $0, passwordHash: "h")) })
            for turn in 0..<300 {
                try store.commit(
                    (0..<20).map { number in
                        .usedKey(try Self.key("\(turn).\(number)", .message(.success, Self.receipt(number))), by: names[number % 5])
                    })
            }
            try store.close()
            let (log, pages) = try await DatabaseQueue(path: path).read { db in
                try (
                    Int.fetchOne(db, sql: "SELECT sum(length(keys)) FROM key_log") ?? 0,
                    Int.fetchOne(db, sql: "SELECT count(*) FROM key_page") ?? 0
                )
            }
            #expect((1...3000).contains(log))
            #expect(pages == 25)
        }
    }

    /// What the rows lost in the commit that failed is still in them.
    @Test func keysThatAFailedCommitMovedAreWhereTheyWere() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            let store = try SQLiteStore(path: path, keyLogSize: 0)
            try store.commit([.account(AccountRecord(name: hans, passwordHash: "h"))])
            let keys = try (0..<3).map { try Self.key("k\($0)", .message(.success, Self.receipt($0))) }
            try store.commit([.usedKey(keys[0], by: hans)])
            try await DatabaseQueue(path: path).write {
                try $0.execute(
                    sql: "CREATE TRIGGER fault BEFORE DELETE ON key_log BEGIN SELECT raise(ABORT, 'fault'); END")
            }
            #expect(throws: StoreFailure.self) { try store.commit([.usedKey(keys[1], by: hans)]) }
            #expect(try store.recentKeys(of: hans) == [keys[0]])
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "DROP TRIGGER fault") }
            try store.commit([.usedKey(keys[1], by: hans)])
            try store.commit([.usedKey(keys[2], by: hans)])
            #expect(try store.recentKeys(of: hans) == keys)
            #expect(try SQLiteStore(path: path).recentKeys(of: hans) == keys)
        }
    }

    /// `banterd user remove` beside a running server that has keys of the account in memory.
    @Test func whatWaitsOfAnAccountThatWasRemovedFromOutsideIsMovedNowhere() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let names = try Self.names(2)
            let store = try SQLiteStore(path: path, keyLogSize: 0)
            try store.commit(names.map { .account(AccountRecord(name: $0, passwordHash: "h")) })
            let keys = try (0..<3).map { try Self.key("k\($0)", .message(.success, Self.receipt($0))) }
            try store.commit(names.map { .usedKey(keys[0], by: $0) })
            try SQLiteStore(path: path).commit([.removeAccount(names[0])])
            try store.commit([.usedKey(keys[1], by: names[1])])
            try store.commit([.usedKey(keys[2], by: names[1])])
            #expect(try SQLiteStore(path: path).recentKeys(of: names[1]) == keys)
            try store.close()
            let accounts = try await DatabaseQueue(path: path).read {
                try Int.fetchSet($0, sql: "SELECT DISTINCT id / 5 FROM key_page")
            }
            #expect(accounts == [2])
        }
    }
}

import ChatCore
import ChatProtocol
import ChatStoreSQLite
import GRDB
import Testing

/// A database of an earlier version keeps everything that is in it.
struct OldSchemaTests {
    private static let receipt = Reply.Receipt(sequence: 3, time: Timestamp(milliseconds: 4))

    @Test func keysOfTheFirstSchemaAreStillKnown() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            let keys = try [
                StoredKey(key: #require(MessageKey("a")), reply: .message(.success, Self.receipt)),
                StoredKey(key: #require(MessageKey("b")), reply: .broadcast(sent: 5, blocked: 2, Self.receipt)),
            ]
            try Self.makeDatabase(ofSchema: 1, at: path) { db in
                for key in keys {
                    let reply = String(decoding: ServerMessage.reply(key.reply, id: nil).encoded(), as: UTF8.self)
                    try db.execute(sql: "INSERT INTO used_key (account, key, reply) VALUES (7, ?, ?)", arguments: [key.key.text, reply])
                }
            }
            let store = try SQLiteStore(path: path)
            #expect(try store.recentKeys(of: hans) == keys)
            #expect(try store.inbox(of: hans, after: 0, count: 10, bytes: 1000).map(\.text) == ["one", "two"])
        }
    }

    @Test func messagesAndKeysOfTheSecondSchemaStayWhereTheyWere() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let (hans, yoda) = try (#require(UserName("hans")), #require(UserName("yoda")))
            try Self.makeDatabase(ofSchema: 2, at: path) { db in
                for number in 10...265 {
                    try db.execute(
                        sql: "INSERT INTO recent_key VALUES (7, ?, ?, ?, 3, 4, NULL, NULL)",
                        arguments: [number % 256, number, "k\(number)"])
                }
            }
            let store = try SQLiteStore(path: path)
            #expect(try store.inbox(of: hans, after: 0, count: 10, bytes: 1000).map(\.sequence) == [1, 2])
            #expect(try store.inbox(of: hans, after: 1, count: 10, bytes: 1000).map(\.text) == ["two"])
            #expect(try store.inbox(of: yoda, after: 0, count: 10, bytes: 1000).map(\.text) == ["to yoda"])
            #expect(try store.load().broadcastSequence == 41)
            let page = try store.history(of: yoda, HistoryQuery(with: nil, before: nil, limit: 10), hiding: [])
            #expect(page.messages.map(\.text) == ["to all"])
            #expect(try store.recentKeys(of: hans).map(\.key.text) == (10...265).map { "k\($0)" })

            // What comes takes its place after what was there.
            let key = try StoredKey(key: #require(MessageKey("new")), reply: .message(.success, Self.receipt))
            let message = StoredMessage(sequence: 3, from: yoda, text: "three", time: Timestamp(milliseconds: 9))
            try store.commit([.direct(message, to: hans), .usedKey(key, by: hans)])
            #expect(try store.inbox(of: hans, after: 0, count: 10, bytes: 1000).map(\.text) == ["one", "two", "three"])
            #expect(try store.recentKeys(of: hans).map(\.key.text) == (11...265).map { "k\($0)" } + ["new"])
        }
    }

    @Test func keysOfTheThirdSchemaAreStillKnown() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let (hans, yoda) = try (#require(UserName("hans")), #require(UserName("yoda")))
            let digits = String(repeating: "0123456789abcdef", count: 2)
            try Self.makeDatabase(ofSchema: 3, at: path) { db in
                func insert(_ account: Int, _ number: Int, _ key: String, _ sent: Int?, _ blocked: Int?) throws {
                    try db.execute(
                        sql: "INSERT INTO recent_key VALUES (?, ?, ?, 3, 4, ?, ?)",
                        arguments: [account * 256 + number % 256, number, key, sent, blocked])
                }
                for number in 300...555 { try insert(7, number, "k\(number)", nil, nil) }
                try insert(2, 1, "a", 5, 2)
                try insert(2, 2, digits, nil, nil)
                // Of an account that was removed while a server had it in use.
                try insert(3, 1, "lost", nil, nil)
            }
            let store = try SQLiteStore(path: path)
            #expect(try store.recentKeys(of: hans).map(\.key.text) == (300...555).map { "k\($0)" })
            #expect(
                try store.recentKeys(of: yoda) == [
                    StoredKey(key: #require(MessageKey("a")), reply: .broadcast(sent: 5, blocked: 2, Self.receipt)),
                    StoredKey(key: #require(MessageKey(digits)), reply: .message(.success, Self.receipt)),
                ])
            #expect(try store.inbox(of: hans, after: 0, count: 10, bytes: 1000).map(\.text) == ["one"])
            let key = try StoredKey(key: #require(MessageKey("new")), reply: .message(.success, Self.receipt))
            try store.commit([.usedKey(key, by: hans)])
            try store.close()
            #expect(try SQLiteStore(path: path).recentKeys(of: hans).map(\.key.text) == (301...555).map { "k\($0)" } + ["new"])
            let accounts = try await DatabaseQueue(path: path).read {
                try Int.fetchSet($0, sql: "SELECT DISTINCT id / 5 FROM key_page")
            }
            #expect(accounts == [2, 7])
        }
    }

    /// The tables as they were: yoda is account 2 and hans 7.
    private static func makeDatabase(ofSchema version: Int, at path: String, _ fill: (Database) throws -> Void) throws {
        let keys = [
            1: "CREATE TABLE used_key (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, key TEXT NOT NULL, reply TEXT NOT NULL);",
            2: """
            CREATE TABLE recent_key (
                account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, slot INTEGER NOT NULL, number INTEGER NOT NULL,
                key TEXT NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL, n_sent INTEGER, n_blocked INTEGER,
                PRIMARY KEY (account, slot)) WITHOUT ROWID;
            """,
            3: """
            DROP TABLE message;
            CREATE TABLE message (id INTEGER PRIMARY KEY, sender TEXT NOT NULL, sent_at INTEGER NOT NULL, text TEXT NOT NULL);
            INSERT INTO message VALUES (7 << 38 | 1, 'yoda', 1, 'one');
            CREATE TABLE recent_key (
                id INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
                n_sent INTEGER, n_blocked INTEGER);
            """,
        ]
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE account (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, imported_hash TEXT,
                        opened_at INTEGER, closed_at INTEGER, token_digest BLOB, last_sequence INTEGER NOT NULL DEFAULT 0,
                        acknowledged INTEGER NOT NULL DEFAULT 0);
                    CREATE TABLE block (
                        owner INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                        target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, PRIMARY KEY (owner, target)) WITHOUT ROWID;
                    CREATE TABLE lockout (name TEXT PRIMARY KEY, failures INTEGER NOT NULL, until INTEGER) WITHOUT ROWID;
                    CREATE TABLE message (
                        recipient INTEGER NOT NULL, sequence INTEGER NOT NULL, sender TEXT NOT NULL, sent_at INTEGER NOT NULL,
                        text TEXT NOT NULL, PRIMARY KEY (recipient, sequence)) WITHOUT ROWID;
                    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
                    INSERT INTO account (id, name, password_hash, last_sequence) VALUES (2, 'yoda', 'h', 1), (7, 'hans', 'h', 2);
                    INSERT INTO message VALUES (7, 1, 'yoda', 1, 'one'), (7, 2, 'yoda', 2, 'two'), (2, 1, 'hans', 3, 'to yoda'),
                        (0, 41, 'hans', 4, 'to all');
                    """ + (keys[version] ?? ""))
            for number in 1...version { try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: ["\(number)"]) }
            try fill(db)
        }
        try queue.close()
    }
}

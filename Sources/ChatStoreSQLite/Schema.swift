import ChatCore
import ChatProtocol
import GRDB

/// The tables, and how older databases become today's.
enum Schema {
    /// `recipient` of a broadcast.
    static let everyone: Int64 = 0

    /// Keys that an account's ring had room for up to the third schema.
    private static let keySlots: Int64 = 256

    /// Bits of a message's id that are its place in its stream; those above are its recipient. One number, because a table
    /// whose key is a number is searched in half the time.
    private static let placeBits: Int64 = 38

    /// Ids of accounts are never used again; with more of them there would be no bits left for them.
    static let mostAccounts: Int64 = 1 << (62 - placeBits)

    static func place(_ sequence: UInt64, of recipient: Int64) -> Int64 {
        places(of: recipient).lowerBound | Int64(min(sequence, 1 << placeBits - 1))
    }

    /// All places of a stream.
    static func places(of recipient: Int64) -> ClosedRange<Int64> {
        let first = recipient << placeBits
        return first...(first | (1 << placeBits - 1))
    }

    static func sequence(ofID id: Int64) -> UInt64 { UInt64(id & (1 << placeBits - 1)) }

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            // Times are milliseconds since 1970. A session without `closed_at` is open, or was when the server was killed.
            try db.execute(
                sql: """
                    CREATE TABLE account (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        name TEXT NOT NULL UNIQUE,
                        password_hash TEXT NOT NULL,
                        imported_hash TEXT,
                        opened_at INTEGER,
                        closed_at INTEGER,
                        token_digest BLOB,
                        last_sequence INTEGER NOT NULL DEFAULT 0,
                        acknowledged INTEGER NOT NULL DEFAULT 0
                    );
                    CREATE TABLE block (
                        owner INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                        target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                        PRIMARY KEY (owner, target)
                    ) WITHOUT ROWID;
                    CREATE INDEX block_target ON block (target);
                    CREATE TABLE lockout (
                        name TEXT PRIMARY KEY,
                        failures INTEGER NOT NULL,
                        until INTEGER
                    ) WITHOUT ROWID;
                    CREATE TABLE message (
                        recipient INTEGER NOT NULL,
                        sequence INTEGER NOT NULL,
                        sender TEXT NOT NULL,
                        sent_at INTEGER NOT NULL,
                        text TEXT NOT NULL,
                        PRIMARY KEY (recipient, sequence)
                    ) WITHOUT ROWID;
                    CREATE TABLE used_key (
                        id INTEGER PRIMARY KEY,
                        account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                        key TEXT NOT NULL,
                        reply TEXT NOT NULL
                    );
                    CREATE INDEX used_key_account ON used_key (account, id);
                    CREATE TABLE setting (
                        name TEXT PRIMARY KEY,
                        value TEXT NOT NULL
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("2") { db in
            // Slot is the number modulo 256. `n_sent` and `n_blocked` are of a broadcast.
            try db.execute(
                sql: """
                    CREATE TABLE recent_key (
                        account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                        slot INTEGER NOT NULL,
                        number INTEGER NOT NULL,
                        key TEXT NOT NULL,
                        sequence INTEGER NOT NULL,
                        time INTEGER NOT NULL,
                        n_sent INTEGER,
                        n_blocked INTEGER,
                        PRIMARY KEY (account, slot)
                    ) WITHOUT ROWID;
                    """)
            try moveKeys(db)
            try db.execute(sql: "DROP TABLE used_key")
        }
        migrator.registerMigration("3") { db in
            // `id` of a message as above; `id` of a key is 256 times its account and the slot. Neither names its account as such:
            // who removes one removes these.
            try db.execute(
                sql: """
                    CREATE TABLE message_3 (
                        id INTEGER PRIMARY KEY,
                        sender TEXT NOT NULL,
                        sent_at INTEGER NOT NULL,
                        text TEXT NOT NULL
                    );
                    INSERT INTO message_3 SELECT recipient << \(placeBits) | sequence, sender, sent_at, text FROM message
                        ORDER BY recipient, sequence;
                    DROP TABLE message;
                    ALTER TABLE message_3 RENAME TO message;
                    CREATE TABLE recent_key_3 (
                        id INTEGER PRIMARY KEY,
                        number INTEGER NOT NULL,
                        key TEXT NOT NULL,
                        sequence INTEGER NOT NULL,
                        time INTEGER NOT NULL,
                        n_sent INTEGER,
                        n_blocked INTEGER
                    );
                    INSERT INTO recent_key_3 SELECT account * \(keySlots) + slot, number, key, sequence, time, n_sent, n_blocked
                        FROM recent_key ORDER BY account, slot;
                    DROP TABLE recent_key;
                    ALTER TABLE recent_key_3 RENAME TO recent_key;
                    """)
        }
        migrator.registerMigration("4") { db in
            // A row of the log is of a commit. `id` of a page is five times its account and the page's number modulo five.
            try db.execute(
                sql: """
                    CREATE TABLE key_log (
                        id INTEGER PRIMARY KEY,
                        keys BLOB NOT NULL
                    );
                    CREATE TABLE key_page (
                        id INTEGER PRIMARY KEY,
                        number INTEGER NOT NULL,
                        keys BLOB NOT NULL
                    );
                    """)
            try packKeys(db)
            try db.execute(sql: "DROP TABLE recent_key")
        }
        return migrator
    }()

    /// The keys of before, whose replies were kept as they had been sent.
    private static func moveKeys(_ db: Database) throws {
        let insertion = try FastStatement(
            db,
            """
            INSERT OR REPLACE INTO recent_key (account, slot, number, key, sequence, time, n_sent, n_blocked)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        let rows = try Row.fetchCursor(db, sql: "SELECT account, key, reply FROM used_key ORDER BY account, id")
        var numbers: [Int64: Int64] = [:]
        while let row = try rows.next() {
            let reply = Array((row[2] as String).utf8).withUnsafeBytes { bytes -> KeptReply? in
                guard case .reply(let reply, _)? = try? ServerMessage.decoding(bytes) else { return nil }
                return KeptReply(reply)
            }
            guard let key = MessageKey(row[1] as String), let reply else { continue }
            let number = numbers[row[0], default: 0] + 1
            numbers[row[0]] = number
            try insertion.bind(row[0] as Int64, at: 1)
            try insertion.bind(number % keySlots, at: 2)
            try insertion.bind(number, at: 3)
            try insertion.bind(key.text, at: 4)
            try insertion.bind(Int64(clamping: reply.receipt.sequence), at: 5)
            try insertion.bind(reply.receipt.time.milliseconds, at: 6)
            try insertion.bind(reply.audience.map { Int64($0.sent) }, at: 7)
            try insertion.bind(reply.audience.map { Int64($0.blocked) }, at: 8)
            try insertion.run()
        }
    }

    private static func packKeys(_ db: Database) throws {
        let rows = try FastRows(
            db, "SELECT id / \(keySlots), number, key, sequence, time, n_sent, n_blocked FROM recent_key ORDER BY id")
        var ring: [(number: Int64, key: PackedKeys)] = []
        var account: Int64 = 0
        func pack() throws {
            guard !ring.isEmpty else { return }
            ring.sort { $0.number < $1.number }
            try KeyPages.append(PackedKeys(bytes: ring.flatMap(\.key.bytes)), of: account, in: db)
            ring.removeAll(keepingCapacity: true)
        }
        while try rows.next() {
            guard let owner = rows.number(0), let number = rows.number(1), let key = rows.text(2).flatMap({ MessageKey($0) }) else {
                continue
            }
            if owner != account { try pack() }
            account = owner
            let receipt = Reply.Receipt(
                sequence: UInt64(clamping: rows.number(3) ?? 0), time: Timestamp(milliseconds: rows.number(4) ?? 0))
            let audience = rows.number(5).map {
                KeptReply.Audience(sent: Int32(clamping: $0), blocked: Int32(clamping: rows.number(6) ?? 0))
            }
            var packed = PackedKeys()
            packed.append(key, KeptReply(receipt: receipt, audience: audience))
            ring.append((number, packed))
        }
        try pack()
    }
}

import ChatCore
import ChatProtocol
import GRDB

/// The latest keys of each account, in a ring: the key that is the 257th takes the place of the first, and nothing has to be
/// looked for and removed.
enum RecentKeys {
    /// Adds one key.
    struct Insertion {
        private let statement: FastStatement

        init(_ db: Database, room: BindingRoom) throws {
            statement = try FastStatement(
                db,
                """
                INSERT OR REPLACE INTO recent_key (id, number, key, sequence, time, n_sent, n_blocked) VALUES (?, ?, ?, ?, ?, ?, ?)
                """, room: room)
        }

        /// - Parameter number: counts an account's keys, from 1.
        func run(_ key: MessageKey, _ reply: KeptReply, number: Int64, of account: Int64) throws {
            try statement.bind(account * Schema.keySlots + number % Schema.keySlots, at: 1)
            try statement.bind(number, at: 2)
            try statement.bind(key.text, at: 3)
            try statement.bind(Int64(clamping: reply.receipt.sequence), at: 4)
            try statement.bind(reply.receipt.time.milliseconds, at: 5)
            try statement.bind(reply.audience.map { Int64($0.sent) }, at: 6)
            try statement.bind(reply.audience.map { Int64($0.blocked) }, at: 7)
            try statement.run()
        }
    }

    /// The number of the account's latest key; 0 if there is none.
    static func last(of account: Int64, in db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT max(number) FROM recent_key WHERE id BETWEEN ? AND ?")
        return try Int64.fetchOne(statement, arguments: ring(of: account)) ?? 0
    }

    static func remove(of account: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM recent_key WHERE id BETWEEN ? AND ?").execute(arguments: ring(of: account))
    }

    private static func ring(of account: Int64) -> StatementArguments {
        [account * Schema.keySlots, account * Schema.keySlots + Schema.keySlots - 1]
    }

    /// Oldest first.
    static func all(of account: Int64, in db: Database) throws -> [StoredKey] {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT key, sequence, time, n_sent, n_blocked FROM recent_key WHERE id BETWEEN ? AND ? ORDER BY number",
            arguments: ring(of: account))
        var keys: [StoredKey] = []
        while let row = try rows.next() {
            guard let key = MessageKey(row[0] as String) else { continue }
            let receipt = Reply.Receipt(sequence: UInt64(clamping: row[1] as Int64), time: Timestamp(milliseconds: row[2]))
            let audience = (row[3] as Int32?).map { KeptReply.Audience(sent: $0, blocked: row[4] ?? 0) }
            keys.append(StoredKey(key: key, reply: KeptReply(receipt: receipt, audience: audience).reply))
        }
        return keys
    }
}

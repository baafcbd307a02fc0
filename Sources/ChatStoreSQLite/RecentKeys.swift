import ChatCore
import ChatProtocol
import GRDB

/// The latest keys of each account, in a ring: the key that is the 257th takes the place of the first, and nothing has to be
/// looked for and removed.
enum RecentKeys {
    /// Adds one key.
    struct Insertion {
        private let statement: FastStatement

        init(_ db: Database) throws {
            statement = try FastStatement(
                db,
                """
                INSERT OR REPLACE INTO recent_key (account, slot, number, key, sequence, time, n_sent, n_blocked)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        }

        /// - Parameter number: counts an account's keys, from 1.
        func run(_ key: MessageKey, _ reply: KeptReply, number: Int64, of account: Int64) throws {
            statement.bind(account, at: 1)
            statement.bind(number % Schema.keySlots, at: 2)
            statement.bind(number, at: 3)
            statement.bind(key.text, at: 4)
            statement.bind(Int64(clamping: reply.receipt.sequence), at: 5)
            statement.bind(reply.receipt.time.milliseconds, at: 6)
            statement.bind(reply.audience.map { Int64($0.sent) }, at: 7)
            statement.bind(reply.audience.map { Int64($0.blocked) }, at: 8)
            try statement.run()
        }
    }

    /// The number of the account's latest key; 0 if there is none.
    static func last(of account: Int64, in db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT max(number) FROM recent_key WHERE account = ?")
        return try Int64.fetchOne(statement, arguments: [account]) ?? 0
    }

    /// Oldest first.
    static func all(of account: Int64, in db: Database) throws -> [StoredKey] {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT key, sequence, time, n_sent, n_blocked FROM recent_key WHERE account = ? ORDER BY number",
            arguments: [account])
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

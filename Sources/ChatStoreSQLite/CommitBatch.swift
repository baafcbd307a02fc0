import ChatCore
import ChatProtocol
import Foundation
import GRDB

/// Writes the changes of one commit, within the transaction of its caller.
struct CommitBatch {
    /// How many broadcasts are removed at once.
    private static let trimmed: UInt64 = 256

    let db: Database
    let id: (UserName) throws -> Int64?
    /// The number of each account's latest key, as far as it is known.
    private(set) var lastKeys: [Int64: Int64]
    /// The ends of the streams that grew, and how far they were acknowledged: one update for each at the end, however many
    /// messages came.
    private var ends: [Int64: UInt64] = [:]
    private var acknowledged: [Int64: UInt64] = [:]
    private var broadcasts: ClosedRange<UInt64>?
    private var message: FastStatement?
    private var key: RecentKeys.Insertion?

    init(db: Database, lastKeys: [Int64: Int64], id: @escaping (UserName) throws -> Int64?) {
        self.db = db
        self.lastKeys = lastKeys
        self.id = id
    }

    mutating func apply(_ change: Change) throws {
        switch change {
        case .direct(let message, let name):
            // An account that another process removed a moment ago: nobody is left to read it.
            guard let recipient = try id(name) else { return }
            try insert(message, into: recipient)
            ends[recipient] = message.sequence
        case .broadcast(let message):
            try insert(message, into: Schema.everyone)
            broadcasts = min(broadcasts?.lowerBound ?? message.sequence, message.sequence)...message.sequence
        case .usedKey(let key, let name):
            guard let account = try id(name), let reply = KeptReply(key.reply) else { return }
            let number = try (lastKeys[account] ?? RecentKeys.last(of: account, in: db)) + 1
            lastKeys[account] = number
            let insertion = try self.key ?? RecentKeys.Insertion(db)
            self.key = insertion
            try insertion.run(key.key, reply, number: number, of: account)
        case .acknowledged(let name, let through, _):
            guard let account = try id(name) else { return }
            acknowledged[account] = max(through, acknowledged[account] ?? 0)
        case .block(let user, let name):
            guard let owner = try id(name), let target = try id(user) else { return }
            try run("INSERT OR IGNORE INTO block (owner, target) VALUES (?, ?)", [owner, target])
        case .unblock(let user, let name):
            guard let owner = try id(name), let target = try id(user) else { return }
            try run("DELETE FROM block WHERE owner = ? AND target = ?", [owner, target])
        case .lockout(let name, let failures, let until):
            try run(
                "INSERT OR REPLACE INTO lockout (name, failures, until) VALUES (?, ?, ?)", [name.text, failures, until?.milliseconds])
        case .clearLockout(let name): try run("DELETE FROM lockout WHERE name = ?", [name.text])
        case .sessionOpened(let name, let token, let time):
            try run(
                "UPDATE account SET opened_at = ?, closed_at = NULL, token_digest = ? WHERE name = ?",
                [time.milliseconds, token.map { Data($0.bytes) }, name.text])
        case .sessionClosed(let name, let time, let isResumable):
            try run(
                "UPDATE account SET closed_at = ?, token_digest = iif(?, token_digest, NULL) WHERE name = ?",
                [time.milliseconds, isResumable, name.text])
        case .password(let name, let hash): try run("UPDATE account SET password_hash = ? WHERE name = ?", [hash, name.text])
        case .account(let record):
            try run(
                """
                INSERT INTO account (name, password_hash, imported_hash) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, imported_hash = excluded.imported_hash
                """, [record.name.text, record.passwordHash, record.importedHash])
        case .removeAccount(let name):
            guard let account = try id(name) else { return }
            ends[account] = nil
            acknowledged[account] = nil
            lastKeys[account] = nil
            let own = Schema.places(of: account)
            try run("DELETE FROM message WHERE id BETWEEN ? AND ? OR sender = ?", [own.lowerBound, own.upperBound, name.text])
            try RecentKeys.remove(of: account, in: db)
            try run("DELETE FROM account WHERE id = ?", [account])
        case .imported(let stamp):
            try run("INSERT OR REPLACE INTO setting (name, value) VALUES ('credentials', ?)", [stamp])
        }
    }

    mutating func finish() throws {
        if !ends.isEmpty {
            let update = try FastStatement(db, "UPDATE account SET last_sequence = ?, acknowledged = max(acknowledged, ?) WHERE id = ?")
            for (recipient, sequence) in ends {
                try update.bind(Int64(clamping: sequence), at: 1)
                try update.bind(Int64(clamping: acknowledged.removeValue(forKey: recipient) ?? 0), at: 2)
                try update.bind(recipient, at: 3)
                try update.run()
            }
        }
        if !acknowledged.isEmpty {
            let update = try FastStatement(db, "UPDATE account SET acknowledged = max(acknowledged, ?) WHERE id = ?")
            for (account, through) in acknowledged {
                try update.bind(Int64(clamping: through), at: 1)
                try update.bind(account, at: 2)
                try update.run()
            }
        }
        // Not with each commit: the old ones are on other pages than the new.
        if let broadcasts, broadcasts.upperBound > keptBroadcasts,
            broadcasts.upperBound / Self.trimmed != (broadcasts.lowerBound - 1) / Self.trimmed
        {
            try run(
                "DELETE FROM message WHERE id BETWEEN ? AND ?",
                [
                    Schema.places(of: Schema.everyone).lowerBound,
                    Schema.place(broadcasts.upperBound - keptBroadcasts, of: Schema.everyone),
                ])
        }
    }

    private mutating func insert(_ message: StoredMessage, into recipient: Int64) throws {
        let insertion =
            try self.message
            ?? FastStatement(db, "INSERT INTO message (id, sender, sent_at, text) VALUES (?, ?, ?, ?)")
        self.message = insertion
        try insertion.bind(Schema.place(message.sequence, of: recipient), at: 1)
        try insertion.bind(message.from.text, at: 2)
        try insertion.bind(message.time.milliseconds, at: 3)
        try insertion.bind(message.text, at: 4)
        try insertion.run()
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

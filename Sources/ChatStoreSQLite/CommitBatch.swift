import ChatCore
import ChatProtocol
import Foundation
import GRDB

/// Writes the changes of one commit, within the transaction of its caller.
struct CommitBatch {
    /// How many broadcasts are removed at once.
    private static let trimmed: UInt64 = 256

    let db: Database
    var known: KnownAccounts
    var keys: KeyLog
    private var broadcasts: ClosedRange<UInt64>?
    private var message: FastStatement?
    private let room = BindingRoom()

    init(db: Database, known: KnownAccounts, keys: KeyLog) {
        self.db = db
        self.known = known
        self.keys = keys
    }

    mutating func apply(_ change: Change) throws {
        switch change {
        case .direct(let message, let name):
            // An account that another process removed a moment ago: nobody is left to read it.
            guard let place = try known.place(of: name, in: db) else { return }
            try insert(message, into: known[place].id)
            known.moveEnd(at: place, to: message.sequence)
        case .broadcast(let message):
            try insert(message, into: Schema.everyone)
            broadcasts = min(broadcasts?.lowerBound ?? message.sequence, message.sequence)...message.sequence
        case .usedKey(let key, let name):
            guard let place = try known.place(of: name, in: db), let reply = KeptReply(key.reply) else { return }
            try keys.add(key.key, reply, of: known[place].id, in: db)
        case .acknowledged(let name, let through, _):
            guard let place = try known.place(of: name, in: db) else { return }
            known.acknowledge(at: place, through: through)
        case .block(let user, let name):
            guard let owner = try id(of: name), let target = try id(of: user) else { return }
            try run("INSERT OR IGNORE INTO block (owner, target) VALUES (?, ?)", [owner, target])
        case .unblock(let user, let name):
            guard let owner = try id(of: name), let target = try id(of: user) else { return }
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
            guard let account = try id(of: name) else { return }
            known.forget(name)
            let own = Schema.places(of: account)
            try run("DELETE FROM message WHERE id BETWEEN ? AND ? OR sender = ?", [own.lowerBound, own.upperBound, name.text])
            try keys.remove(account, in: db)
            try KeyPages.remove(of: account, in: db)
            try run("DELETE FROM account WHERE id = ?", [account])
        case .imported(let stamp):
            try run("INSERT OR REPLACE INTO setting (name, value) VALUES ('credentials', ?)", [stamp])
        }
    }

    mutating func finish() throws {
        try writeMoved()
        try keys.finish(in: db)
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

    private mutating func writeMoved() throws {
        let moved = known.takeMoved()
        guard !moved.isEmpty else { return }
        let update = try FastStatement(
            db,
            """
            UPDATE account SET last_sequence = coalesce(?, last_sequence), acknowledged = max(acknowledged, coalesce(?, 0)) WHERE id = ?
            """)
        for account in moved {
            try update.bind(account.end.map { Int64(clamping: $0) }, at: 1)
            try update.bind(account.acknowledged.map { Int64(clamping: $0) }, at: 2)
            try update.bind(account.id, at: 3)
            try update.run()
        }
    }

    private mutating func insert(_ message: StoredMessage, into recipient: Int64) throws {
        let insertion =
            try self.message
            ?? FastStatement(db, "INSERT INTO message (id, sender, sent_at, text) VALUES (?, ?, ?, ?)", room: room)
        self.message = insertion
        try insertion.bind(Schema.place(message.sequence, of: recipient), at: 1)
        try insertion.bind(message.from, at: 2)
        try insertion.bind(message.time.milliseconds, at: 3)
        try insertion.bind(message.text, at: 4)
        try insertion.run()
    }

    private mutating func id(of name: UserName) throws -> Int64? { try known.place(of: name, in: db).map { known[$0].id } }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

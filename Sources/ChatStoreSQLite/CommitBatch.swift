import ChatCore
import ChatProtocol
import Foundation
import GRDB

/// Writes the changes of one commit, within the transaction of its caller.
struct CommitBatch {
    let db: Database
    let id: (UserName) throws -> Int64?
    /// The ends of the streams that grew: one update for each at the end, however many messages came.
    private var ends: [Int64: UInt64] = [:]
    private var lastBroadcast: UInt64?
    /// Accounts that used keys, of which only the latest are kept.
    private var keyed: Set<Int64> = []

    init(db: Database, id: @escaping (UserName) throws -> Int64?) {
        self.db = db
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
            lastBroadcast = message.sequence
        case .usedKey(let key, let name):
            guard let account = try id(name) else { return }
            let reply = String(decoding: ServerMessage.reply(key.reply, id: nil).encoded(), as: UTF8.self)
            try run("INSERT INTO used_key (account, key, reply) VALUES (?, ?, ?)", [account, key.key.text, reply])
            keyed.insert(account)
        case .acknowledged(let name, let through, _):
            try run("UPDATE account SET acknowledged = max(acknowledged, ?) WHERE name = ?", [Int64(clamping: through), name.text])
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
            try run("DELETE FROM message WHERE recipient = ? OR sender = ?", [account, name.text])
            try run("DELETE FROM account WHERE id = ?", [account])
        case .imported(let stamp):
            try run("INSERT OR REPLACE INTO setting (name, value) VALUES ('credentials', ?)", [stamp])
        }
    }

    mutating func finish() throws {
        for account in keyed {
            try run(
                """
                DELETE FROM used_key WHERE account = ?1 AND id <=
                    (SELECT id FROM used_key WHERE account = ?1 ORDER BY id DESC LIMIT 1 OFFSET \(KeyWindow.capacity))
                """, [account])
        }
        for (recipient, sequence) in ends {
            try run("UPDATE account SET last_sequence = ? WHERE id = ?", [Int64(clamping: sequence), recipient])
        }
        if let lastBroadcast, lastBroadcast > keptBroadcasts {
            try run(
                "DELETE FROM message WHERE recipient = 0 AND sequence <= ?", [Int64(clamping: lastBroadcast - keptBroadcasts)])
        }
    }

    private func insert(_ message: StoredMessage, into recipient: Int64) throws {
        try MessageInsertion(db).run(message, into: recipient)
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

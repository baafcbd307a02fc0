package import ChatCore
package import ChatProtocol
import Foundation
import GRDB

/// A ``ChatStore`` in one SQLite file: write-ahead log, and an fsync for every commit.
package final class SQLiteStore: ChatStore {
    private let path: String
    private let queue: DatabaseQueue
    private let known = Locked(KnownAccounts())
    private let keys: Locked<KeyLog>
    private let log: Locked<LogRoom>

    /// Databases up to this size are checked as a whole at the start; larger ones only where they are read.
    private static let checkedBytes = 32 << 20

    /// Opens the database at `path` and brings its schema up to date; makes one if there is none.
    ///
    /// - Parameters:
    ///   - isInUse: another process uses it, as it is: then an older schema is an error.
    ///   - keyLogSize: bytes of keys that are kept as they come before they are moved to those of their accounts.
    package init(path: String, isInUse: Bool = false, keyLogSize: Int = 3 << 20) throws(StoreFailure) {
        self.path = path
        keys = Locked(KeyLog(most: keyLogSize))
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let isNewer = try queue.read { try Schema.migrator.hasBeenSuperseded($0) }
            guard !isNewer else { throw StoreFailure.newerSchema(path: path) }
            if isInUse {
                let isCurrent = try queue.read { try Schema.migrator.hasCompletedMigrations($0) }
                guard isCurrent else { throw StoreFailure.olderSchema(path: path) }
            }
            try queue.read { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
                guard pages * size <= Self.checkedBytes else { return }
                let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
                guard verdict == "ok" else { throw StoreFailure.damaged(path: path, detail: verdict) }
            }
            try Schema.migrator.migrate(queue)
            log = Locked(LogRoom(path: path + "-wal"))
        } catch {
            throw Self.failure(error, path: path)
        }
    }

    deinit { log.withLock { $0.giveUp() } }

    private static func failure(_ error: any Error, path: String) -> StoreFailure {
        if let failure = error as? StoreFailure { return failure }
        guard let error = error as? DatabaseError else { return .unusable(path: path, detail: "\(error)") }
        let detail = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .damaged(path: path, detail: detail)
        default: return .unusable(path: path, detail: detail)
        }
    }

    package func load() throws -> StoredState {
        // Whoever removed an account and added it again from outside gave its name another id.
        known.withLock { $0 = KnownAccounts() }
        keys.withLock { $0 = $0.forgotten }
        do {
            return try queue.read { db in
                var state = StoredState()
                let ids = try loadAccounts(into: &state, from: db)
                try loadBlocks(into: &state, ids, from: db)
                let lockouts = try Row.fetchCursor(db, sql: "SELECT name, failures, until FROM lockout ORDER BY name")
                while let row = try lockouts.next() {
                    guard let name = UserName(row[0] as String) else { continue }
                    state.lockouts.append(
                        .init(name: name, failures: row[1], until: (row[2] as Int64?).map(Timestamp.init(milliseconds:))))
                }
                let broadcasts = Schema.places(of: Schema.everyone)
                let last = try Int64.fetchOne(
                    db, sql: "SELECT max(id) FROM message WHERE id BETWEEN ? AND ?",
                    arguments: [broadcasts.lowerBound, broadcasts.upperBound])
                state.broadcastSequence = last.map(Schema.sequence(ofID:)) ?? 0
                state.importStamp = try String.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'credentials'")
                return state
            }
        } catch {
            throw Self.failure(error, path: path)
        }
    }

    /// Returns the accounts' ids, in their order.
    private func loadAccounts(into state: inout StoredState, from db: Database) throws -> [Int64] {
        let rows = try FastRows(
            db,
            """
            SELECT id, name, password_hash, imported_hash, opened_at, closed_at, token_digest, last_sequence, acknowledged FROM account
            """)
        var ids: [Int64] = []
        while try rows.next() {
            guard let id = rows.number(0), let name = rows.text(1).flatMap({ UserName($0) }) else { continue }
            let password = rows.text(2)
            var account = StoredState.StoredAccount(
                record: AccountRecord(name: name, passwordHash: password ?? "", importedHash: rows.text(3, or: password, of: 2)))
            account.opened = rows.number(4).map(Timestamp.init(milliseconds:))
            account.closed = rows.number(5).map(Timestamp.init(milliseconds:))
            account.token = rows.bytes(6).flatMap(TokenDigest.init(bytes:))
            account.lastSequence = UInt64(clamping: rows.number(7) ?? 0)
            account.acknowledged = UInt64(clamping: rows.number(8) ?? 0)
            state.accounts.append(account)
            ids.append(id)
        }
        return ids
    }

    private func loadBlocks(into state: inout StoredState, _ ids: [Int64], from db: Database) throws {
        let rows = try FastRows(db, "SELECT owner, target FROM block")
        var places: [Int64: Int] = [:]
        while try rows.next() {
            if places.isEmpty { places = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices)) }
            guard let owner = rows.number(0).flatMap({ places[$0] }), let target = rows.number(1).flatMap({ places[$0] }) else { continue }
            state.accounts[owner].blocks.append(state.accounts[target].record.name)
        }
    }

    package func commit(_ changes: [Change]) throws {
        // Held by one alone at any time, or it would be copied. When the commit fails, all is forgotten, and looked up again.
        var known = KnownAccounts()
        self.known.withLock { swap(&$0, &known) }
        var keys = self.keys.withLock { keys in
            defer { keys = keys.forgotten }
            return keys
        }
        do {
            try queue.writeWithoutTransaction { db in try db.transaction { try write(changes, &known, &keys, in: $0) } }
            self.known.withLock { swap(&$0, &known) }
            self.keys.withLock { swap(&$0, &keys) }
        } catch {
            throw Self.failure(error, path: path)
        }
    }

    private func write(_ changes: [Change], _ known: inout KnownAccounts, _ keys: inout KeyLog, in db: Database) throws {
        // Nobody else writes the log within this transaction.
        log.withLock { $0.makeRoom() }
        var batch = CommitBatch(db: db, known: KnownAccounts(), keys: keys.forgotten)
        swap(&batch.known, &known)
        swap(&batch.keys, &keys)
        for change in changes { try batch.apply(change) }
        try batch.finish()
        swap(&batch.known, &known)
        swap(&batch.keys, &keys)
    }

    /// Moves what is in the write-ahead log into the database, so that the one file is everything.
    package func close() throws {
        log.withLock { $0.giveUp() }
        try queue.close()
    }

    package func inbox(of name: UserName, after sequence: UInt64, count: Int, bytes: Int) throws -> [StoredMessage] {
        try queue.read { db in
            guard let id = try id(of: name, in: db) else { return [] }
            let statement = try db.cachedStatement(
                sql: """
                    SELECT id, sender, text, sent_at FROM message WHERE id > ? AND id <= ? ORDER BY id LIMIT ?
                    """)
            let rows = try Row.fetchCursor(
                statement, arguments: [Schema.place(sequence, of: id), Schema.places(of: id).upperBound, count])
            var page: [StoredMessage] = []
            var size = 0
            while let row = try rows.next() {
                guard let message = StoredMessage(row) else { continue }
                size += message.text.utf8.count
                if size > bytes, !page.isEmpty { break }
                page.append(message)
            }
            return page
        }
    }

    package func history(of name: UserName, _ query: HistoryQuery, hiding hidden: Set<UserName>) throws -> Reply.HistoryPage {
        try queue.read { db in
            guard let other = query.with else {
                let broadcasts = try piece(
                    of: Schema.everyone, where: { !hidden.contains($0) }, before: query.before?.received, query.limit, in: db)
                return HistoryPager(query).page(received: broadcasts, sent: .nothing)
            }
            guard let me = try id(of: name, in: db) else { return .init(with: other, messages: [], before: nil) }
            let received = try piece(of: me, where: { $0 == other }, before: query.before?.received, query.limit, in: db)
            let them = try id(of: other, in: db)
            let sent = try them.map { try piece(of: $0, where: { $0 == name }, before: query.before?.sent, query.limit, in: db) }
            return HistoryPager(query).page(received: received, sent: sent ?? .nothing)
        }
    }

    /// How many messages of a stream are looked at for one page. An index by sender would cost every message sent more than this
    /// costs the few pages asked for; a page that finds less than it might says where to go on.
    private static let looked = 5000

    /// The latest messages of a stream before a place from the senders wanted, no more than fill a page.
    private func piece(
        of recipient: Int64, where isWanted: (UserName) -> Bool, before: UInt64?, _ limit: Int, in db: Database
    ) throws -> HistoryPager.Piece {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, sender, text, sent_at FROM message WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?
                """)
        let rows = try Row.fetchCursor(
            statement, arguments: [Schema.places(of: recipient).lowerBound, Schema.place(before ?? .max, of: recipient), Self.looked])
        var piece = HistoryPager.Piece(messages: [], reached: 1)
        var count = 0
        var size = 0
        while let row = try rows.next() {
            count += 1
            piece.reached = Schema.sequence(ofID: row[0])
            guard let sender = UserName(row[1] as String), isWanted(sender), let message = StoredMessage(row) else { continue }
            piece.messages.append(message)
            size += message.text.utf8.count
            if piece.messages.count == limit || size > HistoryPager.pageBytes { return piece }
        }
        if count < Self.looked { piece.reached = 1 }
        return piece
    }

    package func recentKeys(of name: UserName) throws -> [StoredKey] {
        try queue.read { db in
            guard let id = try id(of: name, in: db) else { return [] }
            var keys = try KeyPages.all(of: id, in: db)
            keys.bytes += try self.keys.withLock { try $0.keys(of: id, in: db) }.bytes
            return keys.latest(KeyWindow.capacity)
        }
    }

    private func id(of name: UserName, in db: Database) throws -> Int64? {
        if let id = known.withLock({ $0.id(of: name) }) { return id }
        let id = try KnownAccounts.id(of: name, in: db)
        if let id { known.withLock { _ = $0.add(name, id) } }
        return id
    }
}

extension StoredMessage {
    /// From the columns id, sender, text, sent_at.
    fileprivate init?(_ row: Row) {
        guard let from = UserName(row[1] as String) else { return nil }
        self.init(
            sequence: Schema.sequence(ofID: row[0]), from: from, text: String(columnValue: row[2]),
            time: Timestamp(milliseconds: row[3]))
    }
}

import ChatCore
import ChatProtocol
import GRDB

/// The keys of the latest commits in the order of their use, a row for each commit: what a commit writes is together, where the
/// pages of all who sent something are not.
///
/// When there are too many, those who have keys in the oldest rows have all of theirs moved to their ``KeyPages``, and those rows go.
/// A row says of each key whose it is, and who has had his moved: what came of his before that is not to be looked for here.
struct KeyLog {
    /// What waits of one account.
    private struct Waiting {
        /// The row of the first.
        let since: Int64
        var keys = PackedKeys()
    }

    /// Bytes that the rows may have.
    private let most: Int
    private var waiting: [Int64: Waiting] = [:]
    private var isRead = false
    /// Bytes of all rows, and the number of the last: it is never removed, so that numbers go on.
    private var size = 0
    private var last: Int64 = 0
    /// The row of this commit.
    private var row = PackedKeys()

    /// - Parameter most: bytes that the rows may have: about 40 for a key, and as much in memory.
    init(most: Int) { self.most = most }

    /// The same without anything that was read or added.
    var forgotten: KeyLog { KeyLog(most: most) }

    /// The keys of an account that are not on its pages.
    mutating func keys(of account: Int64, in db: Database) throws -> PackedKeys {
        try read(db)
        return waiting[account]?.keys ?? PackedKeys()
    }

    /// Adds a key to the row of this commit.
    mutating func add(_ key: MessageKey, _ reply: KeptReply, of account: Int64, in db: Database) throws {
        try read(db)
        row.append(head: UInt64(account) << 1, key, reply)
        waiting[account, default: Waiting(since: last + 1)].keys.append(key, reply)
    }

    /// Writes the row of this commit, if it has one.
    mutating func finish(in db: Database) throws {
        guard !row.bytes.isEmpty else { return }
        // Not with each commit: the oldest row is on another page than the newest.
        if size > most + most / 64 { try moveOldest(in: db) }
        last += 1
        let insertion = try FastStatement(db, "INSERT INTO key_log (id, keys) VALUES (?, ?)")
        try insertion.bind(last, at: 1)
        try insertion.bind(row.bytes, at: 2)
        try insertion.run()
        size += row.bytes.count
        row.bytes.removeAll(keepingCapacity: true)
    }

    private mutating func moveOldest(in db: Database) throws {
        var oldest: Int64 = 0
        var accounts: [Int64] = []
        let rows = try FastRows(db, cached: "SELECT id, keys FROM key_log WHERE id BETWEEN ? AND ? ORDER BY id", 0...last)
        while size > most, try rows.next() {
            oldest = rows.number(0) ?? 0
            let row = rows.bytes(1) ?? []
            size -= row.count
            Self.forEach(in: row) { account, keys in if keys != nil { accounts.append(account) } }
        }
        rows.end()
        for account in accounts where waiting[account].map({ $0.since <= oldest }) ?? false {
            if let keys = waiting.removeValue(forKey: account)?.keys { try KeyPages.append(keys, of: account, in: db) }
            row.append(UInt64(account) << 1 | 1)
        }
        let removal = try FastStatement(db, "DELETE FROM key_log WHERE id <= ?")
        try removal.bind(oldest, at: 1)
        try removal.run()
    }

    /// Forgets an account, whose keys are removed as well.
    mutating func remove(_ account: Int64, in db: Database) throws {
        waiting[account] = nil
        let rows = try FastRows(db, cached: "SELECT id, keys FROM key_log WHERE id BETWEEN ? AND ?", 0...Int64.max)
        var changed: [(row: Int64, keys: PackedKeys)] = []
        while try rows.next() {
            guard let number = rows.number(0), let row = rows.bytes(1) else { continue }
            let left = Self.row(row, without: account)
            if left.bytes.count < row.count { changed.append((number, left)) }
        }
        let update = try FastStatement(db, "UPDATE key_log SET keys = ? WHERE id = ?")
        for (number, keys) in changed {
            try update.bind(keys.bytes, at: 1)
            try update.bind(number, at: 2)
            try update.run()
        }
        row = Self.row(row.bytes, without: account)
    }

    private static func row(_ row: [UInt8], without removed: Int64) -> PackedKeys {
        var left = PackedKeys()
        forEach(in: row) { account, keys in
            guard account != removed else { return }
            left.append(UInt64(account) << 1 | (keys == nil ? 1 : 0))
            if let keys { left.bytes.append(contentsOf: row[keys]) }
        }
        return left
    }

    private mutating func read(_ db: Database) throws {
        guard !isRead else { return }
        let rows = try FastRows(db, cached: "SELECT id, keys FROM key_log WHERE id BETWEEN ? AND ? ORDER BY id", 0...Int64.max)
        while try rows.next() {
            guard let number = rows.number(0), let row = rows.bytes(1) else { continue }
            last = number
            size += row.count
            Self.forEach(in: row) { account, keys in
                if let keys {
                    waiting[account, default: Waiting(since: number)].keys.bytes.append(contentsOf: row[keys])
                } else {
                    waiting[account] = nil
                }
            }
        }
        isRead = true
    }

    /// Tells of each entry of a row whose it is, and where his key is; or `nil` if his keys were moved.
    private static func forEach(in row: [UInt8], _ body: (Int64, Range<Int>?) -> Void) {
        var reader = PackedKeys.Reader(row)
        while let head = reader.number() {
            let account = Int64(clamping: head >> 1)
            if head & 1 == 1 {
                body(account, nil)
            } else if let keys = reader.skip() {
                body(account, keys)
            } else {
                return
            }
        }
    }
}

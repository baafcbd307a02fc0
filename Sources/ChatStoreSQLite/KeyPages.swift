import ChatCore
import ChatProtocol
import GRDB

/// Where an account's keys are together: in pages, of which the oldest makes room for the newest. They hold the last 256 keys and a few
/// before them.
enum KeyPages {
    /// Keys in a page, and pages of an account. Other numbers need a migration.
    private static let size = 64
    static let most: Int64 = 5

    /// Adds an account's `keys`, which are later than what is there; or nothing if there is no such account any more.
    static func append(_ keys: PackedKeys, of account: Int64, in db: Database) throws {
        let ranges = keys.ranges.suffix(KeyWindow.capacity)
        var (number, page) = try latest(of: account, in: db)
        var count = page.ranges.count
        if ranges.count == KeyWindow.capacity, count > 0 { (number, page, count) = (number + 1, PackedKeys(), 0) }
        for range in ranges {
            if count == size {
                try write(page, number, of: account, in: db)
                (number, page, count) = (number + 1, PackedKeys(), 0)
            }
            page.bytes.append(contentsOf: keys.bytes[range])
            count += 1
        }
        try write(page, number, of: account, in: db)
    }

    /// All of an account, and a few that are not remembered any more.
    static func all(of account: Int64, in db: Database) throws -> PackedKeys {
        let rows = try FastRows(db, cached: "SELECT keys FROM key_page WHERE id BETWEEN ? AND ? ORDER BY number", pages(of: account))
        var keys = PackedKeys()
        while try rows.next() { keys.bytes += rows.bytes(0) ?? [] }
        return keys
    }

    static func remove(of account: Int64, in db: Database) throws {
        let pages = pages(of: account)
        let arguments: StatementArguments = [pages.lowerBound, pages.upperBound]
        try db.cachedStatement(sql: "DELETE FROM key_page WHERE id BETWEEN ? AND ?").execute(arguments: arguments)
    }

    private static func latest(of account: Int64, in db: Database) throws -> (number: Int64, keys: PackedKeys) {
        // SQLite takes the other columns from the row that has the maximum.
        let rows = try FastRows(db, cached: "SELECT max(number), keys FROM key_page WHERE id BETWEEN ? AND ?", pages(of: account))
        var latest: (Int64, PackedKeys) = (0, PackedKeys())
        while try rows.next() {
            if let number = rows.number(0) { latest = (number, PackedKeys(bytes: rows.bytes(1) ?? [])) }
        }
        return latest
    }

    private static func write(_ page: PackedKeys, _ number: Int64, of account: Int64, in db: Database) throws {
        let statement = try FastStatement(
            db,
            """
            INSERT OR REPLACE INTO key_page (id, number, keys) SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM account WHERE id = ?)
            """)
        try statement.bind(account * most + number % most, at: 1)
        try statement.bind(number, at: 2)
        try statement.bind(page.bytes, at: 3)
        try statement.bind(account, at: 4)
        try statement.run()
    }

    private static func pages(of account: Int64) -> ClosedRange<Int64> { account * most...account * most + most - 1 }
}

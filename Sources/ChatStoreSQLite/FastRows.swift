import GRDB
import GRDBSQLite
import Glibc

/// The rows of a query, read straight through SQLite's own interface: for those that run over a whole table at the start,
/// and for those that a commit cannot do without.
struct FastRows {
    private let db: Database
    private let statement: Statement

    init(_ db: Database, _ sql: String) throws {
        self.db = db
        statement = try db.makeStatement(sql: sql)
    }

    /// A statement that is kept, with the bounds of the ids that it asks for. Nobody else uses it before its last row, or ``end()``.
    init(_ db: Database, cached sql: String, _ bounds: ClosedRange<Int64>) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
        sqlite3_reset(statement.sqliteStatement)
        for (index, bound) in [bounds.lowerBound, bounds.upperBound].enumerated() {
            let code = sqlite3_bind_int64(statement.sqliteStatement, Int32(index + 1), bound)
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage) }
        }
    }

    /// No more rows are wanted.
    func end() { sqlite3_reset(statement.sqliteStatement) }

    /// Steps to the next row; false if there is none.
    func next() throws -> Bool {
        let code = sqlite3_step(statement.sqliteStatement)
        if code == SQLITE_ROW { return true }
        sqlite3_reset(statement.sqliteStatement)
        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage) }
        return false
    }

    /// `nil` for NULL, as below.
    func number(_ column: Int32) -> Int64? {
        guard sqlite3_column_type(statement.sqliteStatement, column) != SQLITE_NULL else { return nil }
        return sqlite3_column_int64(statement.sqliteStatement, column)
    }

    func text(_ column: Int32) -> String? { buffer(column).map { String(decoding: $0, as: UTF8.self) } }

    /// The text of a column, which is `text` itself if that is what the other column holds: kept once, then.
    func text(_ column: Int32, or text: String?, of other: Int32) -> String? {
        guard let text, let bytes = buffer(column), let same = buffer(other), bytes.count == same.count,
            let start = bytes.baseAddress, let sameStart = same.baseAddress, memcmp(start, sameStart, bytes.count) == 0
        else { return self.text(column) }
        return text
    }

    func bytes(_ column: Int32) -> [UInt8]? { buffer(column).map(Array.init) }

    /// Good until the next step.
    private func buffer(_ column: Int32) -> UnsafeBufferPointer<UInt8>? {
        guard sqlite3_column_type(statement.sqliteStatement, column) != SQLITE_NULL else { return nil }
        // A pointer to nothing is how an empty value is told.
        let start = sqlite3_column_blob(statement.sqliteStatement, column)
        let count = Int(sqlite3_column_bytes(statement.sqliteStatement, column))
        return UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
    }
}

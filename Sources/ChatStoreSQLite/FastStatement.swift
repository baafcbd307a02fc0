import GRDB
import GRDBSQLite

/// A statement that runs for every message, bound straight through SQLite's own interface: the general way boxes each value and
/// costs as much again as the statement itself.
struct FastStatement {
    private let db: Database
    private let statement: Statement

    /// SQLite copies what is bound: it need not outlive the call.
    private static var copies: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    init(_ db: Database, _ sql: String) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
    }

    /// `nil` is NULL.
    func bind(_ number: Int64?, at index: Int32) {
        if let number {
            sqlite3_bind_int64(statement.sqliteStatement, index, number)
        } else {
            sqlite3_bind_null(statement.sqliteStatement, index)
        }
    }

    /// SQLite ends a text at the first NUL, so one that has any is bound as bytes.
    func bind(_ text: String, at index: Int32) {
        var text = text
        text.withUTF8 { utf8 in
            if utf8.contains(0) {
                sqlite3_bind_blob(statement.sqliteStatement, index, utf8.baseAddress, Int32(utf8.count), Self.copies)
            } else {
                utf8.withMemoryRebound(to: CChar.self) { characters in
                    _ = sqlite3_bind_text(
                        statement.sqliteStatement, index, characters.baseAddress, Int32(characters.count), Self.copies)
                }
            }
        }
    }

    func run() throws {
        let raw = statement.sqliteStatement
        defer { sqlite3_reset(raw) }
        let code = sqlite3_step(raw)
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
        }
    }
}

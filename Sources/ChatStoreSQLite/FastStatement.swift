import ChatProtocol
import GRDB
import GRDBSQLite
import Glibc

/// A statement that runs for every message, bound straight through SQLite's own interface: the general way boxes each value and
/// costs as much again as the statement itself.
struct FastStatement {
    private let db: Database
    private let statement: Statement
    private let room: BindingRoom?

    /// SQLite copies what is bound: it need not outlive the call.
    private static var copies: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// - Parameter room: for texts; it must outlive all runs, and nobody else uses it between a binding and a run.
    init(_ db: Database, _ sql: String, room: BindingRoom? = nil) throws {
        self.db = db
        self.room = room
        statement = try db.cachedStatement(sql: sql)
    }

    /// `nil` is NULL.
    func bind(_ number: Int64?, at index: Int32) throws {
        try check(number.map { sqlite3_bind_int64(raw, index, $0) } ?? sqlite3_bind_null(raw, index))
    }

    /// SQLite ends a text at the first NUL, so one that has any is bound as bytes.
    func bind(_ text: String, at index: Int32) throws {
        var text = text
        try check(
            text.withUTF8 { utf8 -> Int32 in
                let utf8 = UnsafeRawBufferPointer(utf8)
                guard let start = utf8.baseAddress, memchr(start, 0, utf8.count) != nil else { return bind(text: utf8, at: index) }
                return sqlite3_bind_blob(raw, index, start, Int32(utf8.count), Self.copies)
            })
    }

    func bind(_ name: UserName, at index: Int32) throws { try check(name.withBytes { bind(text: $0, at: index) }) }

    private func bind(text: UnsafeRawBufferPointer, at index: Int32) -> Int32 {
        let kept = room?.keep(text)
        // A text that is nowhere would be NULL.
        guard let start = kept ?? text.baseAddress else { return sqlite3_bind_text(raw, index, "", 0, Self.copies) }
        let destructor = kept == nil ? Self.copies : nil
        return sqlite3_bind_text(raw, index, start.assumingMemoryBound(to: CChar.self), Int32(text.count), destructor)
    }

    func bind(_ bytes: [UInt8], at index: Int32) throws {
        try check(
            bytes.withUnsafeBytes { bytes in
                // Bytes that are nowhere would be NULL.
                guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(raw, index, 0) }
                return sqlite3_bind_blob(raw, index, start, Int32(bytes.count), Self.copies)
            })
    }

    /// Runs it to its end; rows, if it has any, are nobody's.
    func run() throws {
        defer {
            sqlite3_reset(raw)
            if let room {
                // What is bound is not to be there any more.
                sqlite3_clear_bindings(raw)
                room.clear()
            }
        }
        var code = sqlite3_step(raw)
        while code == SQLITE_ROW { code = sqlite3_step(raw) }
        if code != SQLITE_DONE { throw failure(code) }
    }

    private var raw: SQLiteStatement { statement.sqliteStatement }

    private func check(_ code: Int32) throws {
        if code != SQLITE_OK { throw failure(code) }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
}

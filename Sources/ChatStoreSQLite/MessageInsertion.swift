import ChatCore
import ChatProtocol
import GRDB
import GRDBSQLite

/// Adds one message to a stream.
///
/// The one statement that runs for every message, so it is bound straight through SQLite's own interface: the general way boxes
/// each value and costs as much again as the insertion itself.
struct MessageInsertion {
    private let db: Database
    private let statement: Statement

    init(_ db: Database) throws {
        self.db = db
        statement = try db.cachedStatement(
            sql: "INSERT INTO message (recipient, sequence, sender, sent_at, text) VALUES (?, ?, ?, ?, ?)")
    }

    func run(_ message: StoredMessage, into recipient: Int64) throws {
        let raw = statement.sqliteStatement
        defer { sqlite3_reset(raw) }
        sqlite3_bind_int64(raw, 1, recipient)
        sqlite3_bind_int64(raw, 2, Int64(clamping: message.sequence))
        bind(message.from.text, at: 3)
        sqlite3_bind_int64(raw, 4, message.time.milliseconds)
        bind(message.text, at: 5)
        let code = sqlite3_step(raw)
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
        }
    }

    /// SQLite ends a text at the first NUL, so one that has any is bound as bytes.
    private func bind(_ text: String, at index: Int32) {
        var text = text
        text.withUTF8 { utf8 in
            // SQLite copies: the text need not outlive this call.
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            if utf8.contains(0) {
                sqlite3_bind_blob(statement.sqliteStatement, index, utf8.baseAddress, Int32(utf8.count), copies)
            } else {
                utf8.withMemoryRebound(to: CChar.self) { characters in
                    _ = sqlite3_bind_text(statement.sqliteStatement, index, characters.baseAddress, Int32(characters.count), copies)
                }
            }
        }
    }
}

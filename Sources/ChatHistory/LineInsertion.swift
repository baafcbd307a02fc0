import ChatClient
import ChatProtocol
import GRDBSQLite

/// The statement that adds a line, which runs more often than all others: bound in place, with no copies of texts.
final class LineInsertion {
    private let statement: OpaquePointer
    private let database: Database

    init(_ database: Database) throws(Database.Failure) {
        self.database = database
        statement = try database.prepare(
            "INSERT INTO line (id, room, sender, seq, sent, delivery, text) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
    }

    deinit { sqlite3_finalize(statement) }

    /// - Returns: `false` if the line is there already.
    func run(_ line: StoredLine, at place: StoredLine.Place, in room: Int64) throws(Database.Failure) -> Bool {
        sqlite3_bind_int64(statement, 1, place)
        sqlite3_bind_int64(statement, 2, room)
        bind(line.receipt.map { Int64(clamping: $0.sequence) }, 4)
        bind(line.receipt?.time.milliseconds, 5)
        bind(line.delivery?.number, 6)
        var (sender, text) = (line.sender?.text ?? "", line.text)
        let code = sender.withUTF8 { sender in
            if line.sender == nil { sqlite3_bind_null(statement, 3) } else { bind(sender, 3) }
            return text.withUTF8 { text in
                bind(text, 7)
                return sqlite3_step(statement)
            }
        }
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw database.failure(code) }
        return database.changes > 0
    }

    private func bind(_ integer: Int64?, _ place: Int32) {
        if let integer { sqlite3_bind_int64(statement, place, integer) } else { sqlite3_bind_null(statement, place) }
    }

    /// The bytes must stay where they are until the statement has run.
    private func bind(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int32) {
        // An empty text may have no address, which would be taken for NULL.
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            sqlite3_bind_text(statement, place, "", 0, Database.transient)
            return
        }
        start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            _ = sqlite3_bind_text(statement, place, $0, Int32(bytes.count), nil)
        }
    }
}

import GRDBSQLite
import Glibc

/// A connection to one SQLite file, and the statements that it has prepared. One thread owns it.
///
/// GRDB would do, and the server uses it; but it brings Foundation, and with it 6 ms and 8 MiB to a program that wants to be on the screen
/// within a frame.
final class Database {
    struct Failure: Error {
        let code: Int32
        let words: String
    }

    enum Value {
        case integer(Int64)
        case text(String)
        case null

        init(_ text: String?) { self = text.map { .text($0) } ?? .null }
        init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
    }

    /// The row that a statement stands at.
    struct Row {
        fileprivate let statement: OpaquePointer

        func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

        func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

        func text(_ column: Int32) -> String {
            guard let bytes = sqlite3_column_text(statement, column) else { return "" }
            let count = Int(sqlite3_column_bytes(statement, column))
            return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
        }
    }

    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]
    /// Asked now and then while a statement runs; `true` ends it with `SQLITE_INTERRUPT`.
    private var isNeedless: (() -> Bool)?

    /// - Parameter path: of a file that is there, be it empty.
    init(path: String) throws(Failure) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, nil)
        guard code == SQLITE_OK, let opened else {
            let failure = Self.failure(code, opened)
            sqlite3_close_v2(opened)
            throw failure
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        setPatience(2000)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs `body` so that `isNeedless` can end it.
    func interruptible<Result>(_ isNeedless: @escaping () -> Bool, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        self.isNeedless = isNeedless
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            handle, 2000, { $0.map { Unmanaged<Database>.fromOpaque($0).takeUnretainedValue().isNeedless?() == true ? 1 : 0 } ?? 0 },
            context)
        defer {
            sqlite3_progress_handler(handle, 0, nil, nil)
            self.isNeedless = nil
        }
        return try body()
    }

    /// How long it waits for a file that another program has, in milliseconds.
    func setPatience(_ milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

    /// Runs statements that give nothing back and are not worth keeping.
    func script(_ sql: String) throws(Failure) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw Self.failure(code, handle) }
    }

    /// Runs one statement; returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: Value...) throws(Failure) -> Int {
        let statement = try prepared(sql, values)
        defer { sqlite3_reset(statement) }
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        guard code == SQLITE_DONE else { throw Self.failure(code, handle) }
        return changes
    }

    func rows<Result>(_ sql: String, _ values: Value..., read: (Row) -> Result) throws(Failure) -> [Result] {
        let statement = try prepared(sql, values)
        defer { sqlite3_reset(statement) }
        var results: [Result] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return results }
            guard code == SQLITE_ROW else { throw Self.failure(code, handle) }
            results.append(read(Row(statement: statement)))
        }
    }

    /// All of it or nothing.
    func transaction(_ body: () throws(Failure) -> Void) throws(Failure) {
        try run("BEGIN IMMEDIATE")
        do throws(Failure) {
            try body()
            try run("COMMIT")
        } catch {
            // Some errors have rolled back already.
            if sqlite3_get_autocommit(handle) == 0 { _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    /// How many rows the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// A statement to be kept, and finalized, by the caller.
    func prepare(_ sql: String) throws(Failure) -> OpaquePointer {
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made else { throw Self.failure(code, handle) }
        return made
    }

    func failure(_ code: Int32) -> Failure { Self.failure(code, handle) }

    private func prepared(_ sql: String, _ values: [Value]) throws(Failure) -> OpaquePointer {
        let statement = if let known = statements[sql] { known } else { try prepare(sql) }
        statements[sql] = statement
        for (offset, value) in values.enumerated() {
            let place = Int32(offset + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, place)
                case .integer(let integer): sqlite3_bind_int64(statement, place, integer)
                case .text(let text): Self.bind(text, statement, place)
                }
            guard code == SQLITE_OK else { throw Self.failure(code, handle) }
        }
        return statement
    }

    /// SQLITE_TRANSIENT, a macro: the text is copied.
    static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private static func bind(_ text: String, _ statement: OpaquePointer, _ place: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { sqlite3_bind_text(statement, place, $0.baseAddress, Int32($0.count), transient) }
        }
    }

    private static func failure(_ code: Int32, _ handle: OpaquePointer?) -> Failure {
        let words = handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        var text = words.map { String(cString: $0) } ?? "error \(code)"
        // SQLite's words do not say what the system said.
        if code & 0xFF == SQLITE_CANTOPEN || code & 0xFF == SQLITE_IOERR, let handle {
            let number = sqlite3_system_errno(handle)
            if number != 0 { text += ": " + String(cString: strerror(number)) }
        }
        return Failure(code: code, words: text)
    }
}

extension Database.Failure {
    /// The file is not, or no longer, what it should be.
    var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF) }
    /// Another program has it.
    var isBusy: Bool { [SQLITE_BUSY, SQLITE_LOCKED].contains(code & 0xFF) }
    var isInterrupt: Bool { code & 0xFF == SQLITE_INTERRUPT }
}

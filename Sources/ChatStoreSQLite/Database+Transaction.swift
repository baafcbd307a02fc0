import GRDB

extension Database {
    /// What `write` is, but for what others might want to know of a transaction, which costs as much as a message.
    func transaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try FastStatement(self, "BEGIN IMMEDIATE").run()
        do {
            let result = try body(self)
            try FastStatement(self, "COMMIT").run()
            return result
        } catch {
            // After some failures SQLite has done so by itself.
            if isInsideTransaction { try? FastStatement(self, "ROLLBACK").run() }
            throw error
        }
    }
}

import ChatClient
import ChatProtocol
import GRDBSQLite

extension HistoryStore {
    /// Removes what was said in a conversation, or everywhere, so that nothing of it is left in the file, nor with whom it was; and takes nothing
    /// up to `time` again.
    ///
    /// All of it or nothing: when the disk is full, say, everything is still there. What fails once it is gone says so.
    func forget(_ channel: Channel?, through time: Timestamp) throws(Database.Failure) -> Int {
        var count = 0
        try catchUp()
        let mark: Int64? = channel.map { ForgetMark.of($0) } ?? ForgetMark.all
        let through = max(time.milliseconds, mark.flatMap { forgotten[$0] } ?? .min)
        do throws(Database.Failure) {
            try database.transaction { () throws(Database.Failure) in
                if let channel { count = try remove(channel) } else { count = try removeAll() }
                if let mark { try database.run("INSERT OR REPLACE INTO forgotten VALUES (?, ?)", .integer(mark), .integer(through)) }
            }
        } catch {
            rooms = [:]
            throw error
        }
        rooms = [:]
        if channel == nil { forgotten = [:] }
        if let mark { forgotten[mark] = through }
        if let channel { forgottenHere[channel] = through }
        try clean(isAll: channel == nil)
        return count
    }

    private func removeAll() throws(Database.Failure) -> Int {
        let count = try database.rows("SELECT count(*) FROM line") { $0.integer(0) }.first ?? 0
        // Without the trigger it is a matter of freeing pages, which secure_delete fills with zeros.
        try database.script(
            """
            INSERT INTO words (words) VALUES ('delete-all');
            DROP TRIGGER line_removed;
            DELETE FROM line; DELETE FROM room; DELETE FROM forgotten; DELETE FROM gap;
            \(HistorySchema.removal)
            """)
        return Int(count)
    }

    private func remove(_ channel: Channel) throws(Database.Failure) -> Int {
        guard let room = try room(channel) else { return 0 }
        let count = try database.run("DELETE FROM line WHERE room = ?", .integer(room))
        try database.run("DELETE FROM gap WHERE room = ?", .integer(room))
        try database.run("DELETE FROM room WHERE id = ?", .integer(room))
        // The index only notes that lines are gone. Merged into one piece, it no longer holds their words.
        if count > 0 { try database.script("INSERT INTO words (words) VALUES ('optimize')") }
        return count
    }

    /// What is gone may still be in the log ahead of the file.
    private func clean(isAll: Bool) throws(Database.Failure) {
        let words = "it is no longer shown, but the file may hold it still: "
        do throws(Database.Failure) {
            // Without it the file only stays as large as it is, with zeros in it.
            if isAll { try? database.script("VACUUM") }
            guard try database.rows("PRAGMA wal_checkpoint(TRUNCATE)", read: { $0.integer(0) }).first != 0 else { return }
        } catch {
            throw Database.Failure(code: error.code, words: "\(words)\(error.words); try it once more")
        }
        throw Database.Failure(code: SQLITE_BUSY, words: words + "another program reads it; try it once more")
    }
}

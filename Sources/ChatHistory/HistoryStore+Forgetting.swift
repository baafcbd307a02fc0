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
        let number = channel.map { ForgetMark.number(of: $0) } ?? ForgetMark.all
        var through = time.milliseconds
        var marks: [ForgetMark] = []
        do throws(Database.Failure) {
            try database.transaction { () throws(Database.Failure) in
                try catchUp()
                // Even if the clock went back.
                for mark in forgotten where number == ForgetMark.all || mark.number == number { through = max(through, mark.through) }
                if let channel { count = try remove(channel) } else { count = try removeAll() }
                marks = try remember(number, through)
            }
        } catch {
            rooms = [:]
            throw error
        }
        rooms = [:]
        forgotten = marks
        if let channel { forgottenHere[channel] = through }
        try clean(isAll: channel == nil)
        return count
    }

    /// Writes a mark in place of those that it makes needless, so that there are no more than names to tell apart.
    ///
    /// - Returns: all marks.
    private func remember(_ number: Int64?, _ through: Int64) throws(Database.Failure) -> [ForgetMark] {
        guard let number else { return forgotten }
        let rooms = try database.rows("SELECT id, kind, name FROM room") { row in
            (id: row.integer(0), mark: Channel(kind: row.integer(1), name: row.text(2)).flatMap { ForgetMark.number(of: $0) })
        }
        let mark = ForgetMark(number: number, through: through, rooms: rooms.map(\.id).max() ?? 0)
        let sharing = rooms.filter { $0.mark == number }.map(\.id)
        // What is forgotten as a whole leaves no other mark.
        let marks = (number == ForgetMark.all ? [] : forgotten.filter { !$0.isNeedless(beside: mark, sharing: sharing) }) + [mark]
        try database.script("DELETE FROM forgotten")
        for mark in marks {
            try database.run(
                "INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?)", .integer(mark.number), .integer(mark.through), .integer(mark.rooms))
        }
        return marks
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

import ChatClient
import ChatProtocol

/// What could not be kept: one gap for each conversation, from the first line that is missing to the last.
extension HistoryStore {
    func note(_ gap: HistoryGap) throws(Database.Failure) {
        if let forgotten = try through(gap.channel), gap.through.milliseconds <= forgotten { return }
        let room = try makeRoom(gap.channel)
        try database.run(
            """
            INSERT INTO gap VALUES (?, ?, ?, ?, ?) ON CONFLICT (room) DO UPDATE SET since = min(since, excluded.since),
            through = max(through, excluded.through), received = max(received, excluded.received), sent = max(sent, excluded.sent)
            """, .integer(room), .integer(gap.since.milliseconds), .integer(gap.through.milliseconds),
            .integer(Int64(clamping: gap.before.received)), .integer(Int64(clamping: gap.before.sent)))
    }

    /// Unless it has grown meanwhile.
    func remove(_ gap: HistoryGap) throws(Database.Failure) {
        guard let room = try room(gap.channel) else { return }
        try database.run(
            "DELETE FROM gap WHERE room = ? AND since = ? AND through = ?", .integer(room), .integer(gap.since.milliseconds),
            .integer(gap.through.milliseconds))
    }

    /// The gap that a page of older lines has.
    ///
    /// - Parameter oldest: the first line of the page.
    func gap(in room: Int64, of request: HistoryPageRequest, _ oldest: StoredLine?) throws(Database.Failure) -> HistoryGap? {
        let gap = try database.rows("SELECT since, through, received, sent FROM gap WHERE room = ?", .integer(room)) { row in
            HistoryGap(
                request.channel, since: Timestamp(milliseconds: row.integer(0)), through: Timestamp(milliseconds: row.integer(1)),
                before: HistoryPlace(received: UInt64(clamping: row.integer(2)), sent: UInt64(clamping: row.integer(3))))
        }.first
        guard let gap, gap.since <= StoredLine.time(of: request.place) else { return nil }
        return oldest.map { gap.through >= $0.time } ?? true ? gap : nil
    }
}

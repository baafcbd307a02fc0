import ChatClient
import ChatProtocol

/// What was said to and by one account on one server, in one SQLite file. One thread owns it.
///
/// A line's number is its ``StoredLine/Place``. So the order of the numbers is the order of the lines, also of those that come late, from the
/// server's memory; and the index of words, which is in order of these numbers, has the newest hit first without sorting.
final class HistoryStore {
    let path: String
    let database: Database
    var rooms: [Channel: Int64] = [:]
    /// What may not be kept; and, in this run, by what was forgotten.
    var forgotten: [ForgetMark] = []
    var forgottenHere: [Channel: Int64] = [:]
    private let insertion: LineInsertion
    /// What SQLite calls the state of the file, as far as others have changed it.
    private var version: Int64?

    /// Opens the file, which is made if it is not there, readable by its user alone.
    init(path: String) throws(HistoryFailure) {
        self.path = path
        try HistoryFile.make(path)
        database = try Self.opened(path)
        do throws(Database.Failure) {
            insertion = try LineInsertion(database)
            try catchUp()
        } catch {
            throw .database(error)
        }
    }

    private static func opened(_ path: String) throws(HistoryFailure) -> Database {
        do throws(Database.Failure) {
            let database = try Database(path: HistoryFile.resolved(path))
            if try HistorySchema.prepare(database) { return database }
        } catch {
            throw .database(error)
        }
        throw .isNewer
    }

    /// Another program of the same account may have changed the file, and what is to stay forgotten with it.
    func catchUp() throws(Database.Failure) {
        let now = try database.rows("PRAGMA data_version") { $0.integer(0) }.first
        guard now != version else { return }
        version = now
        rooms = [:]
        forgotten = try database.rows("SELECT mark, through, rooms FROM forgotten") {
            ForgetMark(number: $0.integer(0), through: $0.integer(1), rooms: $0.integer(2))
        }
    }

    // MARK: Writing

    /// What one transaction has added, until its words are indexed.
    private struct Written {
        /// All lines up to this one were there before.
        let indexed: StoredLine.Place
        var newest: StoredLine.Place
        /// Those that found their places among them.
        var late: [StoredLine.Place] = []
    }

    /// Keeps lines, in one transaction. Those that are kept already, and those that are to stay forgotten, are passed over.
    func write(_ deeds: [HistoryDeed]) throws(Database.Failure) {
        do throws(Database.Failure) {
            try database.transaction { () throws(Database.Failure) in
                try catchUp()
                let newest = try database.rows("SELECT max(id) FROM line", read: { $0.isNull(0) ? .min : $0.integer(0) }).first ?? .min
                var written = Written(indexed: newest, newest: newest)
                for deed in deeds {
                    switch deed {
                    case .write(let line): try insert(line, &written)
                    case .delivered(let channel, let through): try deliver(channel, through: through)
                    case .missed(let gap): try note(gap)
                    case .filled(let gap): try remove(gap)
                    case .open, .page, .search, .forget: break
                    }
                }
                try index(written)
            }
        } catch {
            // Rooms that were made in what is undone are not there.
            rooms = [:]
            throw error
        }
    }

    private func insert(_ line: StoredLine, _ written: inout Written) throws(Database.Failure) {
        if let through = try through(line.channel), line.time.milliseconds <= through { return }
        let room = try makeRoom(line.channel)
        // More in one millisecond than there are turns: the rest is not worth a second table.
        guard let place = try freePlace(at: line.time, written.newest) else { return }
        guard try insertion.run(line, at: place, in: room) else { return }
        if place > written.newest { written.newest = place }
        if place <= written.indexed { written.late.append(place) }
    }

    /// The first place of that time at which no line stands; `nil` if there is none.
    private func freePlace(at time: Timestamp, _ newest: StoredLine.Place) throws(Database.Failure) -> StoredLine.Place? {
        let first = StoredLine.place(of: time)
        let last = first + (1 << StoredLine.turnBits - 1)
        if newest < first { return first }
        var taken: StoredLine.Place? = newest
        if newest > last {
            taken = try database.rows(
                "SELECT id FROM line WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1", .integer(first), .integer(last),
                read: { $0.integer(0) }
            ).first
        }
        guard let taken else { return first }
        return taken < last ? taken + 1 : nil
    }

    /// Puts what was written into the index of words, in one statement: each statement that FTS5 sees within a transaction may have to be undone
    /// alone, so it writes what it has before the next one, and that costs more than all the rest.
    private func index(_ written: Written) throws(Database.Failure) {
        let words = "INSERT INTO words (rowid, text, room) SELECT id, text, room FROM line WHERE id"
        for place in written.late.sorted() { try database.run("\(words) = ?", .integer(place)) }
        if written.newest > written.indexed { try database.run("\(words) > ? ORDER BY id", .integer(written.indexed)) }
    }

    /// Up to when everything is to stay forgotten.
    func through(_ channel: Channel) throws(Database.Failure) -> Int64? {
        let here = forgottenHere[channel]
        guard !forgotten.isEmpty else { return here }
        let (number, room) = (ForgetMark.number(of: channel), try room(channel))
        return forgotten.lazy.filter { $0.covers(number, in: room) }.map(\.through).reduce(here) { max($0 ?? $1, $1) }
    }

    private func deliver(_ channel: Channel, through: UInt64) throws(Database.Failure) {
        guard let room = try room(channel) else { return }
        try database.run(
            """
            UPDATE line SET delivery = \(StoredLine.Delivery.delivered.number)
            WHERE room = ? AND seq <= ? AND delivery = \(StoredLine.Delivery.sent.number)
            """,
            .integer(room), .integer(Int64(clamping: through)))
    }

    // MARK: Reading

    /// What was said last: to everyone, and in the conversations of late.
    func restore(_ account: UserName, _ bounds: RestoreBounds) throws(Database.Failure) -> HistoryNews.Restored {
        // The newest line of each room is one step in an index.
        let late = try database.rows(
            """
            SELECT kind, name, id, (SELECT max(id) FROM line WHERE line.room = room.id) AS newest FROM room
            WHERE kind <> 0 AND newest >= ? ORDER BY newest DESC LIMIT ?
            """, .integer(StoredLine.place(of: bounds.since)), .integer(Int64(bounds.conversations))
        ) { (channel: Channel(kind: $0.integer(0), name: $0.text(1)), begun: $0.integer(2)) }
        var rooms: [HistoryNews.Restored.Room] = []
        for (channel, begun) in [(.everyone, 0)] + late {
            guard let channel else { continue }
            let page = try page(HistoryPageRequest(channel, .before, .max, limit: bounds.lines))
            rooms.append(.init(channel: channel, page: page, begun: begun))
        }
        return .init(account: account, rooms: rooms)
    }

    func page(_ request: HistoryPageRequest) throws(Database.Failure) -> HistoryPage {
        try catchUp()
        guard let room = try room(request.channel) else {
            return HistoryPage(
                lines: [], isFirst: true, isLast: true, forgotten: try through(request.channel).map { Timestamp(milliseconds: $0) })
        }
        var before: [StoredLine] = []
        var after: [StoredLine] = []
        let half = request.side == .around ? request.limit / 2 : request.limit
        if request.side != .after {
            let sign = request.side == .around ? "<=" : "<"
            before = try database.rows(
                "SELECT \(Self.columns) FROM line WHERE room = ? AND id \(sign) ? ORDER BY id DESC LIMIT ?", .integer(room),
                .integer(request.place), .integer(Int64(half + 1)), read: { Self.line($0, request.channel) })
        }
        if request.side != .before {
            after = try database.rows(
                "SELECT \(Self.columns) FROM line WHERE room = ? AND id > ? ORDER BY id LIMIT ?", .integer(room),
                .integer(request.place), .integer(Int64(half + 1)), read: { Self.line($0, request.channel) })
        }
        let through = try through(request.channel)
        return HistoryPage(
            lines: before.prefix(half).reversed() + after.prefix(half), isFirst: request.side != .after && before.count <= half,
            isLast: request.side != .before && after.count <= half, forgotten: through.map { Timestamp(milliseconds: $0) },
            gap: request.side == .before ? try gap(in: room, of: request, before.prefix(half).last) : nil)
    }

    /// The newest first, and whether those are all.
    ///
    /// - Parameter isNeedless: whether nobody waits for it any more; then it fails with `isInterrupt`.
    func search(_ search: HistorySearch, isNeedless: @escaping () -> Bool = { false }) throws(Database.Failure) -> (
        lines: [StoredLine], isAll: Bool
    ) {
        var room: Int64?
        if let channel = search.channel {
            room = try self.room(channel)
            if room == nil { return ([], true) }
        }
        guard let query = SearchWords(search.words, room: room).query else { return ([], true) }
        let lines = try database.interruptible(isNeedless) { () throws(Database.Failure) in
            try database.rows(
                """
                SELECT line.id, sender, seq, sent, delivery, line.text, kind, name FROM words
                JOIN line ON line.id = words.rowid JOIN room ON room.id = line.room
                WHERE words MATCH ? AND words.rowid < ? ORDER BY words.rowid DESC LIMIT ?
                """, .text(query), .integer(search.before), .integer(Int64(search.limit + 1))
            ) { row in Channel(kind: row.integer(6), name: row.text(7)).map { Self.line(row, $0) } }
        }
        return (lines.prefix(search.limit).compactMap(\.self), lines.count <= search.limit)
    }

    private static let columns = "id, sender, seq, sent, delivery, text"

    private static func line(_ row: Database.Row, _ channel: Channel) -> StoredLine {
        let sender = row.isNull(1) ? nil : UserName(row.text(1))
        var line = StoredLine(
            place: row.integer(0), channel: channel, sender: sender, text: row.text(5), time: StoredLine.time(of: row.integer(0)))
        if !row.isNull(2) {
            line.receipt = Reply.Receipt(
                sequence: UInt64(clamping: row.integer(2)), time: Timestamp(milliseconds: row.integer(3)))
        }
        if !row.isNull(4) { line.delivery = StoredLine.Delivery(number: row.integer(4)) }
        return line
    }

    // MARK: Rooms

    func room(_ channel: Channel) throws(Database.Failure) -> Int64? {
        if let known = rooms[channel] { return known }
        let found = try database.rows(
            "SELECT id FROM room WHERE kind = ? AND name = ?", .integer(channel.kind), .text(channel.name), read: { $0.integer(0) }
        ).first
        rooms[channel] = found
        return found
    }

    func makeRoom(_ channel: Channel) throws(Database.Failure) -> Int64 {
        if let known = try room(channel) { return known }
        try database.run(
            "INSERT INTO room (kind, name) VALUES (?, ?) ON CONFLICT DO NOTHING", .integer(channel.kind), .text(channel.name))
        return try room(channel) ?? 0
    }
}

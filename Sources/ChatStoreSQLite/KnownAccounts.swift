import ChatProtocol
import GRDB

/// What is known of the accounts that were written to or read from, so that the database need not be asked for each message.
///
/// Another process may add accounts, and remove them; their ids are never used again.
struct KnownAccounts {
    struct Entry {
        let id: Int64
        /// The end of its stream, and how far it was acknowledged, where a commit has moved them and not written them yet.
        var end: UInt64?
        var acknowledged: UInt64?
    }

    private var places: [UserName: Int] = [:]
    private var entries: [Entry] = []
    /// The places of those that ``takeMoved()`` tells.
    private var moved: [Int] = []

    /// The place of an account, or `nil` if there is none of that name.
    mutating func place(of name: UserName, in db: Database) throws -> Int? {
        if let place = places[name] { return place }
        return try Self.id(of: name, in: db).map { add(name, $0) }
    }

    static func id(of name: UserName, in db: Database) throws -> Int64? {
        let id = try Int64.fetchOne(try db.cachedStatement(sql: "SELECT id FROM account WHERE name = ?"), arguments: [name.text])
        if let id, id > Schema.mostAccounts {
            throw DatabaseError(resultCode: .SQLITE_FULL, message: "too many accounts were ever made in this database")
        }
        return id
    }

    func id(of name: UserName) -> Int64? { places[name].map { entries[$0].id } }

    /// Returns its place.
    mutating func add(_ name: UserName, _ id: Int64) -> Int {
        places[name] = entries.count
        entries.append(Entry(id: id))
        return entries.count - 1
    }

    subscript(place: Int) -> Entry { entries[place] }

    mutating func moveEnd(at place: Int, to sequence: UInt64) {
        noteMove(at: place)
        entries[place].end = sequence
    }

    mutating func acknowledge(at place: Int, through sequence: UInt64) {
        noteMove(at: place)
        entries[place].acknowledged = max(sequence, entries[place].acknowledged ?? 0)
    }

    private mutating func noteMove(at place: Int) {
        if entries[place].end == nil, entries[place].acknowledged == nil { moved.append(place) }
    }

    mutating func forget(_ name: UserName) {
        guard let place = places.removeValue(forKey: name) else { return }
        entries[place].end = nil
        entries[place].acknowledged = nil
    }

    /// The accounts whose stream has moved since this was last asked.
    mutating func takeMoved() -> [Entry] {
        defer { moved.removeAll(keepingCapacity: true) }
        return moved.map { place in
            defer {
                entries[place].end = nil
                entries[place].acknowledged = nil
            }
            return entries[place]
        }
    }
}

import ChatCore
import ChatProtocol
import ChatStoreSQLite
import Logging

/// Something that every message passes on its way through the server, run over and over without sockets.
struct HotPath: Sendable {
    let name: String
    /// Messages in a round.
    let unit: Int
    /// Makes what it needs, in a folder of its own, and returns one round.
    let prepare: @Sendable (_ folder: String) throws -> () throws -> Void

    static let all = [
        HotPath(name: "split-and-decode", unit: 64) { _ in
            let bytes = Sample.frames.prefix(64).flatMap { $0.encoded() }
            return {
                bytes.withUnsafeBytes { bytes in
                    let splitter = FrameSplitter(limit: WireLimits.frame)
                    var rest = bytes
                    while let plain = splitter.plainRequest(in: rest) {
                        precondition(plain.frame.id != nil)
                        rest = .init(rebasing: rest[plain.length...])
                    }
                    precondition(rest.count <= 1)
                }
            }
        },
        HotPath(name: "rules-direct", unit: 64) { _ in
            var world = RulesWorld(users: 2, dialect: .extended)
            return { world.direct(64) }
        },
        HotPath(name: "rules-broadcast-to-200", unit: 64) { _ in
            var world = RulesWorld(users: 201, dialect: .original)
            return { world.broadcast(64) }
        },
        HotPath(name: "encode-event", unit: 64) { _ in
            let message = ServerMessage.event(Sample.stored(1).event)
            var bytes: [UInt8] = []
            return {
                bytes.removeAll(keepingCapacity: true)
                for _ in 0..<64 { message.encode(into: &bytes) }
            }
        },
        HotPath(name: "turn-direct", unit: 64) { _ in
            let world = try HubWorld(users: 2, dialect: .extended)
            return { world.direct(64) }
        },
        HotPath(name: "turn-pairs", unit: 320) { _ in
            let world = try HubWorld(users: 40, dialect: .original)
            return { world.pairs(16) }
        },
        HotPath(name: "turn-broadcast-to-200", unit: 64) { _ in
            let world = try HubWorld(users: 201, dialect: .original)
            return { world.broadcast(64) }
        },
        HotPath(name: "commit-memory", unit: 64) { _ in try commits(to: MemoryStore()) },
        HotPath(name: "commit-sqlite", unit: 64) { folder in try commits(to: SQLiteStore(path: folder + "/commit.sqlite")) },
        HotPath(name: "commit-sqlite-keys", unit: 64) { folder in
            try commits(to: SQLiteStore(path: folder + "/keys.sqlite"), haveKeys: true)
        },
    ]

    /// One commit of 64 messages to 16 people.
    private static func commits(to store: any ChatStore, haveKeys: Bool = false) throws -> () throws -> Void {
        try store.commit((0..<16).map { .account(AccountRecord(name: Sample.name($0), passwordHash: "")) })
        var sequence: UInt64 = 0
        return {
            var changes: [Change] = []
            for place in 1...4 {
                for user in 0..<16 {
                    let message = Sample.stored(sequence + UInt64(place))
                    changes.append(.direct(message, to: Sample.name(user)))
                    guard haveKeys else { continue }
                    let key = Sample.keys[(Int(sequence) + place) % Sample.keys.count]
                    changes.append(.usedKey(StoredKey(key: key, reply: .message(.success, message.receipt)), by: Sample.name(15 - user)))
                }
            }
            sequence += 4
            try store.commit(changes)
        }
    }
}

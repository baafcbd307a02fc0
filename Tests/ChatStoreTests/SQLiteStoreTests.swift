import ChatCore
import ChatProtocol
import ChatStoreSQLite
import Foundation
import GRDB
import Testing

/// What only a file can get wrong.
struct SQLiteStoreTests {
    @Test func aCommitIsWholeOrNothing() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            let store = try SQLiteStore(path: path)
            try store.commit([.account(AccountRecord(name: hans, passwordHash: "h"))])
            let message = StoredMessage(sequence: 1, from: hans, text: "a", time: Timestamp(milliseconds: 1))
            // The second one has the place of the first, which the table does not allow.
            #expect(throws: (any Error).self) { try store.commit([.direct(message, to: hans), .direct(message, to: hans)]) }
            #expect(try store.inbox(of: hans, after: 0, count: 10, bytes: 1000) == [])
            #expect(try store.load().accounts.first?.lastSequence == 0)
            try store.commit([.direct(message, to: hans)])
            #expect(try SQLiteStore(path: path).inbox(of: hans, after: 0, count: 10, bytes: 1000) == [message])
        }
    }

    /// A rolled back commit must not leave a key that was never confirmed, nor lose one that is still remembered.
    @Test func aFailedCommitLeavesTheKeysAsTheyWere() async throws {
        try await withTemporaryFolder { folder in
            let hans = try #require(UserName("hans"))
            let store = try SQLiteStore(path: folder + "/banter.sqlite")
            try store.commit([.account(AccountRecord(name: hans, passwordHash: "h"))])
            let receipt = Reply.Receipt(sequence: 1, time: Timestamp(milliseconds: 1))
            let keys = try (0..<300).map { StoredKey(key: try #require(MessageKey("k\($0)")), reply: .message(.success, receipt)) }
            try store.commit(keys[..<200].map { .usedKey($0, by: hans) })
            let message = StoredMessage(sequence: 1, from: hans, text: "a", time: Timestamp(milliseconds: 1))
            let twice: [Change] = [.direct(message, to: hans), .direct(message, to: hans)]
            #expect(throws: (any Error).self) { try store.commit(keys[200...].map { .usedKey($0, by: hans) } + twice) }
            #expect(try store.recentKeys(of: hans) == Array(keys[..<200]))
            try store.commit(keys[200...].map { .usedKey($0, by: hans) })
            #expect(try store.recentKeys(of: hans) == Array(keys.suffix(KeyWindow.capacity)))
        }
    }

    /// Its frames end where nothing was written yet, and that is no damage.
    @Test func aLogWithRoomAtItsEndIsReadUpToThere() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            let store = try SQLiteStore(path: path)
            try store.commit([.account(AccountRecord(name: hans, passwordHash: "h"))])
            let messages = (1...3).map { StoredMessage(sequence: $0, from: hans, text: "a", time: Timestamp(milliseconds: 1)) }
            for message in messages { try store.commit([.direct(message, to: hans)]) }
            #expect(try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0 >= 1 << 20)
            // As a crash leaves it.
            for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: folder + "/copy.sqlite" + end) }
            #expect(try SQLiteStore(path: folder + "/copy.sqlite").inbox(of: hans, after: 0, count: 10, bytes: 1000) == messages)
        }
    }

    /// As `banterd user remove` and `add` do beside a running server, which then reads the accounts again.
    @Test func anAccountThatWasRemovedAndAddedFromOutsideIsANewOne() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            let store = try SQLiteStore(path: path)
            let account = Change.account(AccountRecord(name: hans, passwordHash: "h"))
            let message = StoredMessage(sequence: 1, from: hans, text: "a", time: Timestamp(milliseconds: 1))
            try store.commit([account, .direct(message, to: hans)])
            let tool = try SQLiteStore(path: path)
            try tool.commit([.removeAccount(hans)])
            try tool.commit([account])
            _ = try store.load()
            try store.commit([.direct(message, to: hans)])
            let next = try SQLiteStore(path: path)
            #expect(try next.load().accounts.map(\.lastSequence) == [1])
            #expect(try next.inbox(of: hans, after: 0, count: 10, bytes: 1000) == [message])
        }
    }

    /// - Parameter size: keys wait in the log, or are on their account's pages at once.
    @Test(arguments: [1000, 0]) func nothingIsLeftOfAnAccountThatIsRemoved(keyLogSize size: Int) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            let store = try SQLiteStore(path: path, keyLogSize: size)
            let key = StoredKey(
                key: try #require(MessageKey("k")), reply: .message(.success, .init(sequence: 1, time: .init(milliseconds: 1))))
            let message = StoredMessage(sequence: 1, from: hans, text: "a", time: Timestamp(milliseconds: 1))
            try store.commit([.account(AccountRecord(name: hans, passwordHash: "h")), .direct(message, to: hans), .usedKey(key, by: hans)])
            try store.commit([.usedKey(key, by: hans)])
            try store.commit([.removeAccount(hans)])
            try store.close()
            let left = try await DatabaseQueue(path: path).read { db in
                try ["account", "message", "key_page"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") }
                    + [Int.fetchOne(db, sql: "SELECT sum(length(keys)) FROM key_log")]
            }
            #expect(left == [0, 0, 0, 0])
        }
    }

    @Test func aDatabaseOfANewerSchemaIsRefused() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            _ = try SQLiteStore(path: path)
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
            #expect(throws: StoreFailure.newerSchema(path: path)) { try SQLiteStore(path: path) }
        }
    }

    @Test func aFileThatIsNoDatabaseIsRefused() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            try Data(repeating: UInt8(ascii: "x"), count: 10_000).write(to: URL(fileURLWithPath: path))
            #expect { try SQLiteStore(path: path) } throws: { error in
                guard case .damaged = error as? StoreFailure else { return false }
                return "\(error)".contains(path) && "\(error)".contains("backup")
            }
        }
    }

    @Test func aDamagedDatabaseIsRefused() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/banter.sqlite"
            let hans = try #require(UserName("hans"))
            do {
                let store = try SQLiteStore(path: path)
                try store.commit([.account(AccountRecord(name: hans, passwordHash: "h"))])
                try store.commit(
                    (1...2000).map {
                        .direct(StoredMessage(sequence: $0, from: hans, text: "text \($0)", time: .init(milliseconds: 1)), to: hans)
                    })
            }
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            let size = try file.seekToEnd()
            for offset in stride(from: UInt64(4096 * 3), to: size, by: 4096 * 2) {
                try file.seek(toOffset: offset)
                try file.write(contentsOf: Data(repeating: 0xA5, count: 2048))
            }
            try file.close()
            #expect { try SQLiteStore(path: path) } throws: { error in
                if case .damaged = error as? StoreFailure { true } else { false }
            }
        }
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        #expect { try SQLiteStore(path: "/nowhere/at/all/banter.sqlite") } throws: { "\($0)".contains("/nowhere/at/all/banter.sqlite") }
    }
}

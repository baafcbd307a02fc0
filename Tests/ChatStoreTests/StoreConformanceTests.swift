import ChatCore
import ChatProtocol
import ChatStoreSQLite
import Testing

/// What every ``ChatStore`` must do. The durable one is closed and opened again before it is asked.
struct StoreConformanceTests {
    enum Kind: CaseIterable { case memory, sqlite }

    /// A store that can be closed and opened again.
    private struct Shelf {
        let kind: Kind
        let folder: String
        let memory = MemoryStore()

        func store() throws -> any ChatStore {
            switch kind {
            case .memory: memory
            case .sqlite: try SQLiteStore(path: folder + "/banter.sqlite")
            }
        }
    }

    private let hans: UserName
    private let yoda: UserName
    private let luke: UserName

    init() throws {
        hans = try #require(UserName("hans"))
        yoda = try #require(UserName("yoda"))
        luke = try #require(UserName("luke"))
    }

    /// Runs `body` with a store that has three accounts.
    private func with(_ kind: Kind, _ body: (Shelf) throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let shelf = Shelf(kind: kind, folder: folder)
            try shelf.store().commit([hans, yoda, luke].map { .account(AccountRecord(name: $0, passwordHash: "h-\($0)")) })
            try body(shelf)
        }
    }

    private func direct(_ sequence: UInt64, from: UserName, _ text: String, at time: Int64? = nil) -> StoredMessage {
        StoredMessage(
            sequence: sequence, from: from, text: text, time: Timestamp(milliseconds: time ?? Int64(sequence) * 1000))
    }

    @Test(arguments: Kind.allCases) func accountsAreKept(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            try shelf.store().commit([
                .password(yoda, hash: "new"), .account(AccountRecord(name: luke, passwordHash: "a", importedHash: "b")),
            ])
            let accounts = try shelf.store().load().byName.map(\.record)
            #expect(
                accounts == [
                    AccountRecord(name: hans, passwordHash: "h-hans"), AccountRecord(name: luke, passwordHash: "a", importedHash: "b"),
                    AccountRecord(name: yoda, passwordHash: "new"),
                ])
        }
    }

    @Test(arguments: Kind.allCases) func aRemovedAccountLeavesNothing(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            try shelf.store().commit([.direct(direct(1, from: hans, "a"), to: yoda), .block(yoda, by: hans), .block(luke, by: hans)])
            try shelf.store().commit([.removeAccount(yoda)])
            try shelf.store().commit([.account(AccountRecord(name: yoda, passwordHash: "other"))])
            let accounts = try shelf.store().load().byName
            #expect(accounts.first { $0.record.name == hans }?.blocks == [luke])
            #expect(accounts.first { $0.record.name == yoda }?.lastSequence == 0)
            #expect(try shelf.store().inbox(of: yoda, after: 0, count: 10, bytes: 1000) == [])
        }
    }

    @Test(arguments: Kind.allCases) func messagesWaitInTheirOrder(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            let messages = (1...5).map { direct($0, from: hans, "text \($0) é\n\0") }
            try shelf.store().commit(messages.prefix(3).map { .direct($0, to: yoda) })
            try shelf.store().commit(messages.suffix(2).map { .direct($0, to: yoda) } + [.direct(direct(1, from: luke, "x"), to: hans)])
            let store = try shelf.store()
            #expect(try store.inbox(of: yoda, after: 0, count: 10, bytes: 1000) == messages)
            #expect(try store.inbox(of: yoda, after: 3, count: 10, bytes: 1000) == Array(messages.suffix(2)))
            #expect(try store.inbox(of: yoda, after: 0, count: 2, bytes: 1000) == Array(messages.prefix(2)))
            #expect(try store.inbox(of: yoda, after: 0, count: 10, bytes: 1) == Array(messages.prefix(1)))
            #expect(try store.inbox(of: yoda, after: 5, count: 10, bytes: 1000) == [])
            #expect(try store.inbox(of: luke, after: 0, count: 10, bytes: 1000) == [])
            #expect(try store.load().byName.map(\.lastSequence) == [1, 0, 5])
        }
    }

    @Test(arguments: Kind.allCases) func acknowledgementsAreKept(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            try shelf.store().commit([.direct(direct(1, from: hans, "a"), to: yoda), .direct(direct(2, from: hans, "b"), to: yoda)])
            try shelf.store().commit([.acknowledged(yoda, through: 1, byClient: true)])
            #expect(try shelf.store().load().byName.map(\.acknowledged) == [0, 0, 1])
        }
    }

    @Test(arguments: Kind.allCases) func blocksAreKept(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            try shelf.store().commit([.block(yoda, by: hans), .block(luke, by: hans), .block(hans, by: yoda)])
            try shelf.store().commit([.unblock(luke, by: hans), .block(yoda, by: hans)])
            #expect(try shelf.store().load().byName.map(\.blocks) == [[yoda], [], [hans]])
        }
    }

    @Test(arguments: Kind.allCases) func lockoutsAreKeptForAnyName(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            let nobody = try #require(UserName("nobody"))
            try shelf.store().commit([.lockout(nobody, failures: 1, until: nil), .lockout(yoda, failures: 2, until: nil)])
            try shelf.store().commit([
                .lockout(yoda, failures: 3, until: Timestamp(milliseconds: 9)), .lockout(hans, failures: 1, until: nil),
                .clearLockout(hans),
            ])
            #expect(
                try shelf.store().load().lockouts == [
                    .init(name: nobody, failures: 1, until: nil), .init(name: yoda, failures: 3, until: Timestamp(milliseconds: 9)),
                ])
        }
    }

    @Test(arguments: Kind.allCases) func sessionsAndTheirTokensAreKept(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            let token = try #require(TokenDigest(bytes: Array(repeating: 7, count: 32)))
            func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
            try shelf.store().commit([
                .sessionOpened(yoda, token, at: time(10)), .sessionOpened(hans, token, at: time(11)),
                .sessionOpened(luke, token, at: time(12)),
            ])
            try shelf.store().commit([
                .sessionClosed(yoda, at: time(20), isResumable: true), .sessionClosed(hans, at: time(21), isResumable: false),
            ])
            let accounts = try shelf.store().load().byName
            #expect(accounts.map(\.opened) == [time(11), time(12), time(10)])
            #expect(accounts.map(\.closed) == [time(21), nil, time(20)])
            #expect(accounts.map(\.token) == [nil, token, token])
        }
    }

    @Test(arguments: Kind.allCases) func oldBroadcastsAreDropped(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            for start in stride(from: UInt64(1), to: 2500, by: 250) {
                try shelf.store().commit((start..<start + 250).map { .broadcast(direct($0, from: hans, "b\($0)")) })
            }
            let store = try shelf.store()
            #expect(try store.load().broadcastSequence == 2500)
            let page = try store.history(of: yoda, HistoryQuery(with: nil, limit: 3), hiding: [])
            #expect(page.messages.map(\.text) == ["b2498", "b2499", "b2500"])
            var place = page.before
            var count = 3
            while let before = place {
                let page = try store.history(of: yoda, HistoryQuery(with: nil, before: before, limit: 200), hiding: [])
                count += page.messages.count
                place = page.before
            }
            #expect((1000..<2000).contains(count))
        }
    }

    @Test(arguments: Kind.allCases) func aConversationIsPagedFromItsEnd(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            try shelf.store().commit([
                .direct(direct(1, from: hans, "1", at: 1), to: yoda), .direct(direct(1, from: yoda, "2", at: 2), to: hans),
                .direct(direct(2, from: luke, "not this", at: 3), to: yoda), .direct(direct(3, from: hans, "3", at: 4), to: yoda),
                .direct(direct(2, from: yoda, "4", at: 5), to: hans), .direct(direct(4, from: hans, "5", at: 6), to: yoda),
            ])
            let store = try shelf.store()
            var texts: [[String]] = []
            var query = HistoryQuery(with: hans, limit: 2)
            while true {
                let page = try store.history(of: yoda, query, hiding: [])
                texts.append(page.messages.map(\.text))
                guard let before = page.before else { break }
                query.before = before
            }
            #expect(texts == [["4", "5"], ["2", "3"], ["1"]])
            #expect(try store.history(of: luke, HistoryQuery(with: hans), hiding: []).messages == [])
        }
    }

    @Test(arguments: Kind.allCases) func whatIsHiddenIsNotInTheHistory(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            try shelf.store().commit([
                .broadcast(direct(1, from: hans, "1")), .broadcast(direct(2, from: luke, "2")), .broadcast(direct(3, from: hans, "3")),
            ])
            let page = try shelf.store().history(of: yoda, HistoryQuery(with: nil, limit: 2), hiding: [hans])
            #expect(page.messages.map(\.text) == ["2"])
            #expect(page.before == nil)
        }
    }

    @Test(arguments: Kind.allCases) func aPageIsSmallHoweverLongTheMessages(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            let text = String(repeating: "x", count: 10_000)
            try shelf.store().commit((1...9).map { .direct(direct($0, from: hans, "\($0)" + text), to: yoda) })
            var seen: [String] = []
            var query = HistoryQuery(with: hans, limit: 200)
            while true {
                let page = try shelf.store().history(of: yoda, query, hiding: [])
                #expect(page.messages.count <= 2)
                seen = page.messages.map { String($0.text.prefix(1)) } + seen
                guard let before = page.before else { break }
                query.before = before
            }
            #expect(seen == (1...9).map(String.init))
        }
    }

    @Test(arguments: Kind.allCases) func aNewAccountOfAnOldNameSeesNothingOfTheOldOne(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            let key = try #require(MessageKey("k"))
            try shelf.store().commit([
                .direct(direct(1, from: hans, "secret"), to: luke), .direct(direct(2, from: yoda, "kept"), to: luke),
                .usedKey(StoredKey(key: key, reply: .message(.success)), by: hans),
            ])
            try shelf.store().commit([.removeAccount(hans)])
            try shelf.store().commit([.account(AccountRecord(name: hans, passwordHash: "other"))])
            let store = try shelf.store()
            #expect(try store.history(of: hans, HistoryQuery(with: luke), hiding: []).messages == [])
            #expect(try store.recentKeys(of: hans) == [])
            #expect(try store.inbox(of: luke, after: 0, count: 10, bytes: 1000).map(\.text) == ["kept"])
        }
    }

    @Test(arguments: Kind.allCases) func theLatestKeysAreKeptWithTheirReplies(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            let keys = try (1...600).map { number in
                StoredKey(
                    key: try #require(MessageKey("k\(number)")),
                    reply: .broadcast(sent: number, blocked: 1, Reply.Receipt(sequence: UInt64(number), time: Timestamp(milliseconds: 4))))
            }
            for start in stride(from: 0, to: 600, by: 100) {
                try shelf.store().commit(keys[start..<start + 100].map { .usedKey($0, by: hans) })
            }
            #expect(try shelf.store().recentKeys(of: hans) == Array(keys.suffix(KeyWindow.capacity)))
            #expect(try shelf.store().recentKeys(of: yoda) == [])
        }
    }

    @Test(arguments: Kind.allCases) func theImportStampIsKept(_ kind: Kind) async throws {
        try await with(kind) { shelf in
            #expect(try shelf.store().load().importStamp == nil)
            try shelf.store().commit([.imported(stamp: "1:2")])
            #expect(try shelf.store().load().importStamp == "1:2")
        }
    }
}

extension StoredState {
    fileprivate var byName: [StoredAccount] { accounts.sorted { $0.record.name < $1.record.name } }
}

import ChatCore
import ChatProtocol
import HashTreeCollections
import Logging
import Testing

/// A store that fails when it is told to.
private final class FailingStore: ChatStore {
    struct Failure: Error {}

    private let inner = MemoryStore()
    private let state = Locked((fails: false, commits: [[Change]]()))

    var fails: Bool {
        get { state.withLock { $0.fails } }
        set { state.withLock { $0.fails = newValue } }
    }
    var commits: [[Change]] { state.withLock { $0.commits } }

    func load() throws -> StoredState { try inner.load() }

    func commit(_ changes: [Change]) throws {
        guard !fails else { throw Failure() }
        state.withLock { $0.commits.append(changes) }
        try inner.commit(changes)
    }

    func inbox(of name: UserName, after sequence: UInt64, count: Int, bytes: Int) throws -> [StoredMessage] {
        try inner.inbox(of: name, after: sequence, count: count, bytes: bytes)
    }

    func history(of name: UserName, _ query: HistoryQuery, hiding hidden: Set<UserName>) throws -> Reply.HistoryPage {
        try inner.history(of: name, query, hiding: hidden)
    }

    func recentKeys(of name: UserName) throws -> [StoredKey] {
        guard !fails else { throw Failure() }
        return try inner.recentKeys(of: name)
    }
}

/// The order that makes "confirmed" mean "durable", and what happens when the store cannot.
struct HubTests {
    private final class Desk {
        let store = FailingStore()
        let mailbox = Mailbox<HubInput>()
        private let sent: Sent
        var hub: Hub
        var now = Moment(uptime: 1_000_000_000_000, wall: Timestamp(milliseconds: 1_000_000))

        final class Sent: Sendable {
            let batches = Locked<[(batch: DeliveryBatch, commits: Int)]>([])
        }

        /// Three users; yoda and hans are online on connections 1 and 2, with the extended protocol.
        init() throws {
            let names = try ["yoda", "hans", "luke"].map { try #require(UserName($0)) }
            let hash = PasswordHash(of: "x", cost: 4).text
            try store.commit(names.map { .account(AccountRecord(name: $0, passwordHash: hash)) })
            let sent = Sent()
            self.sent = sent
            let ports = Hub.Ports(
                store: store, passwords: PasswordPool(cost: 4, width: 1), mailbox: mailbox,
                deliver: { [store] batch in sent.batches.withLock { $0.append((batch, store.commits.count)) } }, clock: { .now() },
                newToken: {
                    var generator = SystemRandomNumberGenerator()
                    return ResumeToken.random(using: &generator)
                }, log: Logger(label: "hub") { _ in SwiftLogNoOpLogHandler() })
            hub = Hub(state: ChatState(try store.load(), settings: ChatSettings(), at: now), ports: ports)
            for (index, name) in names.prefix(2).enumerated() { logIn(name, on: UInt64(index + 1)) }
            _ = take()
        }

        func logIn(_ name: UserName, on number: UInt64, _ dialect: Dialect = .extended, peer: PeerOffer? = nil) {
            let id = ConnectionID(rawValue: number)
            turn([
                .opened(id, address: "127.0.0.1"),
                .received(.request(RequestFrame(.login(.init(name: name, password: "x", dialect: dialect, peer: peer)))), from: id),
            ])
            var batch: [HubInput] = []
            while hub.state.isWaitingForPasswords {
                mailbox.take(into: &batch, until: Moment.now().uptime + 10 * Moment.second)
                turn(batch)
            }
        }

        func turn(_ inputs: [HubInput]) { hub.turn(inputs, at: now) }

        func request(_ request: Request, from number: UInt64) {
            turn([.received(.request(RequestFrame(request)), from: ConnectionID(rawValue: number))])
        }

        func pass(seconds: Double) {
            now.uptime += UInt64(seconds * 1e9)
            turn([])
        }

        /// What was sent since last asked: "connection: line".
        func take() -> [String] {
            sent.batches.withLock { batches in
                defer { batches = [] }
                return batches.flatMap { batch, _ in
                    batch.individual.map { "\($0.connection.rawValue): " + Self.text($0.bytes) + ($0.closes ? "closed" : "") }
                        + batch.shared.map { "\($0.audience): " + Self.text($0.bytes) }
                }
            }
        }

        /// How many commits there had been when each batch was sent.
        func commitsAtSending() -> [Int] { sent.batches.withLock { $0.map(\.commits) } }

        private static func text(_ bytes: [UInt8]) -> String {
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
                line.split(separator: #","time""#)[0].description
            }.joined(separator: " + ")
        }
    }

    private func message(_ to: String, _ text: String) -> Request { .message(to: UserName(to), text: text, key: nil) }

    @Test func nothingIsSentBeforeItIsStored() throws {
        let desk = try Desk()
        let before = desk.store.commits.count
        desk.request(message("hans", "a"), from: 1)
        #expect(desk.commitsAtSending() == [before + 1])
        #expect(desk.store.commits.last?.count == 1)
    }

    @Test func aBatchIsOneCommit() throws {
        let desk = try Desk()
        let before = desk.store.commits.count
        desk.turn(
            (1...50).map { number in
                .received(.request(RequestFrame(message("hans", "\(number)"))), from: ConnectionID(rawValue: 1))
            })
        #expect(desk.store.commits.count == before + 1)
        #expect(desk.store.commits.last?.count == 50)
    }

    @Test func aFailedCommitRefusesTheBatchAndChangesNothing() throws {
        let desk = try Desk()
        desk.store.fails = true
        desk.turn([
            .received(.request(RequestFrame(message("hans", "lost"), id: RequestID(1))), from: ConnectionID(rawValue: 1)),
            .received(.request(RequestFrame(.block(UserName("luke")), id: RequestID(2))), from: ConnectionID(rawValue: 2)),
            .received(.request(RequestFrame(.whoelse, id: RequestID(3))), from: ConnectionID(rawValue: 1)),
        ])
        #expect(
            desk.take() == [
                #"1: {"action":"message","status":"UNAVAILABLE","id":1} + {"action":"whoelse","reply":["hans"],"id":3}"#,
                #"2: {"action":"block","status":"UNAVAILABLE","id":2}"#,
            ])
        for name in ["yoda", "hans", "luke"] {
            let account = try #require(UserName(name).flatMap { desk.hub.state.accounts[$0] })
            #expect(account.lastSequence == 0 && account.blocks.isEmpty)
        }

        desk.store.fails = false
        desk.request(message("hans", "kept"), from: 1)
        let sent = desk.take()
        #expect(sent.contains { $0.contains(#""message":"kept","seq":1"#) })
        #expect(!sent.contains { $0.contains("lost") })
    }

    @Test func aLoginThatCannotBeStoredIsRefusedAndCanBeTriedAgain() throws {
        let desk = try Desk()
        desk.store.fails = true
        let luke = try #require(UserName("luke"))
        desk.logIn(luke, on: 3)
        #expect(desk.take() == [#"3: {"action":"login","status":"UNAVAILABLE"}"#])
        desk.store.fails = false
        desk.logIn(luke, on: 4)
        #expect(desk.take().contains { $0.contains(#"{"action":"login","status":"SUCCESS""#) })
    }

    @Test func whatIsAFactHoldsThoughItCannotBeStoredYet() throws {
        let desk = try Desk()
        desk.store.fails = true
        desk.turn([.closed(ConnectionID(rawValue: 2))])
        #expect(desk.take().contains(#"extended: {"action":"presence","online":[],"offline":["hans"]}"#))
        desk.request(message("hans", "x"), from: 1)
        #expect(desk.take() == [#"1: {"action":"message","status":"UNAVAILABLE"}"#])
        desk.store.fails = false
        desk.pass(seconds: 2)
        let hans = try #require(UserName("hans"))
        #expect(desk.store.commits.last == [.sessionClosed(hans, at: desk.now.wall, isResumable: true)])
    }

    /// The index of files touches no store.
    @Test func filesAreRegisteredAndFoundThoughNothingCanBeStored() throws {
        let desk = try Desk()
        let luke = try #require(UserName("luke"))
        desk.logIn(luke, on: 3, peer: PeerOffer(pin: try #require(PeerPin(String(repeating: "0", count: 64))), candidates: []))
        _ = desk.take()
        let root = try #require(Hash256([UInt8](1...32)))
        let file = SharedFile(name: try #require(SafeName("film.mkv")), content: try #require(FileContent(root: root, size: 5)))
        desk.store.fails = true
        desk.turn([
            .received(.request(RequestFrame(.swarm(.register(file, PieceSet(all: 1))))), from: ConnectionID(rawValue: 3)),
            .received(.request(RequestFrame(message("hans", "lost"))), from: ConnectionID(rawValue: 1)),
        ])
        #expect(
            desk.take() == [
                #"3: {"action":"register","status":"SUCCESS"}"#, #"1: {"action":"message","status":"UNAVAILABLE"}"#,
            ])
        desk.request(.swarm(.searchfile(file.name)), from: 1)
        #expect(desk.take().joined().contains(#""owners":[{"user":"luke","count":1}]"#))
        desk.turn([.closed(ConnectionID(rawValue: 3))])
        #expect(desk.hub.state.swarm.isEmpty)
    }

    /// Nothing to store means nothing to wait for: the Hub must sleep until something happens.
    @Test func afterAFailureTheHubDoesNotWakeForNothing() throws {
        let desk = try Desk()
        desk.store.fails = true
        desk.request(message("hans", "x"), from: 1)
        desk.pass(seconds: 2)
        #expect(desk.hub.wakeUp.map { $0 > desk.now.uptime + 5 * Moment.second } ?? true)
    }

    @Test func forAnIdleOriginalClientNothingEverWakes() throws {
        let desk = try Desk()
        desk.logIn(try #require(UserName("luke")), on: 3, .original)
        desk.turn([.closed(ConnectionID(rawValue: 1)), .closed(ConnectionID(rawValue: 2))])
        #expect(desk.hub.state.nextDeadline == nil)
    }

    @Test func whatAnOriginalClientTookBeforeItLeftIsNotSentAgain() throws {
        let desk = try Desk()
        let luke = try #require(UserName("luke"))
        desk.logIn(luke, on: 3, .original)
        desk.request(message("luke", "a"), from: 1)
        desk.request(.logout, from: 3)
        desk.turn([.written(ConnectionID(rawValue: 3), mark: 1), .closed(ConnectionID(rawValue: 3))])
        desk.pass(seconds: 0.06)
        #expect(desk.store.commits.last == [.acknowledged(luke, through: 1, byClient: false)])
    }

    @Test func afterAShutdownWhatSocketsStillTakeIsStored() throws {
        let desk = try Desk()
        let luke = try #require(UserName("luke"))
        desk.logIn(luke, on: 3, .original)
        desk.request(message("luke", "a"), from: 1)
        desk.turn([.shutdown])
        desk.turn([.written(ConnectionID(rawValue: 3), mark: 1), .stop])
        #expect(desk.store.commits.last?.contains(.acknowledged(luke, through: 1, byClient: false)) == true)
    }

    @Test func anAccountTakenOverStaysSoThoughOthersInTheBatchAreRefused() throws {
        let desk = try Desk()
        let luke = try #require(UserName("luke"))
        try desk.store.commit([.removeAccount(luke)])
        desk.turn([
            .received(.request(RequestFrame(message("luke", "before"))), from: ConnectionID(rawValue: 1)), .administer([]),
            .received(.request(RequestFrame(message("luke", "after"))), from: ConnectionID(rawValue: 1)),
        ])
        #expect(desk.hub.state.accounts[luke] == nil)
        #expect(desk.take().last { $0.hasPrefix("1: ") } == #"1: {"action":"message","status":"USER_NOT_EXIST"}"#)
    }

    @Test func whoIsRemovedIsGoneForEverybodyThoughTheStoreFailsThen() throws {
        let desk = try Desk()
        let hans = try #require(UserName("hans"))
        try desk.store.commit([.removeAccount(hans)])
        _ = desk.take()
        desk.store.fails = true
        desk.turn([.administer([]), .received(.request(RequestFrame(message("luke", "x"))), from: ConnectionID(rawValue: 1))])
        #expect(desk.take().contains { $0.hasPrefix("1: ") && $0.contains(#""offline":["hans"]"#) })
        desk.store.fails = false
        desk.request(.broadcast(text: "who hears this?", key: nil), from: 1)
        #expect(!desk.take().contains { $0.hasPrefix("2: ") })
    }

    @Test func anAcknowledgementIsStoredAtOnce() throws {
        let desk = try Desk()
        desk.request(message("hans", "a"), from: 1)
        desk.request(.ack(through: 1), from: 2)
        let hans = try #require(UserName("hans"))
        #expect(desk.store.commits.last == [.acknowledged(hans, through: 1, byClient: true)])
    }

    @Test func thatASocketTookAMessageWaitsForCompanyButNotForLong() throws {
        let desk = try Desk()
        let luke = try #require(UserName("luke"))
        desk.logIn(luke, on: 3, .original)
        desk.request(message("luke", "a"), from: 1)
        let before = desk.store.commits.count
        desk.turn([.written(ConnectionID(rawValue: 3), mark: 1)])
        #expect(desk.store.commits.count == before)
        desk.pass(seconds: 0.06)
        #expect(desk.store.commits.last == [.acknowledged(luke, through: 1, byClient: false)])
        desk.pass(seconds: 5)
        #expect(desk.store.commits.count == before + 1)
    }

    @Test func aLargeInboxFollowsPageByPageAsItIsAcknowledged() throws {
        let desk = try Desk()
        let text = String(repeating: "x", count: 10_000)
        for number in 1...40 { desk.request(message("luke", "\(number) " + text), from: 1) }
        _ = desk.take()
        desk.logIn(try #require(UserName("luke")), on: 3)
        var got = 0
        for _ in 0..<40 where got < 40 {
            let bytes = desk.take().filter { $0.hasPrefix("3: ") }.joined()
            #expect(bytes.utf8.count < 300_000)
            got += bytes.split(separator: "receive_message").count - 1
            desk.request(.ack(through: UInt64(got)), from: 3)
        }
        #expect(got == 40)
    }
}

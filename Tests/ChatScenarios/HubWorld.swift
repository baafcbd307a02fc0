package import ChatCore
package import ChatProtocol
import Logging
import Synchronization

/// The rules and their Hub over a store, without sockets and with a clock that only the scenario moves.
package struct HubWorld: ScenarioWorld {
    /// Mends what the wire would: which bytes reached whom.
    private struct Wire {
        var received: [ServerMessage] = []
        var audience: Audience?
        var isClosed = false
        var isUp = true
    }

    private final class Deliveries: Sendable {
        let batches = Locked<[DeliveryBatch]>([])
    }

    private final class HubBox {
        var hub: Hub
        init(_ hub: consuming Hub) { self.hub = hub }
    }

    private let store: any ChatStore
    private let settings: ChatSettings
    private let mailbox = Mailbox<HubInput>()
    private let deliveries = Deliveries()
    private let passwords = HubWorld.passwords
    private var box: HubBox
    private var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_000_000_000))
    private var ids: [String: ConnectionID] = [:]
    private var wires: [ConnectionID: Wire] = [:]

    /// All worlds share a pool, which knows connections by their ids.
    private static let lastID = Atomic<UInt64>(0)
    private static let cost = 4
    private static let passwords = PasswordPool(cost: cost, width: 2)
    private static let hashes = Account.all.map { PasswordHash(of: $0.password, cost: cost).text }

    /// - Parameter store: empty; the accounts are added here.
    package init(_ scenario: Scenario.Settings, store: any ChatStore) throws {
        var settings = ChatSettings()
        settings.blockDuration = Double(scenario.blockDuration)
        settings.timeout = Double(scenario.timeout)
        settings.mailbox = scenario.mailbox
        settings.resumeWindow = Double(scenario.resumeWindow)
        self.settings = settings
        self.store = store
        try store.commit(
            zip(Account.all, Self.hashes).compactMap { account, hash in
                UserName(account.name).map { .account(AccountRecord(name: $0, passwordHash: hash)) }
            })
        box = try Self.start(store, settings, now, mailbox, deliveries)
    }

    private static func start(
        _ store: any ChatStore, _ settings: ChatSettings, _ now: Moment, _ mailbox: Mailbox<HubInput>, _ deliveries: Deliveries
    ) throws -> HubBox {
        let ports = Hub.Ports(
            store: store, passwords: passwords, mailbox: mailbox,
            deliver: { batch in deliveries.batches.withLock { $0.append(batch) } },
            clock: { .now() },
            newToken: {
                var generator = SystemRandomNumberGenerator()
                return ResumeToken.random(using: &generator)
            },
            log: Logger(label: "hub") { _ in SwiftLogNoOpLogHandler() })
        return HubBox(Hub(state: ChatState(try store.load(), settings: settings, at: now), ports: ports))
    }

    package mutating func open(_ connection: String) {
        let id = ConnectionID(rawValue: Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue)
        ids[connection] = id
        wires[id] = Wire()
        turn([.opened(id, address: "127.0.0.1")])
    }

    package mutating func send(_ frame: [UInt8], on connection: String) {
        guard let id = ids[connection], wires[id]?.isUp == true else { return }
        let input: ConnectionInput
        do throws(BadRequest) {
            // `withUnsafeBytes` rethrows untyped errors.
            let result: Result<RequestFrame, BadRequest> = frame.withUnsafeBytes { bytes in
                do throws(BadRequest) { return .success(try RequestFrame(decoding: bytes)) } catch { return .failure(error) }
            }
            input = .request(try result.get())
        } catch {
            input = .bad(error)
        }
        turn([.received(input, from: id)])
    }

    package mutating func drop(_ connection: String) {
        guard let id = ids[connection] else { return }
        wires[id]?.isUp = false
        wires[id]?.audience = nil
        turn([.closed(id)])
    }

    package mutating func advance(milliseconds: Int) {
        // Deadline by deadline, as the real Hub's timer would.
        let end = now.uptime + UInt64(milliseconds) * 1_000_000
        while let next = box.hub.state.nextDeadline, next <= end {
            move(to: max(next, now.uptime))
            turn([])
        }
        move(to: end)
        turn([])
    }

    private mutating func move(to uptime: UInt64) {
        let start = now.uptime / 1_000_000
        now.uptime = uptime
        now.wall = Timestamp(milliseconds: now.wall.milliseconds + Int64(uptime / 1_000_000 - start))
    }

    package mutating func restart() throws {
        // That a socket took something is stored a moment later; a scenario's restart comes after that.
        box.hub.turn([], at: Moment(uptime: now.uptime + Moment.second / 20, wall: now.wall))
        for id in wires.keys { wires[id]?.isUp = false }
        for id in wires.keys { wires[id]?.isClosed = true }
        box = try Self.start(store, settings, now, mailbox, deliveries)
    }

    package mutating func settle() {
        var batch: [HubInput] = []
        for _ in 0..<100 where box.hub.state.isWaitingForPasswords {
            mailbox.take(into: &batch, until: Moment.now().uptime + 5 * Moment.second)
            turn(batch)
        }
    }

    package mutating func received(on connection: String) -> [ServerMessage] {
        guard let id = ids[connection] else { return [] }
        defer { wires[id]?.received = [] }
        return wires[id]?.received ?? []
    }

    package func isClosed(_ connection: String) -> Bool { ids[connection].flatMap { wires[$0]?.isClosed } ?? true }

    /// One turn, and what the wire makes of it.
    private mutating func turn(_ inputs: [HubInput]) {
        box.hub.turn(inputs, at: now)
        let batches = deliveries.batches.withLock { batches in
            defer { batches = [] }
            return batches
        }
        var consequences: [HubInput] = []
        for batch in batches { consequences += deliver(batch) }
        if !consequences.isEmpty { turn(consequences) }
    }

    private mutating func deliver(_ batch: DeliveryBatch) -> [HubInput] {
        var consequences: [HubInput] = []
        for joining in batch.joining { wires[joining.connection]?.audience = joining.audience }
        let apart = Set(batch.individual.map(\.connection))
        for shared in batch.shared {
            for (id, wire) in wires where wire.isUp && wire.audience == shared.audience && !apart.contains(id) {
                wires[id]?.received += Self.messages(in: shared.bytes)
            }
        }
        for delivery in batch.individual {
            let id = delivery.connection
            guard wires[id]?.isUp == true else { continue }
            wires[id]?.received += Self.messages(in: delivery.bytes)
            if let mark = delivery.marks.last { consequences.append(.written(id, mark: mark.sequence)) }
            if delivery.closes {
                wires[id]?.isUp = false
                wires[id]?.isClosed = true
                wires[id]?.audience = nil
                consequences.append(.closed(id))
            }
        }
        return consequences
    }

    private static func messages(in bytes: [UInt8]) -> [ServerMessage] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            Array(line).withUnsafeBytes { bytes in
                do throws(BadRequest) { return try ServerMessage.decoding(bytes) } catch {
                    return .reply(.error(.badRequest, reason: "the server sent: \(error.reason)"), id: nil)
                }
            }
        }
    }
}

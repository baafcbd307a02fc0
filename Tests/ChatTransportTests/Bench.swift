import ChatProtocol
import ChatTransport
import Foundation
import Logging

/// A listener on a free loopback port whose inputs a test can wait for, in place of the Hub.
final class Bench: Sendable {
    enum Happening: Equatable, Sendable {
        case opened(ConnectionID)
        case received(ConnectionInput, ConnectionID)
        case written(ConnectionID, UInt64)
        case closed(ConnectionID)
    }

    let listener: Listener
    let identity: ServerIdentity
    let folder: String
    let port: Int
    let happenings: Awaited<Happening>

    private init(listener: Listener, identity: ServerIdentity, folder: String, port: Int, happenings: Awaited<Happening>) {
        self.listener = listener
        self.identity = identity
        self.folder = folder
        self.port = port
        self.happenings = happenings
    }

    /// Runs `body` with a listener, and ends it afterwards.
    static func run(
        accepts: @escaping @Sendable () -> Bool = { true }, _ change: (inout ListenerOptions) -> Void = { _ in },
        _ body: (Bench) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banter-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = ListenerOptions(eventLoops: 2)
        options.port = 0
        change(&options)
        let happenings = Awaited<Happening>()
        let identity = try ServerIdentity(folder: folder)
        let listener = Listener(
            options: options, tls: identity.context,
            callbacks: ListenerCallbacks { reports in
                for report in reports {
                    switch report {
                    case .opened(let id, _): happenings.add(.opened(id))
                    case .received(let input, let id): happenings.add(.received(input, id))
                    case .written(let id, let mark): happenings.add(.written(id, mark))
                    case .closed(let id): happenings.add(.closed(id))
                    }
                }
                return !reports.contains { if case .received = $0 { true } else { false } } || accepts()
            },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let address = try await listener.start()
        let port = Int(address.split(separator: ":").last ?? "") ?? 0
        let bench = Bench(listener: listener, identity: identity, folder: folder, port: port, happenings: happenings)
        do {
            try await body(bench)
        } catch {
            await listener.shutDown(within: .seconds(1))
            throw error
        }
        await listener.shutDown(within: .seconds(1))
    }

    func send(_ bytes: String, to id: ConnectionID, marks: [DeliveryBatch.Mark] = [], closes: Bool = false) {
        var batch = DeliveryBatch()
        batch.individual = [.init(connection: id, bytes: Array(bytes.utf8), marks: marks, closes: closes)]
        listener.deliver(batch)
    }

    func join(_ id: ConnectionID, _ audience: Audience) {
        var batch = DeliveryBatch()
        batch.joining = [.init(connection: id, audience: audience)]
        batch.individual = [.init(connection: id, bytes: [])]
        listener.deliver(batch)
    }

    /// The connection that opens next.
    func nextConnection() async throws -> ConnectionID {
        let happening = try await happenings.next { if case .opened = $0 { true } else { false } }
        guard case .opened(let id) = happening else { throw Timeout() }
        return id
    }
}

struct Timeout: Error {}

/// Things that happen elsewhere, and that a test waits for, 20 s at the most.
final class Awaited<Item: Sendable>: Sendable {
    private let state = Locked<(items: [Item], taken: Int)>(([], 0))
    private let stream: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    func add(_ item: Item) {
        state.withLock { $0.items.append(item) }
        bell.yield()
    }

    var all: [Item] { state.withLock { $0.items } }

    /// The next item that fits; those before it are passed over.
    func next(where fits: @escaping @Sendable (Item) -> Bool = { _ in true }) async throws -> Item {
        try await withThrowingTaskGroup(of: Item.self) { group in
            group.addTask { [self] in
                while true {
                    if let item = take(fits) { return item }
                    for await _ in stream { break }
                    try Task.checkCancellation()
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(20))
                throw Timeout()
            }
            defer { group.cancelAll() }
            guard let item = try await group.next() else { throw Timeout() }
            return item
        }
    }

    private func take(_ fits: (Item) -> Bool) -> Item? {
        state.withLock { state in
            while state.taken < state.items.count {
                defer { state.taken += 1 }
                if fits(state.items[state.taken]) { return state.items[state.taken] }
            }
            return nil
        }
    }
}

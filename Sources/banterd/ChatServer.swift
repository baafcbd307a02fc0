import ChatCore
import ChatProtocol
import ChatStoreSQLite
import ChatTransport
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// The server as a service: everything wired together, from start to graceful end.
struct ChatServer: Service {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How long (nanoseconds) a turn waits at the most for the event loops to write what the one before it told everybody.
    private static let mostHeld = Moment.second / 20

    private let options: Serve
    private let store: any ChatStore
    /// What was stored when the server was started, until it is running.
    private let stored: Locked<StoredState?>
    private let identity: ServerIdentity
    private let log: Logger
    /// How many files this process may have open.
    private let files: Int

    /// Opens the store, imports accounts and loads the certificate: whatever can be wrong is found before anybody connects.
    init(_ options: Serve, log: Logger) throws {
        self.options = options
        self.log = log
        let folder = try DataFolder(options.folder)
        try folder.lock()
        store =
            switch options.store {
            case .memory: MemoryStore()
            case .sqlite: try SQLiteStore(path: folder.database)
            }
        // Read once: with many accounts that is most of what a start takes.
        var stored = try store.load()
        let changes = try Self.credentialChanges(options, since: stored)
        if !changes.isEmpty {
            try store.commit(changes)
            stored = try store.load()
        }
        self.stored = Locked(stored)
        if let certificate = options.certificate, let key = options.privateKey {
            identity = try ServerIdentity(certificate: certificate, privateKey: key)
        } else {
            identity = try ServerIdentity(folder: folder.path)
        }
        files = Self.raiseFileLimit()
    }

    /// What the credentials file asks for. The file named by nobody need not exist if there are accounts already.
    private static func credentialChanges(_ options: Serve, since stored: StoredState) throws -> [Change] {
        let path = options.credentials ?? "credentials.txt"
        if options.credentials == nil, access(path, F_OK) != 0 {
            guard stored.accounts.isEmpty else { return [] }
            throw Failure(
                description:
                    "no accounts: there is no \(path) here; name one with --credentials, or add accounts with: banterd user add NAME")
        }
        let file = try CredentialsFile(path: path)
        return file.credentials.changes(since: stored, stamp: file.stamp, cost: options.passwordCost)
    }

    /// Raises the limit as far as that goes, and returns it.
    private static func raiseFileLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// As many connections as asked for, if there are files for them. Some stay free for the store, and for those that hear why they must
    /// go. The server then chooses who makes room, where without files nobody could come in.
    private var connections: Int {
        let possible = max(1, files - min(1024, max(64, files / 4)))
        guard possible < options.maxConnections else { return options.maxConnections }
        log.notice(
            "fewer connections than it might be, for want of files; raise their limit (ulimit -n)",
            metadata: ["connections": "\(possible)", "files": "\(files)"])
        return possible
    }

    private var settings: ChatSettings {
        var settings = ChatSettings()
        settings.blockDuration = options.blockDuration
        settings.timeout = options.timeout
        settings.keepAlive = Double(options.keepAlive)
        settings.keepAliveGrace = Double(options.keepAliveGrace)
        return settings
    }

    private var listenerOptions: ListenerOptions {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        // The Hub has a thread of its own. More threads than cores only take turns, and wake each other for it.
        var listener = ListenerOptions(eventLoops: options.eventLoops ?? max(1, cores - 1))
        listener.host = options.host
        listener.port = options.port
        listener.plaintext = .init(rawValue: options.plaintext.rawValue) ?? .loopback
        listener.connections = connections
        (listener.keepAlive, listener.keepAliveGrace) = (options.keepAlive, options.keepAliveGrace)
        if options.noFloodLimit { listener.flood = nil }
        return listener
    }

    /// Hands out what was stored, which nobody keeps from then on, with all sessions closed.
    private func storedAtStart(at now: Timestamp) throws -> StoredState {
        var state = try stored.withLock { stored in
            defer { stored = nil }
            return try stored ?? store.load()
        }
        let ends = state.closeOpenSessions(at: now)
        if !ends.isEmpty { try store.commit(ends) }
        return state
    }

    func run() async throws {
        let mailbox = Mailbox<HubInput>()
        let listener = Listener(options: listenerOptions, tls: identity.context, callbacks: callbacks(to: mailbox), log: log)
        mailbox.whenRoom { listener.resumeReading() }
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let now = Moment.now()
        let state = ChatState(try storedAtStart(at: now.wall), settings: settings, at: now)
        let (told, tellShutdown) = AsyncStream.makeStream(of: Void.self)
        var ports = Hub.Ports(
            store: store,
            passwords: PasswordPool(cost: options.passwordCost, width: ProcessInfo.processInfo.activeProcessorCount),
            mailbox: mailbox,
            deliver: { batch in
                guard !batch.shared.isEmpty else { return listener.deliver(batch) }
                // As long as everybody is written to, nobody reads what a turn would tell them; what comes meanwhile is told with it.
                mailbox.hold(listener.eventLoops, until: Moment.now().uptime.later(by: Self.mostHeld))
                // What came during the commit would be a turn alone, and soon another with what is in the sockets since.
                listener.deliver(batch, readsFirst: { !mailbox.isEmpty }, whenWritten: { mailbox.release() })
            },
            clock: { .now() },
            newToken: {
                var generator = SystemRandomNumberGenerator()
                return ResumeToken.random(using: &generator)
            },
            log: log)
        ports.admitRelay = { listener.admitRelay(first: $0, second: $1) }
        ports.whenToldOfShutdown = { tellShutdown.finish() }

        let address = try await listener.start()
        // A process that prints to a closed pipe still serves.
        print("banterd ready on \(address), TLS fingerprint \(identity.fingerprint)")
        fflush(nil)

        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [ports] in await Self.runHub(state, ports) }
            tasks.addTask { await reload(on: hangups, into: mailbox) }
            // Cancelled by the group's end or by the signal: both mean to stop.
            try? await gracefulShutdown()
            await listener.stopAccepting()
            mailbox.put(.shutdown)
            for await _ in told {}
            // What sockets still take must be noted, so the Hub stops after them.
            await listener.shutDown(within: .seconds(8))
            mailbox.put(.stop)
            await tasks.next()
            tasks.cancelAll()
        }
        // Nothing is lost if this fails: the next start reads the log beside the database.
        do { try store.close() } catch { log.warning("the database was not closed", metadata: ["error": "\(error)"]) }
    }

    /// Runs the Hub on a thread of its own, since it waits for its mailbox and for the disk.
    private static func runHub(_ state: ChatState, _ ports: Hub.Ports) async {
        await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
            let thread = Thread {
                var hub = Hub(state: state, ports: ports)
                hub.run()
                ended.resume()
            }
            thread.name = "hub"
            thread.start()
        }
    }

    private func callbacks(to mailbox: Mailbox<HubInput>) -> ListenerCallbacks {
        ListenerCallbacks { reports in mailbox.put(reports.takeAll { HubInput($0) }) }
    }

    /// SIGHUP: read the credentials file again, and take over what account management did to the database.
    private func reload(on hangups: UnixSignalsSequence, into mailbox: Mailbox<HubInput>) async {
        for await _ in hangups {
            do {
                mailbox.put(.administer(try Self.credentialChanges(options, since: store.load())))
            } catch {
                log.error("the accounts stay as they are", metadata: ["error": "\(error)"])
            }
        }
    }
}

extension HubInput {
    fileprivate init(_ report: consuming ConnectionReport) {
        self =
            switch consume report {
            case .opened(let id, let address): .opened(id, address: address)
            case .received(let input, let id): .received(input, from: id)
            case .written(let id, let mark): .written(id, mark: mark)
            case .closed(let id): .closed(id)
            }
    }
}

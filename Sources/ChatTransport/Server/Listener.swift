package import ChatProtocol
import Glibc
package import Logging
import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// The server's side of the wire: accepts TLS and plain TCP on one port, and carries frames in and deliveries out.
package final class Listener: Sendable {
    /// Why a listener cannot start, in one line with the remedy.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let options: ListenerOptions
    private let tls: NIOSSLContext
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopConnections]
    private let admission: AdmissionDesk
    private let relay: RelayBroker
    private let log: Logger
    private let nextID = Atomic<UInt64>(0)
    private let channel = Locked<(any Channel)?>(nil)

    package init(options: ListenerOptions, tls: NIOSSLContext, callbacks: ListenerCallbacks, log: Logger) {
        self.options = options
        self.tls = tls
        self.log = log
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.eventLoops)
        let admission = AdmissionDesk(Admission(total: options.connections, perAddress: options.connectionsBeforeLogin))
        self.group = group
        self.admission = admission
        let relay = RelayBroker(options: options.relay)
        self.relay = relay
        loops = group.makeIterator().map {
            LoopConnections(loop: $0, options: options, callbacks: callbacks, admission: admission, relay: relay, log: log)
        }
    }

    /// Begins to listen; returns the address with the port that it got.
    package func start() async throws(Failure) -> String {
        let homes = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.loop), $0) })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [log] channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause(log: log)) }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(Self.tcp(TCP_KEEPIDLE), value: .init(options.keepAlive))
            .childChannelOption(Self.tcp(TCP_KEEPINTVL), value: .init(max(1, options.keepAliveGrace / 2)))
            .childChannelOption(Self.tcp(TCP_KEEPCNT), value: 2)
            // Keep-alive is silent while sent bytes wait for their acknowledgement; this is its counterpart, in milliseconds.
            .childChannelOption(Self.tcp(TCP_USER_TIMEOUT), value: .init(1000 * (options.keepAlive + options.keepAliveGrace)))
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: options.softOutbound / 2, high: options.softOutbound)
            )
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { [self] channel in
                guard let home = homes[ObjectIdentifier(channel.eventLoop)] else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture { try self.adopt(channel, home: home) }
            }
        do {
            let bound = try await bootstrap.bind(host: options.host, port: options.port).get()
            channel.withLock { $0 = bound }
            guard let address = bound.localAddress, let ip = address.ipAddress, let port = address.port else {
                throw Failure(description: "listening on no address")
            }
            return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
        } catch let error as IOError where error.errnoCode == 98 {
            throw Failure(
                description: "port \(options.port) on \(options.host) is in use; end the program that uses it, or choose another port")
        } catch let error as IOError where error.errnoCode == 13 {
            throw Failure(description: "port \(options.port) needs more rights; choose one above 1023")
        } catch is SocketAddressError {
            throw Failure(description: "no such address: \(options.host); name one of this machine's, or :: for all of them")
        } catch {
            throw Failure(description: "cannot listen on \(options.host) port \(options.port): \(error)")
        }
    }

    private static func tcp(_ option: Int32) -> ChannelOptions.Types.SocketOption {
        .init(level: .tcp, name: .init(rawValue: option))
    }

    private func adopt(_ channel: any Channel, home: LoopConnections) throws {
        guard let remote = channel.remoteAddress, let ip = remote.ipAddress else {
            channel.close(promise: nil)
            return
        }
        let address = ip.hasPrefix("::ffff:") ? String(ip.dropFirst(7)) : ip
        let id = makeID(on: home)
        let connection = ServerConnection(id: id, home: home)
        let allowsPlaintext =
            switch options.plaintext {
            case .always: true
            case .never: false
            case .loopback: Self.isLoopback(address)
            }
        try channel.pipeline.syncOperations.addHandler(
            FirstByte(tls: tls, allowsPlaintext: allowsPlaintext, connection: connection))
        try channel.pipeline.syncOperations.addHandler(connection)
        switch admission.admit(id, from: Origin(address)) {
        case .welcome: break
        case .welcomeInstead(of: let victim): evict(victim)
        case .refused:
            connection.refuse(.tooManyConnections, "the server has as many connections as it may")
            return
        }
        home.add(connection, from: address)
    }

    /// Ids tell the loop that a connection lives on.
    private func makeID(on home: LoopConnections) -> ConnectionID {
        let number = nextID.wrappingAdd(1, ordering: .relaxed).newValue
        let index = loops.firstIndex { $0 === home } ?? 0
        return ConnectionID(rawValue: number * UInt64(loops.count) + UInt64(index))
    }

    private func home(of id: ConnectionID) -> Int { Int(id.rawValue % UInt64(loops.count)) }

    private func evict(_ id: ConnectionID) {
        let home = loops[home(of: id)]
        home.loop.execute { home.evict(id) }
    }

    static func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }

    package var eventLoops: Int { loops.count }

    /// Hands a turn's deliveries to the connections: one crossing for each event loop that has any of them.
    ///
    /// - Parameters:
    ///   - readsFirst: asked of each event loop that has written its part: whether it is to report what came in meanwhile first.
    ///   - whenWritten: called for each event loop, when it has written its part.
    package func deliver(
        _ batch: DeliveryBatch, readsFirst: @escaping @Sendable () -> Bool = { false }, whenWritten: (@Sendable () -> Void)? = nil
    ) {
        let shared = batch.shared.map { SharedBytes(audience: $0.audience, bytes: ByteBuffer(bytes: $0.bytes)) }
        var individual = Array(repeating: [DeliveryBatch.Individual](), count: loops.count)
        if loops.count == 1 {
            individual[0] = batch.individual
        } else {
            for delivery in batch.individual { individual[home(of: delivery.connection)].append(delivery) }
        }
        for (index, home) in loops.enumerated() {
            let own = individual[index]
            guard !shared.isEmpty || !own.isEmpty else {
                whenWritten?()
                continue
            }
            let joining = loops.count == 1 ? batch.joining : batch.joining.filter { self.home(of: $0.connection) == index }
            home.loop.execute {
                home.deliver(joining, own, shared)
                guard let whenWritten else { return }
                if readsFirst() { home.afterReading(whenWritten) } else { whenWritten() }
            }
        }
    }

    /// Lets connections read again that were held back because the mailbox was full.
    package func resumeReading() {
        for home in loops { home.loop.execute { home.resumeReading() } }
    }

    /// Two clients may meet at the relay, each with one of these tickets: once, and soon.
    package func admitRelay(first: RelayTicket, second: RelayTicket) { relay.admit(first, second, at: .now()) }

    package var relayMetrics: RelayMetrics { relay.metrics }

    /// Accepts no more.
    package func stopAccepting() async {
        let bound = channel.withLock { channel in
            defer { channel = nil }
            return channel
        }
        // A channel that is closed already is as good.
        try? await bound?.close().get()
    }

    /// Waits until all connections are gone, `limit` at the most, and ends the event loops.
    package func shutDown(within limit: Duration) async {
        let emptied = loops.map { home in
            let done = home.loop.makePromise(of: Void.self)
            home.loop.execute { home.closeAll(within: TimeAmount(limit), done: done) }
            return done.futureResult
        }
        for home in emptied { try? await home.get() }
        try? await group.shutdownGracefully()
    }
}

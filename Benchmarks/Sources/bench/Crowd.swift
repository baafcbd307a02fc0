import NIOCore
import NIOPosix
import NIOSSL

/// What went wrong, in words. A run in which anything did counts for nothing.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// All clients of one load, on one event loop.
///
/// `@unchecked Sendable`: everything in it and in its clients is touched on that loop alone. The driver's thread makes it, and
/// from then on only submits to the loop and waits.
final class Crowd: @unchecked Sendable {
    let loop: any EventLoop
    let dialect: Dialect
    private let port: Int
    private let tls: NIOSSLContext?
    private(set) var clients: [Client] = []
    private var readyCount = 0
    private var isEnding = false
    private var allReady: EventLoopPromise<Void>?
    private var outcome: EventLoopPromise<Void>?
    /// What the driver's thread waits for.
    private var pending: EventLoopPromise<Void>?
    private var failure: Failure?
    private var isPassScheduled = false

    /// Whether what comes in is counted; before and after, it is presence and the like.
    private(set) var isCounting = false
    /// Whether the server confirms what it was sent, if its dialect knows of that.
    var isAnswered = true
    /// Only who receives direct messages acknowledges.
    var acknowledges = false
    private(set) var deliveries = 0
    /// Bytes received at any time, to see whether it is quiet.
    var bytesHeard = 0
    private var bytesBefore = -1
    /// Nanoseconds from sending to receiving, if they are wanted.
    var latencies: [UInt64]?
    private var load: (any Load)?

    /// Beyond 64 connections that have not logged in, ours drops one.
    private static let loginsAtOnce = 48
    private static let patience = TimeAmount.seconds(20)

    init(loop: any EventLoop, dialect: Dialect, port: Int, tls: Bool) throws {
        self.loop = loop
        self.dialect = dialect
        self.port = port
        guard tls else {
            self.tls = nil
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.minimumTLSVersion = .tlsv13
        self.tls = try NIOSSLContext(configuration: configuration)
    }

    // MARK: From the driver's thread

    /// Connects and logs in `count` clients.
    func logIn(_ count: Int) throws {
        try wait(upTo: .seconds(300), "log in \(count) clients") { done in
            self.clients = (0..<count).map { Client($0, in: self) }
            self.allReady = done
            for index in 0..<min(count, Self.loginsAtOnce) { self.connect(index) }
        }
    }

    /// Waits until hardly anything comes by itself any more; many sessions are asked now and then whether they are still there.
    func settle() throws {
        try wait(upTo: .seconds(120), "fall silent") { done in
            self.bytesBefore = .min / 2
            _ = self.loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(300)) { task in
                if self.bytesHeard - self.bytesBefore < 16 * 1024 {
                    task.cancel()
                    done.succeed()
                }
                self.bytesBefore = self.bytesHeard
            }
        }
    }

    /// Counts while `load` sends, until it calls ``finish()``. Fails when nothing happens for a while, when a client is
    /// disconnected, and when a delivery is not the one expected.
    func carry(_ load: any Load) throws {
        try wait(upTo: .seconds(600), "deliver") { done in
            self.load = load
            self.outcome = done
            self.isCounting = true
            self.bytesBefore = -1
            _ = self.loop.scheduleRepeatedTask(initialDelay: Self.patience, delay: Self.patience) { task in
                guard self.outcome != nil else { return task.cancel() }
                if self.bytesHeard == self.bytesBefore { self.fail("nothing came for \(Self.patience.nanoseconds / 1_000_000_000) s") }
                self.bytesBefore = self.bytesHeard
            }
            load.begin()
        }
    }

    /// Lets so many seconds pass, in which no client may be disconnected.
    func rest(seconds: Int64) throws {
        try wait(upTo: .seconds(seconds + 60), "rest") { done in
            _ = self.loop.scheduleTask(in: .seconds(seconds)) { done.succeed() }
        }
    }

    func confirmations(receivers: Int?) -> Occurrences? {
        isAnswered ? dialect.confirmation(receivers: receivers).map(Occurrences.init) : nil
    }

    func end() throws {
        try loop.submit {
            self.isEnding = true
            for client in self.clients { client.close() }
            // They hold this crowd until their connections are closed, and now it does not hold them.
            self.clients = []
        }.wait()
    }

    private func wait(upTo limit: TimeAmount, _ what: String, _ body: @escaping @Sendable (EventLoopPromise<Void>) -> Void) throws {
        let done = loop.makePromise(of: Void.self)
        loop.execute {
            if let failure = self.failure { return done.fail(failure) }
            let timer = self.loop.scheduleTask(in: limit) { self.fail("it took too long to \(what)") }
            done.futureResult.whenComplete { _ in timer.cancel() }
            self.pending = done
            body(done)
        }
        try done.futureResult.wait()
    }

    // MARK: From the clients and the load

    func fail(_ words: String) {
        guard !isEnding, failure == nil else { return }
        let counts = clients.dropFirst().map(\.received)
        let failure = Failure(
            "\(words) (\(clients.first?.sent ?? 0) sent by the first, \(counts.min() ?? 0) to \(counts.max() ?? 0) received by each)")
        self.failure = failure
        outcome = nil
        pending?.fail(failure)
    }

    func finish() {
        isCounting = false
        load = nil
        outcome?.succeed()
        outcome = nil
    }

    func ready() {
        readyCount += 1
        let next = readyCount + Self.loginsAtOnce - 1
        if next < clients.count { connect(next) }
        if readyCount == clients.count { allReady?.succeed() }
    }

    func delivered(_ mark: UnsafeRawBufferPointer) {
        deliveries += 1
        latencies?.append(Mark.now() - Mark.time(in: mark))
    }

    func progressed(_ client: Client) {
        load?.received(client)
        guard !isPassScheduled else { return }
        isPassScheduled = true
        loop.execute {
            self.isPassScheduled = false
            self.load?.passed()
        }
    }

    private func connect(_ index: Int) {
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // One read for what there is, and not a second one to learn that there is no more.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16 * 1024))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = self.tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: nil))
                    }
                    try channel.pipeline.syncOperations.addHandler(self.clients[index])
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .whenFailure { self.fail("client \(index) cannot connect: \($0)") }
    }
}

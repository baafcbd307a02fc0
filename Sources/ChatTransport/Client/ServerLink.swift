package import ChatProtocol
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// The client's connection to the server: opened, closed and opened again as often as it takes.
package final class ServerLink: Sendable {
    /// What a link reports. Called on its event loop.
    package enum Report: Sendable {
        case opened(LinkSecurity)
        case received(ServerMessage)
        /// The server sent something that makes no sense.
        case malformed(BadRequest)
        case closed(LinkFailure)
    }

    package let host: String
    package let port: Int
    private let isPlaintext: Bool
    private let known: KnownServers
    private let trustCommand: String
    private let report: @Sendable (Report) -> Bool
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let state = Locked(State())

    private struct State {
        var channel: (any Channel)?
        /// Counts connections, so that the end of an old one is not taken for that of the present one.
        var generation = 0
    }

    /// - Parameters:
    ///   - isPlaintext: without encryption, which only the user can ask for.
    ///   - trustCommand: what the user would run to accept the server's certificate, up to its fingerprint.
    ///   - report: returns false if nothing more should be read until ``resumeReading()``.
    package init(
        host: String, port: Int, isPlaintext: Bool, known: KnownServers, trustCommand: String,
        report: @escaping @Sendable (Report) -> Bool
    ) {
        self.host = host
        self.port = port
        self.isPlaintext = isPlaintext
        self.known = known
        self.trustCommand = trustCommand
        self.report = report
    }

    /// Whether `host` means the machine that this runs on.
    package static func isThisMachine(_ host: String) -> Bool { CertificateTrust.isThisMachine(host) }

    /// Remembers the server's certificate from now on.
    package func trust(_ fingerprint: String) throws {
        guard let fingerprint = Fingerprint(fingerprint) else { return }
        try known.remember(fingerprint, of: KnownServers.name(host: host, port: port))
    }

    /// Begins to connect; the outcome is reported.
    package func connect() {
        let generation = state.withLock { state in
            state.generation += 1
            return state.generation
        }
        let trust = CertificateTrust(host: host, port: port, known: known, trustCommand: trustCommand)
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    if !isPlaintext { try channel.pipeline.syncOperations.addHandler(trust.makeHandler()) }
                    try channel.pipeline.syncOperations.addHandler(
                        LinkHandler(link: self, generation: generation, trust: isPlaintext ? nil : trust))
                }
            }
        bootstrap.connect(host: host, port: port).whenComplete { [self] result in
            switch result {
            // A connection that is not wanted any more when it comes about has nobody else to close it.
            case .success(let channel): if !adopt(channel, generation) { channel.close(promise: nil) }
            case .failure(let error): closed(generation, .lost(LinkFailure.words(for: error, host: host, port: port)))
            }
        }
    }

    /// False if the connection is not the one that is wanted.
    private func adopt(_ channel: any Channel, _ generation: Int) -> Bool {
        state.withLock { state in
            guard state.generation == generation else { return false }
            state.channel = channel
            return true
        }
    }

    /// Sends a line; nothing if there is no link, for then the session has been told so.
    package func send(_ bytes: [UInt8]) {
        guard let channel = state.withLock({ $0.channel }) else { return }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Ends the connection without a report.
    package func disconnect() {
        let channel = state.withLock { state in
            state.generation += 1
            defer { state.channel = nil }
            return state.channel
        }
        channel?.close(promise: nil)
    }

    /// Reads on after a report was answered with false.
    package func resumeReading() {
        state.withLock { $0.channel }?.pipeline.handler(type: LinkHandler.self).whenSuccess { $0.resumeReading() }
    }

    /// Flushes what was sent, closes and ends the threads.
    package func shutDown() async {
        if let channel = state.withLock({ $0.channel }) { try? await channel.close().get() }
        try? await group.shutdownGracefully()
    }

    /// Whoever is told may send at once, so the channel is adopted first: the report can be quicker than the end of connecting.
    fileprivate func opened(_ generation: Int, _ channel: any Channel, _ security: LinkSecurity) {
        if adopt(channel, generation) { _ = report(.opened(security)) }
    }

    fileprivate func received(_ generation: Int, _ incoming: Report) -> Bool {
        guard state.withLock({ $0.generation == generation }) else { return true }
        return report(incoming)
    }

    fileprivate func closed(_ generation: Int, _ failure: LinkFailure) {
        let isCurrent = state.withLock { state in
            guard state.generation == generation else { return false }
            // Reported once: what else the same connection has to say is old news.
            state.generation += 1
            state.channel = nil
            return true
        }
        if isCurrent { _ = report(.closed(failure)) }
    }
}

/// Turns the bytes of one connection into reports.
private final class LinkHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let link: ServerLink
    private let generation: Int
    private let trust: CertificateTrust?
    private var splitter = FrameSplitter(limit: WireLimits.frameFromServer)
    private var unread = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var isPaused = false
    private var isReadWanted = false
    private var pace = ReadPace()
    /// Nothing is read until a rest is over.
    private var isResting = false
    /// What the present read has brought.
    private var frames = 0
    private var bytes = 0
    private var failure: LinkFailure?
    /// The handshake is over.
    private var isSecure = false

    init(link: ServerLink, generation: Int, trust: CertificateTrust?) {
        self.link = link
        self.generation = generation
        self.trust = trust
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        if trust == nil { link.opened(generation, context.channel, .plaintext) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            isSecure = true
            if case .trusted(let security)? = trust?.verdict.withLock({ $0 }) { link.opened(generation, context.channel, security) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var new = unwrapInboundIn(data)
        bytes += new.readableBytes
        unread.writeBuffer(&new)
        takeFrames()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !isResting, let rest = pace.rest(after: frames, bytes: bytes, at: .now()) {
            isResting = true
            context.eventLoop.assumeIsolated().scheduleTask(in: rest) { [self] in
                isResting = false
                readOn()
            }
        }
        frames = 0
        bytes = 0
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isPaused || isResting { isReadWanted = true } else { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.closed(generation, failure ?? .lost("the server closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if failure == nil {
            if case .refused(let reason)? = trust?.verdict.withLock({ $0 }) {
                failure = reason
            } else if !isSecure, error is NIOSSLError || error is BoringSSLError {
                failure = .lost("what answers at \(link.host) port \(link.port) is not a Banter server, or speaks no TLS 1.3")
            } else {
                failure = .lost(LinkFailure.words(for: error, host: link.host, port: link.port))
            }
        }
        context.close(promise: nil)
    }

    func resumeReading() {
        isPaused = false
        takeFrames()
        readOn()
    }

    private func readOn() {
        guard !isPaused, !isResting, isReadWanted else { return }
        isReadWanted = false
        context?.read()
    }

    private func takeFrames() {
        while !isPaused, unread.readableBytes > 0 {
            let step = unread.withUnsafeReadableBytes { splitter.next(in: $0) }
            switch step {
            case .needMore: return
            case .space(let count): unread.moveReaderIndex(forwardBy: count)
            case .garbage(let count):
                unread.moveReaderIndex(forwardBy: count)
                hand(over: .malformed(BadRequest("not a JSON object")))
            case .fatal(let fault):
                failure = .lost("the server sent a frame that is \(fault == .tooLong ? "too long" : "nested too deep")")
                context?.close(promise: nil)
                return
            case .frame(let skip, let length, _):
                let report = unread.withUnsafeReadableBytes { bytes in
                    Self.report(on: UnsafeRawBufferPointer(rebasing: bytes[skip..<skip + length]))
                }
                unread.moveReaderIndex(forwardBy: skip + length)
                frames += 1
                if let report { hand(over: report) }
            }
        }
        if unread.readableBytes == 0 { unread.clear() } else { unread.discardReadBytes() }
    }

    private func hand(over report: ServerLink.Report) {
        if !link.received(generation, report) { isPaused = true }
    }

    private static func report(on bytes: UnsafeRawBufferPointer) -> ServerLink.Report? {
        do throws(BadRequest) {
            return try ServerMessage.decoding(bytes).map { .received($0) }
        } catch {
            return .malformed(error)
        }
    }
}

import ChatProtocol
import NIOCore
import NIOPosix
import NIOSSL

/// How to reach the server's relay: the server itself, trusted as it was at login.
package struct RelayDoor: Sendable {
    package let host: String
    package let port: Int
    private let known: KnownServers
    private let isPlaintext: Bool

    /// - Parameter isPlaintext: as for ``ServerLink``; what goes through the relay is encrypted from end to end in any case.
    package init(host: String, port: Int, known: KnownServers, isPlaintext: Bool) {
        self.host = host
        self.port = port
        self.known = known
        self.isPlaintext = isPlaintext
    }

    /// The server, and with it perhaps the other client, is on this machine.
    var isOnThisMachine: Bool { CertificateTrust.isThisMachine(host) }

    /// Connects, and adds the handlers that lead to the relay; `knock` comes last and says how it went.
    func connect(
        _ bootstrap: ClientBootstrap, knock: NIOLoopBound<RelayKnock>, for connection: NIOLoopBound<PeerConnection>
    ) -> EventLoopFuture<any Channel> {
        bootstrap.channelInitializer { [self] channel in
            channel.eventLoop.makeCompletedFuture {
                try connection.value.hold(channel)
                if !isPlaintext {
                    // The remedy is told where the session meets the same refusal.
                    let trust = CertificateTrust(host: host, port: port, known: known, trustCommand: "")
                    knock.value.trust = trust
                    try channel.pipeline.syncOperations.addHandler(trust.makeHandler())
                }
                try channel.pipeline.syncOperations.addHandler(knock.value)
            }
        }.connect(host: host, port: port)
    }
}

/// Shows the ticket at the relay, and gives way when the other side is there.
final class RelayKnock: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    var trust: CertificateTrust?
    private let ticket: RelayTicket
    private let installs: (ChannelHandlerContext) throws -> Void
    private let failed: (String) -> Void
    private var splitter = FrameSplitter(limit: WireLimits.frameBeforeLogin)
    private var unread = ByteBuffer()
    private var isReady = false
    private var isOver = false

    /// - Parameters:
    ///   - installs: adds what is to speak with the other side, behind this handler.
    ///   - failed: called once if nothing came of it, with words for people; the connection is closed then.
    init(ticket: RelayTicket, installs: @escaping (ChannelHandlerContext) throws -> Void, failed: @escaping (String) -> Void) {
        self.ticket = ticket
        self.installs = installs
        self.failed = failed
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { knock(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        knock(context)
        context.fireChannelActive()
    }

    /// Waits inside TLS until its handshake is done.
    private func knock(_ context: ChannelHandlerContext) {
        let bytes = RequestFrame(.relay(ticket)).encoded()
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        unread.writeBuffer(&bytes)
        while !isReady, !isOver, unread.readableBytes > 0 {
            switch unread.withUnsafeReadableBytes({ splitter.next(in: $0) }) {
            case .needMore: return
            case .space(let count): unread.moveReaderIndex(forwardBy: count)
            case .garbage, .fatal: return fail("the server's answer makes no sense", context)
            case .frame(let skip, let length, _):
                let message = unread.withUnsafeReadableBytes { bytes in
                    try? ServerMessage.decoding(UnsafeRawBufferPointer(rebasing: bytes[skip..<skip + length]))
                }
                unread.moveReaderIndex(forwardBy: skip + length)
                take(message, context)
            }
        }
        if isReady { giveWay(context) }
    }

    private func take(_ message: ServerMessage?, _ context: ChannelHandlerContext) {
        switch message {
        case .reply(.relay(.ready), _): isReady = true
        case .reply(.relay(.expired), _): fail("the server does not accept the ticket, which is used or too old", context)
        case .reply(.relay(.alone), _): fail("the other side did not come", context)
        case .reply(.relay(.busy), _): fail("the server relays as many sessions as it may", context)
        case .reply(.error(_, let reason), _): fail("the server refused: \(reason)", context)
        case .reply(.unknownAction, _), .reply(.refused, _): fail("the server has no relay", context)
        case .event(.bye), .event(.timeout): fail("the server closed the connection", context)
        default: break
        }
    }

    /// The newline of the server's answer, which may come later than the rest of it, is the last byte that is the server's own.
    private func giveWay(_ context: ChannelHandlerContext) {
        guard let byte: UInt8 = unread.getInteger(at: unread.readerIndex) else { return }
        guard byte == UInt8(ascii: "\n") else { return fail("the server's answer makes no sense", context) }
        unread.moveReaderIndex(forwardBy: 1)
        isOver = true
        do {
            try installs(context)
        } catch {
            failed("no secure connection: \(error)")
            context.close(promise: nil)
            return
        }
        if unread.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(unread)) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail("the server closed the connection", context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let words =
            switch trust?.verdict.withLock({ $0 }) {
            case .refused(.lost(let words)), .refused(.refused(let words)): words
            case .refused(.unknownServer): "the server's certificate is not one that is known"
            case .refused(.changedServer): "the server's certificate has changed"
            case .trusted, nil: "the server cannot be reached"
            }
        fail(words, context)
    }

    private func fail(_ words: String, _ context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        failed(words)
        context.close(promise: nil)
    }
}

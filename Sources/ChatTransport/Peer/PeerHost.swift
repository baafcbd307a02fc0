package import ChatProtocol
import Glibc
import NIOCore
import NIOPosix

/// The network side of private sessions: links from client to client, over mutual TLS 1.3, directly or through the server's relay.
///
/// Whoever asked for the session dials; the other expects. Both know the other's pin from the server's introduction, and each
/// compares it with the certificate that is presented: authorities and host names play no part.
package final class PeerHost: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let desk: PeerDesk
    private let state = Locked(State())

    private struct State {
        var channel: (any Channel)?
        var port: UInt16 = 0
        var isDualStack = false
    }

    /// - Parameters:
    ///   - chat: told of links for chat. Called on the host's event loop; must not block. What it is told is passed on in any case; it
    ///     returns false if nothing more should be read from the link that a message came from until ``resumeReading(purpose:)``.
    ///   - bulk: the same for links for bulk data.
    package init(
        identity: PeerIdentity, door: RelayDoor, options: Options = Options(), chat: @escaping @Sendable (Report) -> Bool,
        bulk: @escaping @Sendable (Report) -> Bool
    ) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        desk = PeerDesk(loop: group.next(), identity: identity, door: door, options: options, chat: chat, bulk: bulk)
    }

    /// Begins to listen, on a free port of all addresses. Blocks for the moment that takes; not for event loops.
    package func start() throws(Failure) {
        do {
            try listen(on: "::", isDualStack: true)
        } catch {
            do {
                // A machine without IPv6.
                try listen(on: "0.0.0.0", isDualStack: false)
            } catch {
                throw Failure(description: "cannot listen for private sessions: \(error)")
            }
        }
    }

    private func listen(on address: String, isDualStack: Bool) throws {
        let desk = desk
        let channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: desk.waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try desk.accept(channel) }
            }
            .bind(to: SocketAddress(ipAddress: address, port: 0)).wait()
        state.withLock { state in
            state.channel = channel
            state.port = UInt16(clamping: channel.localAddress?.port ?? 0)
            state.isDualStack = isDualStack
        }
    }

    /// Where this host listens; 0 if it does not.
    package var port: UInt16 { state.withLock { $0.port } }

    /// Where others may reach this host, as far as this machine knows: what the login tells the server.
    ///
    /// - Parameter includingLoopback: only for a server that is reached over loopback.
    package func localCandidates(includingLoopback: Bool) -> [Candidate] {
        let (port, isDualStack) = state.withLock { ($0.port, $0.isDualStack) }
        return LocalAddresses.all(includingLoopback: includingLoopback)
            .filter { isDualStack || !$0.contains(":") }
            .compactMap { Candidate(address: $0, port: port) }
    }

    /// Somebody was announced: a link with this pin and this purpose is accepted for a minute. If none is up soon, the relay is tried
    /// too. Takes the place of an earlier announcement of the same person for the same purpose, of which nothing more is reported.
    package func expect(_ introduction: PeerIntroduction) { onDesk { $0.meet(introduction, isInitiator: false) } }

    /// Tries every candidate at the same time; the first that is verified becomes the link. If none is up soon, the relay is tried too.
    package func dial(_ introduction: PeerIntroduction) { onDesk { $0.meet(introduction, isInitiator: true) } }

    /// Dials and expects `user` for this purpose no longer, without a report. Links stay.
    package func cancel(_ user: UserName, purpose: PeerMessage.Purpose) { onDesk { $0.cancel(user, purpose) } }

    /// Sends a message on a link for chat; nothing if the link is down, which is or will be reported.
    package func send(_ message: PeerMessage, on link: PeerLinkID) { onDesk { $0.send(message, on: link) } }

    /// Sends frames on a link for bulk data, all at once: best a block at a time. Nothing if the link is down, as for messages.
    ///
    /// - Returns: false if nothing more should be sent on this link until it is reported writable (or down). That report may be
    ///   under way already when this returns.
    @discardableResult
    package func send(frames: [BulkFrame], on link: PeerLinkID) -> Bool {
        // Encoded here, in the time of the one who sends, because the event loop has all links to serve.
        let bytes = ByteBuffer(frames)
        let hasRoom = desk.gauge.fill(link, bytes.readableBytes)
        onDesk { $0.send(bytes, on: link) }
        return hasRoom
    }

    /// Ends a link after everything sent before, without a report.
    package func close(_ link: PeerLinkID) { onDesk { $0.close(link) } }

    /// Reads on after a report of a link with this purpose was answered with false.
    package func resumeReading(purpose: PeerMessage.Purpose) { onDesk { $0.resumeReading(purpose) } }

    private func onDesk(_ body: @escaping @Sendable (PeerDesk) -> Void) {
        desk.loop.execute { [desk] in body(desk) }
    }

    /// Flushes what was sent, closes everything, a second at the most, and ends the thread.
    package func shutDown() async {
        let channel = state.withLock { state in
            defer { state.channel = nil }
            return state.channel
        }
        try? await channel?.close().get()
        let done = desk.loop.makePromise(of: Void.self)
        onDesk { $0.shutDown(within: .seconds(1), done: done) }
        try? await done.futureResult.get()
        try? await group.shutdownGracefully()
    }
}

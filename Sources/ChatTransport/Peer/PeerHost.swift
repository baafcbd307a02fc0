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

    /// - Parameter report: called on the host's event loop; must not block. Returns false if nothing more should be read from the
    ///   link that a message came from until ``resumeReading()``.
    package init(
        identity: PeerIdentity, door: RelayDoor, options: Options = Options(), report: @escaping @Sendable (Report) -> Bool
    ) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        desk = PeerDesk(loop: group.next(), identity: identity, door: door, options: options, report: report)
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

    /// Somebody was announced: links with this pin are accepted for a minute, one for each announcement. If none is up soon, the
    /// relay is tried too.
    package func expect(_ introduction: PeerIntroduction) { onDesk { $0.meet(introduction, purpose: nil) } }

    /// Tries every candidate at the same time; the first that is verified becomes the link. If none is up soon, the relay is tried too.
    package func dial(_ introduction: PeerIntroduction, purpose: PeerMessage.Purpose = .chat) {
        onDesk { $0.meet(introduction, purpose: purpose) }
    }

    /// Dials and expects `user` no longer, without a report. Links stay.
    package func cancel(_ user: UserName) { onDesk { $0.cancel(user) } }

    /// Sends a message; nothing if the link is down, which is or will be reported.
    package func send(_ message: PeerMessage, on link: PeerLinkID) { onDesk { $0.send(message, on: link) } }

    /// Ends a link after everything sent before, without a report.
    package func close(_ link: PeerLinkID) { onDesk { $0.close(link) } }

    /// Reads on after a report was answered with false.
    package func resumeReading() { onDesk { $0.resumeReading() } }

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

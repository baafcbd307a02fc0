import ChatProtocol
import NIOCore
import NIOPosix
import NIOSSL

/// Everything that a ``PeerHost`` has under way: meetings, connections from outside, links.
///
/// `@unchecked Sendable`: everything but the constants is touched on `loop` alone; each method that is called from outside
/// asserts it.
final class PeerDesk: @unchecked Sendable {
    /// Somebody from outside who has not been announced yet.
    private struct Stranger {
        let pin: PeerPin
        let connection: PeerConnection
        let promise: EventLoopPromise<NIOSSLVerificationResult>
    }

    let loop: any EventLoop
    let identity: PeerIdentity
    let door: RelayDoor
    let options: PeerHost.Options
    private let report: @Sendable (PeerHost.Report) -> Bool
    /// The oldest first.
    private var meetings: [PeerMeeting] = []
    /// From outside, without a hello yet; the oldest first.
    private var incoming: [PeerConnection] = []
    private var strangers: [Stranger] = []
    private var links: [PeerLinkID: PeerConnection] = [:]
    private var lastLink: UInt64 = 0
    /// Open connections of any kind; for the end.
    private var open: [ObjectIdentifier: PeerConnection] = [:]
    private var emptied: EventLoopPromise<Void>?

    init(
        loop: any EventLoop, identity: PeerIdentity, door: RelayDoor, options: PeerHost.Options,
        report: @escaping @Sendable (PeerHost.Report) -> Bool
    ) {
        self.loop = loop
        self.identity = identity
        self.door = door
        self.options = options
        self.report = report
    }

    var waterMark: ChannelOptions.Types.WriteBufferWaterMark { .init(low: options.softOutbound / 2, high: options.softOutbound) }

    var bootstrap: ClientBootstrap {
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(options.connectWithin))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: waterMark)
    }

    @discardableResult
    func tell(_ happening: PeerHost.Report) -> Bool { report(happening) }

    // MARK: Meetings

    func meet(_ introduction: PeerIntroduction, purpose: PeerMessage.Purpose?) {
        loop.assertInEventLoop()
        let meeting = PeerMeeting(introduction, purpose: purpose, desk: self)
        guard introduction.offer.pin != identity.pin else {
            tell(.failed(meeting.peer(purpose: purpose), reason: "the server names this client's own key"))
            return
        }
        guard meetings.count < options.meetings, emptied == nil else {
            tell(.failed(meeting.peer(purpose: purpose), reason: "too many private sessions begin at the same time"))
            return
        }
        meetings.append(meeting)
        meeting.begin()
        guard !meeting.isInitiator else { return }
        let known = strangers.filter { $0.pin == meeting.pin }
        strangers.removeAll { $0.pin == meeting.pin }
        for stranger in known {
            stranger.connection.presented = stranger.pin
            stranger.promise.succeed(.certificateVerified)
        }
    }

    func cancel(_ user: UserName) {
        loop.assertInEventLoop()
        for meeting in meetings where meeting.introduction.user == user { meeting.cancel() }
    }

    func forget(_ meeting: PeerMeeting) { meetings.removeAll { $0 === meeting } }

    // MARK: Connections from outside

    func accept(_ channel: any Channel) throws {
        loop.assertInEventLoop()
        guard emptied == nil else { return channel.close(promise: nil) }
        let remote = channel.remoteAddress
        let host = remote?.ipAddress ?? ""
        let address = host.hasPrefix("::ffff:") ? String(host.dropFirst(7)) : host
        let text = address.contains(":") ? "[\(address)]:\(remote?.port ?? 0)" : "\(address):\(remote?.port ?? 0)"
        let connection = PeerConnection(desk: self, meeting: nil, isInitiator: false, route: .direct(address: text))
        incoming.append(connection)
        if incoming.count > options.incoming { incoming.removeFirst().end("too many connections") }
        try connection.install(in: channel)
    }

    /// Somebody from outside presents `pin`. The server's announcement and the one announced race each other, so it may be early.
    func identify(_ pin: PeerPin, _ connection: PeerConnection, _ promise: EventLoopPromise<NIOSSLVerificationResult>) {
        if meetings.contains(where: { !$0.isInitiator && $0.pin == pin }) {
            connection.presented = pin
            return promise.succeed(.certificateVerified)
        }
        if strangers.count >= options.incoming { strangers.removeFirst().promise.succeed(.failed) }
        strangers.append(Stranger(pin: pin, connection: connection, promise: promise))
        loop.assumeIsolated().scheduleTask(in: TimeAmount(options.announcement)) {
            guard let index = self.strangers.firstIndex(where: { $0.connection === connection }) else { return }
            self.strangers.remove(at: index).promise.succeed(.failed)
        }
    }

    /// The meeting that a verified connection from outside is for.
    func claim(_ pin: PeerPin) -> PeerMeeting? { meetings.first { !$0.isInitiator && $0.pin == pin } }

    // MARK: Links

    /// Both sides have said hello.
    func linked(_ connection: PeerConnection, _ meeting: PeerMeeting, _ purpose: PeerMessage.Purpose) -> PeerLinkID {
        meeting.succeed(with: connection)
        incoming.removeAll { $0 === connection }
        lastLink += 1
        let id = PeerLinkID(number: lastLink)
        links[id] = connection
        tell(.linkUp(id, meeting.peer(purpose: purpose), route: connection.route))
        return id
    }

    func unlinked(_ id: PeerLinkID) -> Bool { links.removeValue(forKey: id) != nil }

    func send(_ message: PeerMessage, on id: PeerLinkID) {
        loop.assertInEventLoop()
        links[id]?.send(message)
    }

    func close(_ id: PeerLinkID) {
        loop.assertInEventLoop()
        links.removeValue(forKey: id)?.close()
    }

    func resumeReading() {
        loop.assertInEventLoop()
        for connection in links.values { connection.resumeReading() }
    }

    // MARK: The end

    func opened(_ connection: PeerConnection) { open[ObjectIdentifier(connection)] = connection }

    func closed(_ connection: PeerConnection) {
        open[ObjectIdentifier(connection)] = nil
        incoming.removeAll { $0 === connection }
        if open.isEmpty { emptied?.succeed() }
    }

    func shutDown(within limit: TimeAmount, done: EventLoopPromise<Void>) {
        loop.assertInEventLoop()
        emptied = done
        for meeting in meetings { meeting.cancel() }
        for stranger in strangers { stranger.promise.succeed(.failed) }
        strangers = []
        links = [:]
        for connection in open.values { connection.close() }
        if open.isEmpty { return done.succeed() }
        loop.assumeIsolated().scheduleTask(in: limit) {
            for connection in self.open.values { connection.cut() }
            done.succeed()
        }
    }
}

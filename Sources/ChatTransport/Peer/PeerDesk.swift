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
    let gauge: BulkGauge
    private let chat: @Sendable (PeerHost.Report) -> Bool
    private let bulk: @Sendable (PeerHost.Report) -> Bool
    /// The oldest first.
    private var meetings: [PeerMeeting] = []
    /// From outside, without a hello yet or before the announcement that it is for; the oldest first.
    private var incoming: [PeerConnection] = []
    private var strangers: [Stranger] = []
    private var links: [PeerLinkID: PeerConnection] = [:]
    private var lastLink: UInt64 = 0
    /// Open connections of any kind; for the end.
    private var open: [ObjectIdentifier: PeerConnection] = [:]
    private var emptied: EventLoopPromise<Void>?

    init(
        loop: any EventLoop, identity: PeerIdentity, door: RelayDoor, options: PeerHost.Options,
        chat: @escaping @Sendable (PeerHost.Report) -> Bool, bulk: @escaping @Sendable (PeerHost.Report) -> Bool
    ) {
        self.loop = loop
        self.identity = identity
        self.door = door
        self.options = options
        gauge = BulkGauge(soft: options.softBulkOutbound)
        self.chat = chat
        self.bulk = bulk
    }

    var waterMark: ChannelOptions.Types.WriteBufferWaterMark { .init(low: options.softOutbound / 2, high: options.softOutbound) }

    var bootstrap: ClientBootstrap {
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(options.connectWithin))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: waterMark)
    }

    @discardableResult
    func tell(_ happening: PeerHost.Report, _ purpose: PeerMessage.Purpose) -> Bool {
        switch purpose {
        case .chat: chat(happening)
        case .bulk: bulk(happening)
        }
    }

    // MARK: Meetings

    func meet(_ introduction: PeerIntroduction, isInitiator: Bool) {
        loop.assertInEventLoop()
        if !isInitiator {
            // Whoever asks again has given the former attempt up; many of them would take the places of all others.
            for former in meetings
            where !former.isInitiator && former.introduction.user == introduction.user && former.purpose == introduction.purpose {
                former.cancel()
            }
        }
        let meeting = PeerMeeting(introduction, isInitiator: isInitiator, desk: self)
        guard introduction.offer.pin != identity.pin else {
            meeting.tell { .failed($0, reason: "the server names this client's own key") }
            return
        }
        guard meetings.count(where: { $0.purpose == meeting.purpose }) < options.meetings, emptied == nil else {
            meeting.tell { .failed($0, reason: "too many private sessions begin at the same time") }
            return
        }
        meetings.append(meeting)
        meeting.begin()
        guard !isInitiator else { return }
        incoming.first { $0.isEarly(for: meeting) }?.join(meeting)
        guard !meeting.isOver else { return }
        let known = strangers.filter { $0.pin == meeting.pin }
        strangers.removeAll { $0.pin == meeting.pin }
        for stranger in known {
            stranger.connection.presented = stranger.pin
            stranger.promise.succeed(.certificateVerified)
        }
    }

    func cancel(_ user: UserName, _ purpose: PeerMessage.Purpose) {
        loop.assertInEventLoop()
        for meeting in meetings where meeting.introduction.user == user && meeting.purpose == purpose { meeting.cancel() }
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
    /// What for shows with the hello: until then, any announcement of this pin is good.
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

    /// The meeting that a verified connection from outside is for, by its hello.
    func claim(_ pin: PeerPin, _ purpose: PeerMessage.Purpose) -> PeerMeeting? {
        meetings.first { !$0.isInitiator && $0.pin == pin && $0.purpose == purpose }
    }

    // MARK: Links

    /// Both sides have said hello.
    func linked(_ connection: PeerConnection, _ meeting: PeerMeeting) -> PeerLinkID {
        meeting.succeed(with: connection)
        incoming.removeAll { $0 === connection }
        lastLink += 1
        let id = PeerLinkID(number: lastLink)
        links[id] = connection
        if meeting.purpose == .bulk { gauge.open(id) }
        meeting.tell { .linkUp(id, $0, route: connection.route) }
        return id
    }

    func unlinked(_ id: PeerLinkID) -> Bool {
        gauge.close(id)
        return links.removeValue(forKey: id) != nil
    }

    func send(_ message: PeerMessage, on id: PeerLinkID) {
        loop.assertInEventLoop()
        links[id]?.send(message)
    }

    func send(_ frames: ByteBuffer, on id: PeerLinkID) {
        loop.assertInEventLoop()
        links[id]?.send(frames)
    }

    func close(_ id: PeerLinkID) {
        loop.assertInEventLoop()
        gauge.close(id)
        links.removeValue(forKey: id)?.close()
    }

    func resumeReading(_ purpose: PeerMessage.Purpose) {
        loop.assertInEventLoop()
        for connection in links.values where connection.purpose == purpose { connection.resumeReading() }
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

import ChatProtocol
import NIOCore
import NIOPosix

/// One try to meet somebody whom the server has introduced: every connection that may become the link, until one has.
///
/// Lives on the desk's event loop. Which connection becomes the link is the acceptor's choice: the first on which it got a hello.
final class PeerMeeting {
    /// Why the relay has not helped.
    private enum Relay {
        case untried, trying
        case failed(String)
    }

    let introduction: PeerIntroduction
    /// This side dials; the other waits.
    let isInitiator: Bool
    private(set) var isOver = false

    private let desk: PeerDesk
    private let began = NIODeadline.now()
    /// Connections made for this meeting: those that are dialed, and the one through the relay.
    private var connections: [PeerConnection] = []
    /// The direct connection that was verified first, where hello was sent.
    private var chosen: PeerConnection?
    private var relay = Relay.untried
    private var obstacle: String?
    private var wrongPin: PeerPin?
    private var timers: [Scheduled<Void>] = []

    init(_ introduction: PeerIntroduction, isInitiator: Bool, desk: PeerDesk) {
        self.introduction = introduction
        self.isInitiator = isInitiator
        self.desk = desk
    }

    var pin: PeerPin { introduction.offer.pin }
    var purpose: PeerMessage.Purpose { introduction.purpose }

    func tell(_ report: (PeerHost.Peer) -> PeerHost.Report) {
        desk.tell(report(PeerHost.Peer(user: introduction.user, pin: pin, isInitiator: isInitiator, purpose: purpose)), purpose)
    }

    func begin() {
        schedule(in: desk.options.relayAfter) { $0.goToRelay() }
        if isInitiator {
            for address in introduction.addresses(includingLoopback: desk.door.isOnThisMachine) { dial(address) }
        } else {
            schedule(in: desk.options.expectFor) { $0.giveUp() }
        }
    }

    private func schedule(in delay: Duration, _ body: @escaping (PeerMeeting) -> Void) {
        timers.append(desk.loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { body(self) })
    }

    // MARK: Ways

    private func dial(_ address: SocketAddress) {
        let host = address.ipAddress ?? ""
        let port = address.port ?? 0
        let connection = PeerConnection(desk: desk, meeting: self, isInitiator: true, route: .direct(address: Self.text(host, port)))
        connections.append(connection)
        let bound = NIOLoopBound(connection, eventLoop: desk.loop)
        desk.bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try bound.value.install(in: channel) }
        }.connect(to: address).assumeIsolated().whenFailure { error in
            connection.end(LinkFailure.words(for: error, host: host, port: port))
        }
    }

    private static func text(_ host: String, _ port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private func goToRelay() {
        guard !isOver else { return }
        relay = .trying
        let connection = PeerConnection(desk: desk, meeting: self, isInitiator: isInitiator, route: .relayed)
        connections.append(connection)
        let knock = RelayKnock(
            ticket: introduction.ticket,
            installs: { context in try connection.install(in: context.channel) },
            failed: { connection.end($0) })
        let (host, port) = (desk.door.host, desk.door.port)
        let future = desk.door.connect(
            desk.bootstrap, knock: NIOLoopBound(knock, eventLoop: desk.loop), for: NIOLoopBound(connection, eventLoop: desk.loop))
        future.assumeIsolated().whenFailure { connection.end(LinkFailure.words(for: $0, host: host, port: port)) }
        // Counts from here, because a server that says nothing would be waited for without an end.
        schedule(in: desk.options.relayWithin) { _ in
            if !connection.isInstalled { connection.end("the server does not answer") }
        }
    }

    // MARK: Outcomes

    /// What a connection of this meeting presents.
    func judge(_ presented: PeerPin) -> Bool {
        if presented == pin { return true }
        // Who reaches itself has met nobody.
        if presented != desk.identity.pin { wrongPin = presented }
        return false
    }

    /// A dialed connection is verified. True if it should say hello.
    func secured(_ connection: PeerConnection) -> Bool {
        guard !isOver, chosen == nil || connection.route == .relayed else { return false }
        guard connection.route != .relayed else { return true }
        chosen = connection
        for other in connections where other !== connection && other.route != .relayed { other.end("another way was quicker") }
        return true
    }

    /// Both sides have said hello on `connection`: the others are not needed.
    func succeed(with connection: PeerConnection) {
        finish()
        for other in connections where other !== connection { other.end("another way was quicker") }
        connections = []
    }

    /// A connection came to nothing.
    func lost(_ connection: PeerConnection, _ reason: String) {
        connections.removeAll { $0 === connection }
        if chosen === connection { chosen = nil }
        guard !isOver else { return }
        if connection.route == .relayed {
            relay = .failed(reason)
            // The other side's ways have ended by now, or will when connecting takes too long.
            let rest = began + TimeAmount(desk.options.relayAfter) + TimeAmount(desk.options.connectWithin) - .now()
            if !isInitiator { schedule(in: .nanoseconds(max(0, rest.nanoseconds))) { $0.giveUp() } }
            // Who was to come, and sent somebody else, will not come.
            if !isInitiator, wrongPin != nil { return giveUp() }
        } else {
            obstacle = reason
        }
        if isInitiator, connections.isEmpty, case .failed = relay { giveUp() }
    }

    private func giveUp() {
        guard !isOver else { return }
        cancel()
        if let wrongPin {
            tell { .wrongPin($0, presented: wrongPin) }
            return
        }
        let relayed =
            switch relay {
            case .failed(let words): "no way through the relay (\(words))"
            case .untried, .trying: "no answer through the relay"
            }
        let direct = isInitiator ? "no direct way (\(obstacle ?? "no address is known"))" : "nobody came directly"
        tell { .failed($0, reason: "\(direct), \(relayed)") }
    }

    /// Ends without a report.
    func cancel() {
        finish()
        let open = connections
        connections = []
        for connection in open { connection.end("no longer wanted") }
    }

    private func finish() {
        isOver = true
        for timer in timers { timer.cancel() }
        timers = []
        desk.forget(self)
    }
}

extension PeerIntroduction {
    /// Where to dial. The server has no business in sending this client to its own machine, unless it is there itself.
    fileprivate func addresses(includingLoopback: Bool) -> [SocketAddress] {
        offer.candidates.compactMap { candidate in
            guard includingLoopback || !candidate.isLoopback, !candidate.isIPv4InIPv6 else { return nil }
            return try? SocketAddress(ipAddress: candidate.address, port: Int(candidate.port))
        }
    }
}

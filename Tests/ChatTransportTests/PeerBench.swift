import ChatProtocol
import ChatTransport
import Foundation

/// Two clients' hosts with a server between them, where they may meet at the relay.
struct PeerBench: Sendable {
    let server: Bench
    let hans: PeerSide
    let luke: PeerSide

    /// Runs `body` with both hosts listening, and ends them afterwards.
    static func run(
        _ change: (inout PeerHost.Options) -> Void = { _ in }, accepts: @escaping @Sendable () -> Bool = { true },
        _ body: (PeerBench) async throws -> Void
    ) async throws {
        try await Bench.run { server in
            var options = PeerHost.Options()
            options.relayAfter = .milliseconds(100)
            change(&options)
            let bench = PeerBench(
                server: server, hans: try PeerSide("hans", server, options), luke: try PeerSide("luke", server, options, accepts))
            do {
                try await body(bench)
            } catch {
                await bench.shutDown()
                throw error
            }
            await bench.shutDown()
        }
    }

    private func shutDown() async {
        await hans.host.shutDown()
        await luke.host.shutDown()
    }

    /// What the server tells both when hans asks for a private session with luke: luke's introduction for hans, and hans's for luke.
    ///
    /// - Parameter candidates: where luke is said to be; `nil` for where he is.
    func introductions(
        candidates: [Candidate]? = nil, isAtRelay: Bool = true, purpose: PeerMessage.Purpose = .chat
    ) -> (toHans: PeerIntroduction, toLuke: PeerIntroduction) {
        var generator = SystemRandomNumberGenerator()
        let tickets = (RelayTicket.random(using: &generator), RelayTicket.random(using: &generator))
        if isAtRelay { server.listener.admitRelay(first: tickets.0, second: tickets.1) }
        return (
            PeerIntroduction(
                user: luke.name, offer: PeerOffer(pin: luke.identity.pin, candidates: candidates ?? luke.loopback), ticket: tickets.0,
                purpose: purpose),
            PeerIntroduction(
                user: hans.name, offer: PeerOffer(pin: hans.identity.pin, candidates: hans.loopback), ticket: tickets.1,
                purpose: purpose)
        )
    }

    /// A link from hans to luke; each side's own name for it.
    func link(
        candidates: [Candidate]? = nil, purpose: PeerMessage.Purpose = .chat
    ) async throws -> (hans: PeerLinkID, luke: PeerLinkID) {
        let (toHans, toLuke) = introductions(candidates: candidates, purpose: purpose)
        luke.host.expect(toLuke)
        hans.host.dial(toHans)
        return (try await hans.nextLink().id, try await luke.nextLink().id)
    }
}

/// One client's host, and what it reports. Frames are apart from the rest: there are many.
final class PeerSide: Sendable {
    let name: UserName
    let identity: PeerIdentity
    let host: PeerHost
    let reports = Awaited<PeerHost.Report>()
    /// Links for bulk data that may be sent on again.
    let relieved = Awaited<PeerLinkID>()
    let frames = Awaited<BulkFrame>()
    /// What becomes of a frame, and whether more is wanted; otherwise it goes to ``frames``.
    let takesFrame = Locked<(@Sendable (BulkFrame) -> Bool)?>(nil)
    let folder: String

    init(
        _ name: String, _ server: Bench, _ options: PeerHost.Options, _ accepts: @escaping @Sendable () -> Bool = { true }
    ) throws {
        guard let user = UserName(name) else { throw Timeout() }
        self.name = user
        folder = server.folder + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        identity = try PeerIdentity(folder: folder)
        let (reports, relieved, frames, takesFrame) = (reports, relieved, frames, takesFrame)
        let door = RelayDoor(host: "127.0.0.1", port: server.port, known: KnownServers(folder: folder), isPlaintext: false)
        host = PeerHost(
            identity: identity, door: door, options: options,
            chat: {
                reports.add($0)
                return accepts()
            },
            bulk: { report in
                switch report {
                case .frame(_, let frame):
                    if let takes = takesFrame.withLock({ $0 }) { return takes(frame) }
                    frames.add(frame)
                case .writability(let link, isWritable: true): relieved.add(link)
                default: reports.add(report)
                }
                return true
            })
        try host.start()
    }

    /// Where this host is, seen from this machine.
    var loopback: [Candidate] { Candidate(address: "127.0.0.1", port: host.port).map { [$0] } ?? [] }

    /// Sends blocks as fast as the link takes them.
    func pour(_ numbers: Range<UInt64>, on link: PeerLinkID) async throws {
        for number in numbers where !host.send(frames: BulkFrame.block(number), on: link) {
            _ = try await relieved.next { $0 == link }
        }
    }

    func nextLink() async throws -> (id: PeerLinkID, peer: PeerHost.Peer, route: PeerRoute) {
        guard case .linkUp(let id, let peer, let route) = try await reports.next() else { throw Timeout() }
        return (id, peer, route)
    }

    func nextMessage() async throws -> PeerMessage {
        let report = try await reports.next { if case .received = $0 { true } else { false } }
        guard case .received(_, let message) = report else { throw Timeout() }
        return message
    }

    /// Anything but failures.
    var hasMetAnybody: Bool {
        reports.all.contains { report in
            switch report {
            case .failed, .wrongPin: false
            default: true
            }
        }
    }
}

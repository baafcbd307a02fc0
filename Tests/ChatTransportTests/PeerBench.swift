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
        candidates: [Candidate]? = nil, isAtRelay: Bool = true
    ) -> (toHans: PeerIntroduction, toLuke: PeerIntroduction) {
        var generator = SystemRandomNumberGenerator()
        let tickets = (RelayTicket.random(using: &generator), RelayTicket.random(using: &generator))
        if isAtRelay { server.listener.admitRelay(first: tickets.0, second: tickets.1) }
        return (
            PeerIntroduction(
                user: luke.name, offer: PeerOffer(pin: luke.identity.pin, candidates: candidates ?? luke.loopback), ticket: tickets.0),
            PeerIntroduction(user: hans.name, offer: PeerOffer(pin: hans.identity.pin, candidates: hans.loopback), ticket: tickets.1)
        )
    }

    /// A link from hans to luke; each side's own name for it.
    func link(candidates: [Candidate]? = nil) async throws -> (hans: PeerLinkID, luke: PeerLinkID) {
        let (toHans, toLuke) = introductions(candidates: candidates)
        luke.host.expect(toLuke)
        hans.host.dial(toHans)
        return (try await hans.nextLink().id, try await luke.nextLink().id)
    }
}

/// One client's host, and what it reports.
final class PeerSide: Sendable {
    let name: UserName
    let identity: PeerIdentity
    let host: PeerHost
    let reports = Awaited<PeerHost.Report>()

    init(
        _ name: String, _ server: Bench, _ options: PeerHost.Options, _ accepts: @escaping @Sendable () -> Bool = { true }
    ) throws {
        guard let user = UserName(name) else { throw Timeout() }
        self.name = user
        let folder = server.folder + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        identity = try PeerIdentity(folder: folder)
        let reports = reports
        let door = RelayDoor(host: "127.0.0.1", port: server.port, known: KnownServers(folder: folder), isPlaintext: false)
        host = PeerHost(identity: identity, door: door, options: options) {
            reports.add($0)
            return accepts()
        }
        try host.start()
    }

    /// Where this host is, seen from this machine.
    var loopback: [Candidate] { Candidate(address: "127.0.0.1", port: host.port).map { [$0] } ?? [] }

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

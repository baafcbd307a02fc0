import ChatClient
import ChatPeer
import ChatProtocol
import ChatTransport

/// Joins the private sessions, which decide, to the links between clients, which do.
final class PrivateLinks: Sendable {
    /// What the server is told, for others.
    let offer: PeerOffer
    let port: UInt16
    private let host: PeerHost
    private let people: KnownPeople
    private let mailbox: ClientMailbox

    /// - Parameter folder: where the identity and the known people are kept.
    init(folder: String, host: String, port: UInt16, known: KnownServers, isPlaintext: Bool, mailbox: ClientMailbox) throws {
        let identity = try PeerIdentity(folder: folder)
        people = KnownPeople(folder: folder, server: KnownServers.name(host: host, port: Int(port)))
        let door = RelayDoor(host: host, port: Int(port), known: known, isPlaintext: isPlaintext)
        self.mailbox = mailbox
        self.host = PeerHost(identity: identity, door: door) { report in
            guard let input = PeerInput(report) else { return true }
            return mailbox.put(.peer(input))
        }
        try self.host.start()
        self.port = self.host.port
        offer = PeerOffer(
            pin: identity.pin, candidates: self.host.localCandidates(includingLoopback: ServerLink.isThisMachine(host)))
    }

    /// The sessions of a client that begins, with what is known of people.
    func begin(_ consent: ConsentRule) throws -> PrivateSessions {
        PrivateSessions(pin: offer.pin, book: try people.load(), consent: consent, random: SystemRandomNumberGenerator())
    }

    func perform(_ output: PeerOutput) {
        switch output {
        case .dial(let introduction): host.dial(introduction)
        case .expect(let introduction): host.expect(introduction)
        case .abandon(let user): host.cancel(user)
        case .transmit(let message, let link): host.send(message, on: link)
        case .close(let link): host.close(link)
        case .remember(let person): keep { try people.remember(person) }
        case .forget(let user): keep { try people.forget(user) }
        // The session asks, and the user interface tells.
        case .ask, .tell: break
        }
    }

    /// A key that cannot be written down is trusted until the end of the program, and that is said.
    private func keep(_ deed: () throws -> Void) {
        do {
            try deed()
        } catch {
            _ = mailbox.put(.trouble("\(error)"))
        }
    }

    func resumeReading() { host.resumeReading() }
    func shutDown() async { await host.shutDown() }
}

extension PeerInput {
    /// What a report means to the private sessions; nothing, if it is of a link for files.
    fileprivate init?(_ report: PeerHost.Report) {
        switch report {
        case .linkUp(let link, let peer, let route):
            guard peer.purpose == .chat else { return nil }
            self = .linkUp(link, peer.user, route, isInitiator: peer.isInitiator)
        case .received(let link, let message): self = .received(link, message)
        case .malformed(let link, let bad): self = .malformed(link, reason: bad.reason)
        case .linkDown(let link, let reason): self = .linkDown(link, reason: reason)
        case .failed(let peer, let reason): self = .linkFailed(peer.user, isInitiator: peer.isInitiator, reason: reason)
        case .wrongPin(let peer, _): self = .wrongPin(peer.user, isInitiator: peer.isInitiator)
        case .writability: return nil
        }
    }
}

import ChatClient
import ChatPeer
import ChatProtocol
import ChatTransport

/// Joins what decides, the private sessions and the files' side, to the links between clients, which do.
final class PeerLinks: Sendable {
    /// What the server is told, for others.
    let offer: PeerOffer
    let port: UInt16
    private let host: PeerHost
    private let people: KnownPeople
    private let mailbox: ClientMailbox
    private let files: SharingThread

    struct Options {
        /// Where the identity and the known people are kept.
        var folder: String
        var downloads: String
        var host: String
        var port: UInt16
        var isPlaintext: Bool
        var serves: ServeSetting
    }

    init(_ options: Options, known: KnownServers, mailbox: ClientMailbox) throws {
        let identity = try PeerIdentity(folder: options.folder)
        people = KnownPeople(folder: options.folder, server: KnownServers.name(host: options.host, port: Int(options.port)))
        // Before anything runs that a failure would leave behind.
        let book = try people.load()
        let door = RelayDoor(host: options.host, port: Int(options.port), known: known, isPlaintext: options.isPlaintext)
        // The links bring the files' side its frames, and take what it sends: each has to know the other.
        let wire = Locked<SharingThread?>(nil)
        let host = PeerHost(
            identity: identity, door: door,
            chat: { report in PeerInput(report).map { mailbox.put(.peer($0)) } ?? true },
            bulk: { report in SharingInput(report).flatMap { input in wire.withLock { $0 }?.put(input) } ?? true })
        try host.start()
        let sharing = FileSharing(serving: options.serves.rule(book), random: SystemRandomNumberGenerator())
        let ports = SharingThread.Ports(
            send: { frames, link in host.send(frames: frames, on: link) },
            perform: { output in
                switch output {
                case .dial(let introduction): host.dial(introduction)
                case .expect(let introduction): host.expect(introduction)
                case .close(let link): host.close(link)
                // Few and bounded; the user's side need not be asked whether it has room.
                case .ask, .introduce, .tell: _ = mailbox.put(.sharing(output))
                case .send, .disk: break
                }
            },
            onDrained: { host.resumeReading(purpose: .bulk) })
        files = SharingThread(sharing: sharing, folder: options.downloads, ports: ports)
        wire.withLock { [files] in $0 = files }
        self.host = host
        self.mailbox = mailbox
        self.port = host.port
        offer = PeerOffer(
            pin: identity.pin, candidates: host.localCandidates(includingLoopback: ServerLink.isThisMachine(options.host)))
    }

    /// The sessions of a client that begins, with what is known of people.
    func begin(_ consent: ConsentRule) throws -> PrivateSessions {
        PrivateSessions(pin: offer.pin, book: try people.load(), consent: consent, random: SystemRandomNumberGenerator())
    }

    // MARK: Private sessions

    func perform(_ output: PeerOutput) {
        switch output {
        case .dial(let introduction): host.dial(introduction)
        case .expect(let introduction): host.expect(introduction)
        case .abandon(let user): host.cancel(user, purpose: .chat)
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

    func resumeReading() { host.resumeReading(purpose: .chat) }

    // MARK: Files

    func perform(_ input: SharingInput) { files.put(input) }

    func shutDown() async {
        files.stop()
        await host.shutDown()
    }
}

extension PeerInput {
    /// What a report of a link for chat means to the private sessions.
    fileprivate init?(_ report: PeerHost.Report) {
        switch report {
        case .linkUp(let link, let peer, let route):
            self = .linkUp(link, peer.user, route, isInitiator: peer.isInitiator)
        case .received(let link, let message): self = .received(link, message)
        case .malformed(let link, let bad): self = .malformed(link, reason: bad.reason)
        case .linkDown(let link, let reason): self = .linkDown(link, reason: reason)
        case .failed(let peer, let reason): self = .linkFailed(peer.user, isInitiator: peer.isInitiator, reason: reason)
        case .wrongPin(let peer, _): self = .wrongPin(peer.user, isInitiator: peer.isInitiator)
        case .frame, .writability: return nil
        }
    }
}

extension SharingInput {
    /// What a report of a link for bulk data means to the files' side.
    fileprivate init?(_ report: PeerHost.Report) {
        switch report {
        case .linkUp(let link, let peer, _): self = .linkUp(link, peer.user, peer.pin, isInitiator: peer.isInitiator)
        case .frame(let link, let frame): self = .frame(link, frame)
        case .malformed(let link, let bad): self = .malformed(link, reason: bad.reason)
        case .writability(let link, let isWritable): self = .writability(link, isWritable)
        case .linkDown(let link, let reason): self = .linkDown(link, reason: reason)
        case .failed(let peer, let reason): self = .linkFailed(peer.user, isInitiator: peer.isInitiator, reason: reason)
        case .wrongPin(let peer, _):
            self = .linkFailed(peer.user, isInitiator: peer.isInitiator, reason: "somebody with another key answered")
        case .received: return nil
        }
    }
}

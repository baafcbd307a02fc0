import ChatPeer
import ChatProtocol
import ChatTransport
import Dispatch
import Foundation
import Testing

/// A client that the test plays, with the real links and the real files' side, but with a conduct of its own: what it sends to other
/// clients goes through a closure that may change it, keep it back, or add to it.
final class SwarmPeer: Sendable {
    /// What is sent in place of a frame. Called on the thread of the files' side.
    typealias Conduct = @Sendable (BulkFrame) -> [BulkFrame]

    let name: String
    private let session: ServerSession
    private let host: PeerHost
    private let files: SharingThread
    private let told = Locked<[SharingNews]>([])
    private let reading = DispatchGroup()

    /// Logs in, in plain TCP.
    ///
    /// - Parameter folder: for its key and its downloads; exists.
    init(_ name: String, _ server: ServerProcess, folder: String, conduct: @escaping Conduct = { [$0] }) throws {
        self.name = name
        let identity = try PeerIdentity(folder: folder)
        let door = RelayDoor(host: server.host, port: Int(server.port), known: KnownServers(folder: folder), isPlaintext: true)
        // Each is made before all whom it calls are there.
        let wire = Locked<SharingThread?>(nil)
        let host = PeerHost(
            identity: identity, door: door, chat: { _ in true },
            bulk: { report in SharingInput(report).flatMap { input in wire.withLock { $0 }?.put(input) } ?? true })
        try host.start()
        let client = try RawClient(host: server.host, port: server.port)
        let isLocal = server.host.hasPrefix("127.")
        let offer = PeerOffer(pin: identity.pin, candidates: host.localCandidates(includingLoopback: isLocal))
        guard try client.logIn(name, peer: offer).0 == .success else { throw Failure("\(name) cannot log in") }
        let session = ServerSession(client: client)
        let told = told
        let ports = SharingThread.Ports(
            send: { frames, link in
                let frames = frames.flatMap(conduct)
                return frames.isEmpty || host.send(frames: frames, on: link)
            },
            perform: { output in
                switch output {
                case .dial(let introduction): host.dial(introduction)
                case .expect(let introduction): host.expect(introduction)
                case .close(let link): host.close(link)
                case .ask(let ticket, let request): session.client.post(.swarm(request), id: Int64(ticket.number))
                case .introduce(let user, let ticket): session.client.post(.startprivate(user, for: .bulk), id: Int64(ticket.number))
                case .tell(let news): told.withLock { $0.append(news) }
                case .send, .disk: break
                }
            },
            onDrained: { host.resumeReading(purpose: .bulk) })
        let files = SharingThread(
            sharing: FileSharing(random: SystemRandomNumberGenerator()), folder: "\(folder)/downloads", ports: ports)
        wire.withLock { $0 = files }
        files.put(.online(as: try #require(UserName(name))))
        self.session = session
        self.host = host
        self.files = files
        reading.enter()
        Thread.detachNewThread { [reading] in session.receive(into: files, leaving: reading) }
    }

    /// All that its user was told so far.
    var news: [SharingNews] { told.withLock { $0 } }

    func put(_ input: SharingInput) { files.put(input) }

    /// Offers a file, and waits until others can find it.
    func register(_ path: String) throws {
        files.put(.register(path: path, UserTicket(number: 1)))
        try eventually("\(name) offers \(path)") {
            try news.contains { news in
                if case .notRegistered(_, _, let failure) = news { throw Failure("\(path) is not offered: \(failure.words)") }
                return if case .registered = news { true } else { false }
            }
        }
    }

    /// Leaves; nothing of it runs afterwards.
    func end() {
        session.client.hangUp()
        reading.wait()
        files.stop()
        let done = DispatchSemaphore(value: 0)
        // Awaited below.
        Task.detached { [host] in
            await host.shutDown()
            done.signal()
        }
        done.wait()
    }

    /// `@unchecked Sendable`: one thread receives; the others only ``RawClient/post(_:id:)`` and ``RawClient/hangUp()``.
    private struct ServerSession: @unchecked Sendable {
        let client: RawClient

        /// Passes on what the server says until it, or this side, ends the connection.
        func receive(into files: SharingThread, leaving group: DispatchGroup) {
            defer { group.leave() }
            while let message = try? client.next(within: 3600) {
                switch message {
                case .event(.privateRequest(let introduction)) where introduction.purpose == .bulk: files.put(.request(introduction))
                case .event(.ping): client.post(.pong)
                case .reply(.swarm(let reply), let id): if let ticket = ticket(id) { files.put(.answered(ticket, reply)) }
                case .reply(.startprivate(.peer(let introduction)), let id):
                    if let ticket = ticket(id) { files.put(.introduced(ticket, introduction)) }
                case .reply(let reply, let id): if let ticket = ticket(id) { files.put(.failed(ticket, reason: "\(reply)")) }
                default: break
                }
            }
        }

        private func ticket(_ id: RequestID?) -> SharingTicket? {
            (id?.value.int).flatMap { $0 > 0 ? SharingTicket(number: UInt64($0)) : nil }
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
        case .wrongPin(let peer, _): self = .linkFailed(peer.user, isInitiator: peer.isInitiator, reason: "another key")
        case .received: return nil
        }
    }
}

extension SwarmPeer {
    /// Every leaf has one bit that is wrong.
    static let liar: Conduct = { frame in
        guard case .leaf(let number, let index, var bytes) = frame else { return [frame] }
        bytes[0] ^= 1
        return [.leaf(number, index: index, bytes)]
    }

    /// Says what it has, takes requests, and never answers them.
    static let staller: Conduct = { frame in
        switch frame {
        case .proof, .leaf: []
        default: [frame]
        }
    }
}

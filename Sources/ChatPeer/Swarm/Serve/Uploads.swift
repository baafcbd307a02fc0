package import ChatProtocol

/// What others ask of this client, and in which order they get it. A value: the disk is read by whoever takes a ``Job`` from it.
///
/// Everybody has a turn after everybody else's; a peer has a bounded number of requests waiting, and is told so beyond that.
package struct Uploads: Sendable {
    /// A block that a peer waits for.
    package struct Job: Equatable, Sendable {
        package let user: UserName
        package let number: UInt64
        package let content: FileContent
        package let place: BlockPlace
    }

    package enum Output: Equatable, Sendable {
        case send(BulkFrame, to: UserName)
        /// Send these hashes of the file's description.
        case sendLayer(FileContent, Range<Int>, to: UserName)
        /// The peer asks for a file that this client may be fetching as well: it may have pieces, too.
        case interested(UserName, FileContent)
    }

    /// Requests of one peer that wait.
    package static let mostWaiting = 64
    /// Files that one peer is told the news of.
    package static let mostFollowed = 100
    package static let mostPeers = 256

    private struct Peer: Sendable {
        var waiting: [Job] = []
        var followed: Set<FileContent> = []
    }

    private var peers: [UserName: Peer] = [:]
    /// Who waits, the next in front.
    private var turns: [UserName] = []

    package init() {}

    package var isWaiting: Bool { !turns.isEmpty }
    package var waiting: Int { turns.reduce(0) { $0 + (peers[$1]?.waiting.count ?? 0) } }

    /// Frames that answer instead of asking do no harm here.
    ///
    /// - Parameter pieces: what this client can serve of a file; `nil` for one that it does not offer.
    package mutating func receive(_ frame: BulkFrame, from user: UserName, pieces: (FileContent) -> PieceSet?) -> [Output] {
        switch frame {
        case .ask(let content):
            let isKnown = peers[user] != nil
            guard isKnown || peers.count < Self.mostPeers, let offered = pieces(content) else {
                return [.send(.nothing(content), to: user)]
            }
            var peer = peers[user] ?? Peer()
            guard peer.followed.contains(content) || peer.followed.count < Self.mostFollowed else {
                return [.send(.nothing(content), to: user)]
            }
            peer.followed.insert(content)
            peers[user] = peer
            return [.send(.holding(content, offered), to: user), .interested(user, content)]
        case .wantLayer(let content, let from, let count):
            guard isFollowed(content, by: user), pieces(content) != nil else { return [.send(.nothing(content), to: user)] }
            return [.sendLayer(content, from..<from + count, to: user)]
        case .request(let number, let content, let place):
            guard isFollowed(content, by: user), pieces(content)?.contains(place.piece) == true else {
                return [.send(.refuse(number, .notOffered), to: user)]
            }
            guard let count = peers[user]?.waiting.count, count < Self.mostWaiting else { return [.send(.refuse(number, .busy), to: user)] }
            peers[user]?.waiting.append(Job(user: user, number: number, content: content, place: place))
            if count == 0 { turns.append(user) }
            return []
        case .cancel(let number):
            peers[user]?.waiting.removeAll { $0.number == number }
            if peers[user]?.waiting.isEmpty == true { turns.removeAll { $0 == user } }
            return []
        default: return []
        }
    }

    /// The next block to read and send.
    ///
    /// - Parameter isReady: whether a peer's link takes more; who is not ready keeps the turn.
    package mutating func next(where isReady: (UserName) -> Bool) -> Job? {
        guard let index = turns.firstIndex(where: isReady) else { return nil }
        let user = turns.remove(at: index)
        guard let job = peers[user]?.waiting.removeFirst() else { return nil }
        if peers[user]?.waiting.isEmpty == false { turns.append(user) }
        return job
    }

    /// This client has one more piece: those who asked for the file learn it.
    package func gained(_ piece: Int, of content: FileContent) -> [Output] {
        followers(of: content).map { .send(.have(content, piece: piece), to: $0) }
    }

    /// The file is offered no longer.
    package mutating func withdrew(_ content: FileContent) -> [Output] {
        var outputs: [Output] = []
        for user in followers(of: content) {
            peers[user]?.followed.remove(content)
            for job in peers[user]?.waiting ?? [] where job.content == content {
                outputs.append(.send(.refuse(job.number, .notOffered), to: user))
            }
            peers[user]?.waiting.removeAll { $0.content == content }
            outputs.append(.send(.nothing(content), to: user))
        }
        turns.removeAll { peers[$0]?.waiting.isEmpty ?? true }
        return outputs
    }

    /// The peer is served no longer, and told so of everything that it waits for.
    package mutating func turnedAway(_ user: UserName) -> [Output] {
        guard let peer = peers[user] else { return [] }
        left(user)
        return peer.waiting.map { .send(.refuse($0.number, .notOffered), to: user) }
            + peer.followed.sorted { $0.root < $1.root }.map { .send(.nothing($0), to: user) }
    }

    /// The peer's link is gone.
    package mutating func left(_ user: UserName) {
        peers[user] = nil
        turns.removeAll { $0 == user }
    }

    private func isFollowed(_ content: FileContent, by user: UserName) -> Bool { peers[user]?.followed.contains(content) ?? false }

    private func followers(of content: FileContent) -> [UserName] {
        peers.filter { $0.value.followed.contains(content) }.keys.sorted()
    }
}

extension BulkFrame {
    /// The frames that answer the request `number`.
    package static func answer(_ number: UInt64, leaves: [[UInt8]], proof: (leaves: [Hash256], uncles: [Hash256])) -> [BulkFrame] {
        [.proof(number, leaves: proof.leaves, uncles: proof.uncles)]
            + leaves.enumerated().map { .leaf(number, index: $0.offset, $0.element) }
    }
}

import ChatPeer
import ChatProtocol
import Testing

/// A swarm without sockets and disks: transfers, uploads and links that take time, on a clock of its own.
struct SwarmSimulation {
    enum Conduct: Equatable {
        case honest
        /// Sends leaves that are not the file's.
        case falseLeaves
        case falseProofs
        /// Says that it has everything, and sends nothing.
        case silent
    }

    struct Node {
        let name: UserName
        let conduct: Conduct
        /// Bytes a second that it can send.
        let rate: UInt64
        var transfer: Transfer?
        var uploads = Uploads()
        var pieces: PieceSet
        var leaves: [Int: [Int: [UInt8]]] = [:]
        var received: [UserName: Int] = [:]
        var drops: [(user: UserName, reason: DropReason)] = []
        var freeAt: UInt64 = 0
        var isServing = false
        var isGone = false
        var finishedAt: UInt64?
    }

    private enum Happening {
        case arrives(BulkFrame, from: UserName, to: UserName)
        case serve(UserName)
        case tick(UserName)
        case gone(UserName)
        case input(TransferInput, UserName)
    }

    let file: SampleFile
    private(set) var nodes: [UserName: Node] = [:]
    private(set) var now: UInt64 = 0
    private var queue: [(at: UInt64, order: Int, Happening)] = []
    private var order = 0
    private var linked: Set<[UserName]> = []
    private let latency = Moment.second / 1000

    init(file: SampleFile) { self.file = file }

    mutating func addOwner(_ text: String, conduct: Conduct = .honest, rate: UInt64 = 20_000_000) throws {
        let name = try #require(UserName(text))
        nodes[name] = Node(name: name, conduct: conduct, rate: rate, pieces: PieceSet(all: file.content.pieceCount))
    }

    mutating func addClient(
        _ text: String, having: PieceSet? = nil, pieces: PieceSet? = nil, rate: UInt64 = 20_000_000
    ) throws {
        let name = try #require(UserName(text))
        let number = UInt32(nodes.count + 1)
        let had = having ?? PieceSet(capacity: file.content.pieceCount)
        var node = Node(name: name, conduct: .honest, rate: rate, pieces: had)
        var transfer = Transfer(id: number, file: file.description.file, pieces: pieces, seed: UInt64(number) * 77, at: now)
        let outputs = transfer.start(at: now)
        node.transfer = transfer
        nodes[name] = node
        perform(outputs, of: name)
    }

    mutating func kill(_ text: String, at time: UInt64) throws { schedule(.gone(try #require(UserName(text))), at: time) }

    mutating func send(_ input: TransferInput, to text: String, at time: UInt64) throws {
        schedule(.input(input, try #require(UserName(text))), at: time)
    }

    subscript(text: String) -> Node {
        get throws {
            let name = try #require(UserName(text))
            return try #require(nodes[name])
        }
    }

    func status(_ text: String) throws -> TransferStatus {
        let name = try #require(UserName(text))
        return try #require(nodes[name]?.transfer?.status(at: now))
    }

    /// Runs until all downloads are over that can be, or the time is.
    mutating func run(until end: UInt64) {
        while let (index, next) = queue.enumerated().min(by: { ($0.element.at, $0.element.order) < ($1.element.at, $1.element.order) }),
            next.at <= end
        {
            queue.swapAt(index, queue.count - 1)
            queue.removeLast()
            now = max(now, next.at)
            happen(next.2)
            if nodes.values.allSatisfy({ $0.isGone || $0.transfer == nil || $0.finishedAt != nil }) { return }
        }
        now = max(now, end)
    }

    func isWhole(_ node: Node) -> Bool {
        (0..<file.content.pieceCount).allSatisfy { piece in
            (0..<file.content.leafCount(inPiece: piece)).allSatisfy { node.leaves[piece]?[$0] == file.leaf($0, ofPiece: piece) }
        }
    }

    // MARK: -

    private mutating func schedule(_ happening: Happening, at time: UInt64) {
        order += 1
        queue.append((max(now, time), order, happening))
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .arrives(let frame, let from, let to):
            guard nodes[to]?.isGone == false, linked.contains([from, to].sorted()) else { return }
            deliver(frame, from: from, to: to)
        case .serve(let name): serve(name)
        case .tick(let name): handle(.tick, name)
        case .input(let input, let name): handle(input, name)
        case .gone(let name):
            nodes[name]?.isGone = true
            for pair in linked where pair.contains(name) { unlink(pair[0], pair[1]) }
        }
    }

    private mutating func deliver(_ frame: BulkFrame, from: UserName, to: UserName) {
        guard let node = nodes[to] else { return }
        if case .leaf(_, _, let bytes) = frame { nodes[to]?.received[from, default: 0] += bytes.count }
        let content = file.content
        for output in nodes[to]?.uploads.receive(frame, from: from, pieces: { $0 == content ? node.pieces : nil }) ?? [] {
            switch output {
            case .send(let frame, let user): transmit(frame, from: to, to: user)
            case .sendLayer(let content, let range, let user):
                transmit(.layer(content, from: range.lowerBound, Array(file.description.layer[range])), from: to, to: user)
            case .interested(let user, _): handle(.linked(user), to)
            }
        }
        handle(.received(frame, from: from), to)
        if node.conduct != .silent, nodes[to]?.isServing == false { serve(to) }
    }

    /// Sends one block, and is called again when the way is free.
    private mutating func serve(_ name: UserName) {
        guard var node = nodes[name], !node.isGone else { return }
        let job = node.uploads.next { _ in true }
        node.isServing = job != nil
        nodes[name] = node
        guard let job else { return }
        let range = file.content.leaves(of: job.place)
        var leaves = range.map { file.leaf($0, ofPiece: job.place.piece) }
        let proof = file.proof(of: job.place)
        var hashes = proof.leaves
        if node.conduct == .falseLeaves { leaves[leaves.count / 2][0] ^= 1 }
        if node.conduct == .falseProofs { hashes[0] = .zero }
        for frame in BulkFrame.answer(job.number, leaves: leaves, proof: (hashes, proof.uncles)) {
            transmit(frame, from: name, to: job.user)
        }
        schedule(.serve(name), at: nodes[name]?.freeAt ?? now)
    }

    private mutating func transmit(_ frame: BulkFrame, from: UserName, to: UserName) {
        guard let node = nodes[from], !node.isGone else { return }
        var time = now
        // What is small goes between.
        if case .leaf = frame {
            time = max(now, node.freeAt) + UInt64(FileContent.leafSize) * Moment.second / node.rate
            nodes[from]?.freeAt = time
        } else if case .proof = frame {
            time = max(now, node.freeAt)
        }
        schedule(.arrives(frame, from: from, to: to), at: time + latency)
    }

    private mutating func handle(_ input: TransferInput, _ name: UserName) {
        guard var transfer = nodes[name]?.transfer, nodes[name]?.isGone == false else { return }
        nodes[name]?.transfer = nil
        let outputs = transfer.handle(input, at: now)
        let deadline = transfer.nextDeadline
        nodes[name]?.transfer = transfer
        perform(outputs, of: name)
        if let deadline, case .tick = input { schedule(.tick(name), at: deadline) }
    }

    private mutating func perform(_ outputs: [TransferOutput], of name: UserName) {
        for output in outputs {
            switch output {
            case .findPeers:
                for other in nodes.keys.sorted() where other != name { link(name, other) }
                if now == 0 { schedule(.tick(name), at: Moment.second) }
            case .send(let frame, let user): transmit(frame, from: name, to: user)
            case .drop(let user, let reason):
                nodes[name]?.drops.append((user, reason))
                unlink(name, user)
            case .prepare:
                let had = nodes[name]?.pieces ?? PieceSet(capacity: 0)
                schedule(.input(.prepared(had), name), at: now)
            case .write(let piece, let leaf, let bytes): nodes[name]?.leaves[piece, default: [:]][leaf] = bytes
            case .complete(let piece):
                nodes[name]?.pieces.insert(piece)
                for news in nodes[name]?.uploads.gained(piece, of: file.content) ?? [] {
                    if case .send(let frame, let user) = news { transmit(frame, from: name, to: user) }
                }
                schedule(.input(.stored(piece: piece), name), at: now)
            case .settle: schedule(.input(.settled(path: "/"), name), at: now)
            case .discard: nodes[name]?.finishedAt = now
            }
        }
        if case .finished? = nodes[name]?.transfer?.status(at: now).phase {
            if nodes[name]?.finishedAt == nil { nodes[name]?.finishedAt = now }
        }
    }

    private mutating func link(_ a: UserName, _ b: UserName) {
        guard nodes[a]?.isGone == false, nodes[b]?.isGone == false, linked.insert([a, b].sorted()).inserted else { return }
        schedule(.input(.linked(b), a), at: now)
        schedule(.input(.linked(a), b), at: now)
    }

    private mutating func unlink(_ a: UserName, _ b: UserName) {
        guard linked.remove([a, b].sorted()) != nil else { return }
        nodes[a]?.uploads.left(b)
        nodes[b]?.uploads.left(a)
        schedule(.input(.unlinked(b), a), at: now)
        schedule(.input(.unlinked(a), b), at: now)
    }
}

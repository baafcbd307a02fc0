package import ChatProtocol

/// Decides which block to ask of whom. A value without I/O or a clock of its own: times are uptimes in nanoseconds.
///
/// Rarest pieces first, after a random start and by chance among equals; pieces that are begun before new ones; a window of requests for
/// each peer that follows its rate; what is late is asked again elsewhere; at the end the same block is asked of several. A peer is
/// spared what others have too when most has come from it already.
package struct Scheduler: Sendable {
    package enum Action: Equatable, Sendable {
        case request(UInt64, BlockPlace, from: UserName)
        case cancel(UInt64, at: UserName)
        case drop(UserName, DropReason)
    }

    /// What became of a leaf.
    package enum Arrival: Equatable, Sendable {
        /// To be kept; the piece is complete with it, or not.
        case new(place: BlockPlace, completes: Bool)
        /// Somebody else was faster.
        case duplicate
        /// Nobody asked for it.
        case unsolicited
    }

    struct Peer: Sendable {
        var pieces: PieceSet
        var window: Int
        var requests: Set<UInt64> = []
        /// When the first of the requests was sent or the last leaf came.
        var lastProgress: UInt64
        /// How long it was waited for in vain before that: requests that others answered in its place do not excuse it.
        var waited: UInt64 = 0
        /// Nanoseconds from request to its last leaf, smoothed.
        var blockTime: UInt64 = 0
        var rate: RateMeter
        /// Bytes kept.
        var delivered: UInt64 = 0
        /// Leaves that may still come for what was cancelled.
        var credit = 0
    }

    struct Asked: Sendable {
        let place: BlockPlace
        let user: UserName
        let sentAt: UInt64
        var lastLeaf: UInt64
        var seen: UInt16 = 0
        var isLate = false
    }

    struct OpenBlock: Sendable {
        var arrived: UInt16 = 0
        let full: UInt16
        var askers: [UInt64] = []

        var isDone: Bool { arrived == full }
    }

    let content: FileContent
    let settings: SchedulerSettings
    /// Pieces that are wanted and not complete.
    package private(set) var needed: PieceSet
    var open: [Int: [OpenBlock]] = [:]
    private(set) var peers: [UserName: Peer] = [:]
    private(set) var asked: [UInt64: Asked] = [:]
    /// How many peers have each piece.
    var availability: [UInt16]
    private var banned: [UserName: UInt64] = [:]
    private var lastNumber: UInt64
    private let seed: UInt64
    private(set) var completed = 0
    private var total: UInt64 = 0
    private var actions: [Action] = []
    /// Whether anything happened that may leave something to ask: most leaves do not.
    private var isChanged = false

    /// - Parameters:
    ///   - needed: the pieces to fetch.
    ///   - firstNumber: requests are numbered from here on.
    ///   - seed: chance.
    package init(
        _ content: FileContent, needed: PieceSet, firstNumber: UInt64 = 0, seed: UInt64, settings: SchedulerSettings = SchedulerSettings()
    ) {
        self.content = content
        self.settings = settings
        self.needed = needed
        self.seed = seed
        lastNumber = firstNumber
        availability = Array(repeating: 0, count: content.pieceCount)
    }

    /// The same peers stay unwelcome.
    package mutating func keepBans(of other: Scheduler) { banned = other.banned }

    package var peerNames: [UserName] { peers.keys.sorted() }
    package var requestCount: Int { asked.count }
    package func requests(to user: UserName) -> Int { peers[user]?.requests.count ?? 0 }
    package func delivered(by user: UserName) -> UInt64 { peers[user]?.delivered ?? 0 }
    package func request(_ number: UInt64) -> (place: BlockPlace, user: UserName)? { asked[number].map { ($0.place, $0.user) } }
    package func isBanned(_ user: UserName, at now: UInt64) -> Bool { (banned[user] ?? 0) > now }

    // MARK: Peers

    /// A peer can be asked from now on, for what it says it has.
    ///
    /// - Returns: `false` if it was dropped before, or there are enough.
    package mutating func join(_ user: UserName, pieces: PieceSet, at now: UInt64) -> Bool {
        guard pieces.capacity == content.pieceCount, !isBanned(user, at: now), peers.count < settings.mostPeers || peers[user] != nil else {
            return false
        }
        isChanged = true
        if let known = peers[user] {
            for piece in known.pieces { availability[piece] -= 1 }
            peers[user]?.pieces = pieces
        } else {
            banned[user] = nil
            peers[user] = Peer(pieces: pieces, window: settings.firstWindow, lastProgress: now, rate: RateMeter(at: now))
        }
        for piece in pieces { availability[piece] += 1 }
        return true
    }

    package mutating func gained(_ user: UserName, piece: Int) {
        guard peers[user]?.pieces.insert(piece) == true else { return }
        availability[piece] += 1
        isChanged = true
    }

    /// The peer's link is gone; what it was asked is free for others.
    package mutating func leave(_ user: UserName) {
        guard let peer = peers.removeValue(forKey: user) else { return }
        isChanged = true
        for piece in peer.pieces { availability[piece] -= 1 }
        for number in peer.requests { forget(number) }
    }

    /// - Returns: `false` for one that has not joined; it is banned all the same.
    @discardableResult
    package mutating func drop(_ user: UserName, _ reason: DropReason, at now: UInt64) -> Bool {
        let isKnown = peers[user] != nil
        leave(user)
        banned[user] = reason == .lied ? .max : now + (peers.isEmpty ? settings.restOfLast : settings.rest)
        if isKnown { actions.append(.drop(user, reason)) }
        return isKnown
    }

    // MARK: Answers

    /// A leaf that was checked against its proof.
    ///
    /// - Parameter index: within the block.
    package mutating func arrived(_ number: UInt64, index: Int, from user: UserName, at now: UInt64) -> Arrival {
        guard var request = asked[number], request.user == user else { return stray(from: user, at: now) }
        let leaves = content.leaves(of: request.place)
        let bit = UInt16(1) << UInt16(index)
        guard index >= 0, index < leaves.count, request.seen & bit == 0 else { return stray(from: user, at: now) }
        request.seen |= bit
        request.lastLeaf = now
        request.isLate = false
        asked[number] = request
        let bytes = content.length(ofLeaf: leaves.lowerBound + index, inPiece: request.place.piece)
        peers[user]?.lastProgress = now
        peers[user]?.waited = 0
        peers[user]?.rate.add(bytes, at: now)
        if request.seen == Self.mask(leaves.count) { answered(number, request, at: now) }
        guard var blocks = open[request.place.piece], blocks[request.place.block].arrived & bit == 0 else { return .duplicate }
        // Taken out while it is changed, so that it is not copied.
        open[request.place.piece] = nil
        blocks[request.place.block].arrived |= bit
        peers[user]?.delivered += UInt64(bytes)
        total += UInt64(bytes)
        let isDone = blocks[request.place.block].isDone
        let completes = isDone && blocks.allSatisfy(\.isDone)
        let others = isDone ? blocks[request.place.block].askers.filter { $0 != number } : []
        open[request.place.piece] = blocks
        for other in others { cancel(other, at: now) }
        if completes {
            open[request.place.piece] = nil
            needed.remove(request.place.piece)
            completed += 1
        }
        return .new(place: request.place, completes: completes)
    }

    /// The peer will not answer: it does not have the piece, or not any more; or it is busy, and is asked for less.
    package mutating func refused(_ number: UInt64, by user: UserName, _ refusal: BulkFrame.Refusal) {
        guard let request = asked[number], request.user == user else { return }
        forget(number)
        peers[user]?.requests.remove(number)
        peers[user]?.waited = 0
        if refusal == .busy {
            peers[user]?.window = 1
        } else if peers[user]?.pieces.remove(request.place.piece) == true {
            availability[request.place.piece] -= 1
        }
    }

    /// Takes everything back that was asked.
    package mutating func cancelAll(at now: UInt64) {
        for number in asked.keys.sorted() { cancel(number, at: now) }
    }

    // MARK: Time

    /// When ``tick(at:)`` has something to do.
    package var nextDeadline: UInt64? {
        var next: UInt64?
        for peer in peers.values where !peer.requests.isEmpty {
            next = min(next ?? .max, peer.lastProgress + settings.stall - min(peer.waited, settings.stall))
        }
        for request in asked.values where !request.isLate {
            next = min(next ?? .max, request.lastLeaf + lateness(of: request.user))
        }
        return next
    }

    package mutating func tick(at now: UInt64) {
        for user in peerNames {
            guard let peer = peers[user], !peer.requests.isEmpty, now + peer.waited >= peer.lastProgress + settings.stall else { continue }
            drop(user, .stalled, at: now)
        }
        for (number, request) in asked where !request.isLate && now >= request.lastLeaf + lateness(of: request.user) {
            asked[number]?.isLate = true
            isChanged = true
            // Asked for less, so that it has a chance to catch up.
            peers[request.user]?.window = 1
        }
    }

    /// Asks what there is to ask, and hands out everything that is to be done.
    package mutating func plan(at now: UInt64) -> [Action] {
        guard isChanged else { return takeActions() }
        isChanged = false
        // Those with the least first: what they have need not come from one who has everything.
        let order = peers.sorted { ($0.value.pieces.count, $0.key) < ($1.value.pieces.count, $1.key) }.map(\.key)
        for user in order {
            while let peer = peers[user], peer.requests.count < peer.window, let place = choose(for: user, peer) {
                ask(place, of: user, at: now)
            }
        }
        return takeActions()
    }

    /// Hands out what is to be done already, and asks nothing more.
    package mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    // MARK: -

    /// Whether most has come from this peer while others could have sent it.
    func hasGivenEnough(_ peer: Peer) -> Bool {
        // Not before there is something to compare.
        guard peers.count > 1, total >= 8 * UInt64(FileContent.blockSize) else { return false }
        return Double(peer.delivered) > settings.fairShare * Double(total)
    }

    /// A piece's place in this client's own order of chance.
    func rank(_ piece: Int) -> UInt64 {
        // SplitMix64 of the piece's number.
        var z = seed &+ UInt64(piece) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    static func mask(_ count: Int) -> UInt16 { count >= 16 ? .max : (1 << UInt16(count)) - 1 }

    private func lateness(of user: UserName) -> UInt64 { max(settings.late, 4 * (peers[user]?.blockTime ?? 0)) }

    private mutating func ask(_ place: BlockPlace, of user: UserName, at now: UInt64) {
        lastNumber += 1
        if open[place.piece] == nil {
            open[place.piece] = (0..<content.blockCount(inPiece: place.piece)).map {
                OpenBlock(full: Self.mask(content.leaves(of: BlockPlace(piece: place.piece, block: $0)).count))
            }
        }
        open[place.piece]?[place.block].askers.append(lastNumber)
        asked[lastNumber] = Asked(place: place, user: user, sentAt: now, lastLeaf: now)
        if peers[user]?.requests.isEmpty == true { peers[user]?.lastProgress = now }
        peers[user]?.requests.insert(lastNumber)
        actions.append(.request(lastNumber, place, from: user))
    }

    private mutating func answered(_ number: UInt64, _ request: Asked, at now: UInt64) {
        forget(number)
        guard var peer = peers[request.user] else { return }
        peer.requests.remove(number)
        let time = now - request.sentAt
        peer.blockTime = peer.blockTime == 0 ? time : (peer.blockTime * 3 + time) / 4
        // What it can send in a quarter of a second, and two to keep it busy. More would only tie to it what others will have soon.
        let blocks = peer.rate.rate(at: now) / 4 / Double(FileContent.blockSize)
        peer.window = max(settings.windows.lowerBound, min(settings.windows.upperBound, Int(blocks) + 2))
        peers[request.user] = peer
    }

    private mutating func cancel(_ number: UInt64, at now: UInt64) {
        guard let request = asked[number] else { return }
        forget(number)
        if var peer = peers[request.user] {
            peer.requests.remove(number)
            peer.credit += FileContent.leavesPerBlock
            if peer.requests.isEmpty { peer.waited += now - min(now, peer.lastProgress) }
            peers[request.user] = peer
        }
        actions.append(.cancel(number, at: request.user))
    }

    private mutating func forget(_ number: UInt64) {
        guard let request = asked.removeValue(forKey: number) else { return }
        isChanged = true
        open[request.place.piece]?[request.place.block].askers.removeAll { $0 == number }
    }

    /// Data for what was cancelled may still be on its way; more than that is not in order.
    private mutating func stray(from user: UserName, at now: UInt64) -> Arrival {
        guard let credit = peers[user]?.credit else { return .unsolicited }
        peers[user]?.credit = credit - 1
        if credit <= 0 { drop(user, .unruly, at: now) }
        return .unsolicited
    }
}

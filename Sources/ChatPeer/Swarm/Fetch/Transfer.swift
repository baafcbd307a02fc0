package import ChatProtocol

/// One download, from the search for peers until the file has its name: a value that is told what happens and says what is to be done.
///
/// It trusts nobody: the hashes of the pieces must lead to the root, each leaf must match its proof, and who sends anything else is
/// dropped and named.
package struct Transfer: Sendable {
    /// Dropped peers that are remembered for the user.
    private static let mostDropped = 16
    /// Pieces on their way to the disk; beyond, nothing more is asked for.
    private static let mostUnstored = 32
    /// Others may have begun at the same time: the first searches come close together.
    private static let searches = (first: Moment.second, soon: 10 * Moment.second, later: 60 * Moment.second, enough: 4)

    package let file: SharedFile
    /// The numbers of its requests are those whose upper 32 bits are this.
    package let id: UInt32
    private let settings: SchedulerSettings
    private let seed: UInt64
    private let wanted: PieceSet
    private let only: UserName?

    private(set) var phase = TransferStatus.Phase.seeking
    private var isPaused = false
    private var isStalled = false
    private(set) var description: FileDescription?
    /// Peers with a link, and what they have; `nil` until they have said so.
    private var links: [UserName: PieceSet?] = [:]
    private var layer = LayerFetch()
    private var scheduler: Scheduler
    private var proofs: [UInt64: BlockProof] = [:]
    private var unstored: Set<Int> = []
    private var done: UInt64 = 0
    private var meter: RateMeter
    private var lastData: UInt64
    private var nextSearch: UInt64
    private var searchPause = searches.first
    private var lastWatch: UInt64 = 0
    private var dropped: [TransferStatus.Dropped] = []
    private var outputs: [TransferOutput] = []

    /// The hashes of the pieces, on their way from one peer: from one alone, so that it is known who lied.
    private struct LayerFetch: Sendable {
        var user: UserName?
        var hashes: [Hash256] = []
        var deadline: UInt64 = 0
    }

    /// - Parameters:
    ///   - id: not that of another transfer that goes on.
    ///   - description: where a former run has left it.
    ///   - pieces: those to fetch; `nil` for all.
    ///   - only: the one peer to fetch from, if it is to be one.
    ///   - seed: chance.
    package init(
        id: UInt32, file: SharedFile, description: FileDescription? = nil, pieces: PieceSet? = nil, from only: UserName? = nil,
        seed: UInt64, settings: SchedulerSettings = SchedulerSettings(), at now: UInt64
    ) {
        self.id = id
        self.file = file
        self.only = only
        self.seed = seed
        self.settings = settings
        wanted = pieces ?? PieceSet(all: file.content.pieceCount)
        if let description, description.content == file.content {
            self.description = description
        } else if file.content.pieceCount < 2 {
            // The root says it all.
            self.description = FileDescription(file: file, layer: file.content.pieceCount == 1 ? [file.content.root] : [])
        }
        scheduler = Scheduler(file.content, needed: PieceSet(capacity: file.content.pieceCount), seed: seed, settings: settings)
        meter = RateMeter(at: now)
        lastData = now
        nextSearch = now + Self.searches.first
    }

    /// The first things to do.
    package mutating func start(at now: UInt64) -> [TransferOutput] {
        outputs.append(.findPeers)
        prepareIfKnown()
        return drained()
    }

    package mutating func handle(_ input: TransferInput, at now: UInt64) -> [TransferOutput] {
        guard !isOver else { return [] }
        switch input {
        case .linked(let user):
            // Who had nothing may have some now.
            guard only == nil || only == user, links[user]?.map({ _ in false }) ?? true, !scheduler.isBanned(user, at: now) else { break }
            links.updateValue(nil, forKey: user)
            outputs.append(.send(.ask(file.content), to: user))
        case .unlinked(let user): forget(user, at: now)
        case .received(let frame, let user):
            // Before anything else is looked at: only those that are linked and not dropped are listened to.
            if links[user] != nil { receive(frame, from: user, at: now) }
        case .prepared(let pieces): begin(having: pieces, at: now)
        case .stored(let piece):
            unstored.remove(piece)
            finishIfWhole()
        case .settled(let path): phase = .finished(path: path)
        case .failed(let failure):
            quit(.failed(failure), at: now)
        case .pause:
            isPaused = true
            scheduler.cancelAll(at: now)
        case .resume:
            isPaused = false
            lastData = now
            nextSearch = now
        case .end:
            quit(.ended, at: now)
            outputs.append(.discard)
        case .tick: break
        }
        // Leaves come by the thousand; the clock need not be looked at with each.
        if case .tick = input { watch(at: now) } else if now >= lastWatch + Moment.second / 10 { watch(at: now) }
        plan(at: now)
        return drained()
    }

    /// Whether frames of this peer are listened to.
    package func isLinked(to user: UserName) -> Bool { links[user] != nil }

    /// Whether this peer may be asked at all.
    package func wants(_ user: UserName) -> Bool { only == nil || only == user }

    /// Whether it is not asked, having been dropped before.
    package func isBanned(_ user: UserName, at now: UInt64) -> Bool { scheduler.isBanned(user, at: now) }

    /// When to say ``TransferInput/tick`` at the latest.
    package var nextDeadline: UInt64? {
        guard !isOver, !isPaused, phase == .seeking || phase == .fetching else { return nil }
        var next = nextSearch
        if layer.user != nil { next = min(next, layer.deadline) }
        if phase == .fetching {
            if !isStalled { next = min(next, lastData + settings.stall) }
            if let deadline = scheduler.nextDeadline { next = min(next, deadline) }
        }
        return next
    }

    package func status(at now: UInt64) -> TransferStatus {
        let rate = phase == .fetching && !isPaused ? meter.rate(at: now) : 0
        let size = wanted.isFull ? file.content.size : wanted.reduce(0) { $0 + UInt64(file.content.length(ofPiece: $1)) }
        return TransferStatus(
            file: file, phase: phase, isPaused: isPaused, isStalled: isStalled, done: done, wanted: size, rate: rate,
            timeLeft: rate > 0 ? Double(size - min(size, done)) / rate : nil, peers: links.filter { $0.value != nil }.keys.sorted(),
            dropped: dropped)
    }

    // MARK: Frames

    private mutating func receive(_ frame: BulkFrame, from user: UserName, at now: UInt64) {
        switch frame {
        case .holding(let content, let pieces) where content == file.content:
            links[user] = .some(pieces)
            if phase == .fetching { _ = scheduler.join(user, pieces: pieces, at: now) }
        case .have(let content, let piece) where content == file.content:
            guard var pieces = links[user] ?? nil else { break }
            pieces.insert(piece)
            links[user] = .some(pieces)
            scheduler.gained(user, piece: piece)
        case .nothing(let content) where content == file.content:
            links.updateValue(nil, forKey: user)
            leave(user)
        case .layer(let content, let from, let hashes) where content == file.content:
            take(hashes, at: from, from: user, now: now)
        case .proof(let number, let leaves, let uncles): take(number, leaves: leaves, uncles: uncles, from: user, at: now)
        case .leaf(let number, let index, let bytes): take(number, leaf: index, bytes, from: user, at: now)
        case .refuse(let number, let refusal):
            scheduler.refused(number, by: user, refusal)
            proofs[number] = nil
        default: break
        }
    }

    private mutating func take(_ hashes: [Hash256], at start: Int, from user: UserName, now: UInt64) {
        guard phase == .seeking, description == nil, layer.user == user, start == layer.hashes.count else { return }
        layer.hashes += hashes
        if layer.hashes.count < file.content.pieceCount {
            wantLayer(at: now)
            return
        }
        guard let description = FileDescription(file: file, layer: layer.hashes) else {
            drop(user, .lied, at: now)
            return
        }
        self.description = description
        layer = LayerFetch()
        prepareIfKnown()
    }

    private mutating func take(_ number: UInt64, leaves: [Hash256], uncles: [Hash256], from user: UserName, at now: UInt64) {
        // A request that was taken back meanwhile is no longer known.
        guard let request = scheduler.request(number), request.user == user, let description else { return }
        let hash = description.layer[request.place.piece]
        guard let proof = BlockProof(of: request.place, in: file.content, leaves: leaves, uncles: uncles, pieceHash: hash) else {
            drop(user, .lied, at: now)
            return
        }
        proofs[number] = proof
    }

    private mutating func take(_ number: UInt64, leaf index: Int, _ bytes: [UInt8], from user: UserName, at now: UInt64) {
        if let request = scheduler.request(number), request.user == user {
            let leaf = content.leaves(of: request.place).lowerBound + index
            guard let proof = proofs[number], index < proof.leaves.count,
                bytes.count == content.length(ofLeaf: leaf, inPiece: request.place.piece), Hash256(of: bytes) == proof.leaves[index]
            else {
                drop(user, .lied, at: now)
                return
            }
        }
        if case .new(let place, let completes) = scheduler.arrived(number, index: index, from: user, at: now) {
            done += UInt64(bytes.count)
            meter.add(bytes.count, at: now)
            lastData = now
            isStalled = false
            outputs.append(.write(piece: place.piece, leaf: content.leaves(of: place).lowerBound + index, bytes))
            if completes {
                unstored.insert(place.piece)
                outputs.append(.complete(piece: place.piece))
            }
        }
        if scheduler.request(number) == nil { proofs[number] = nil }
    }

    // MARK: Steps

    private var content: FileContent { file.content }

    /// Whether it is finished, failed or ended.
    var isOver: Bool {
        switch phase {
        case .finished, .ended, .failed: true
        default: false
        }
    }

    private mutating func prepareIfKnown() {
        guard phase == .seeking, let description else { return }
        phase = .preparing
        outputs.append(.prepare(description))
    }

    private mutating func begin(having pieces: PieceSet, at now: UInt64) {
        guard phase == .preparing else { return }
        var needed = wanted
        needed.subtract(pieces)
        for piece in wanted where pieces.contains(piece) { done += UInt64(content.length(ofPiece: piece)) }
        let former = scheduler
        scheduler = Scheduler(content, needed: needed, firstNumber: UInt64(id) << 32, seed: seed, settings: settings)
        scheduler.keepBans(of: former)
        phase = .fetching
        lastData = now
        for (user, pieces) in links {
            if let pieces { _ = scheduler.join(user, pieces: pieces, at: now) }
        }
        finishIfWhole()
    }

    private mutating func finishIfWhole() {
        guard phase == .fetching, scheduler.needed.isEmpty, unstored.isEmpty else { return }
        if wanted.isFull {
            phase = .settling
            outputs.append(.settle)
        } else {
            phase = .finished(path: nil)
        }
    }

    private mutating func plan(at now: UInt64) {
        guard !isOver else { return }
        if phase == .seeking, layer.user == nil, !isPaused {
            layer.user = links.filter { $0.value.map { !$0.isEmpty } ?? false }.keys.min { rank($0) < rank($1) }
            wantLayer(at: now)
        }
        let isReady = phase == .fetching && !isPaused && unstored.count < Self.mostUnstored
        for action in isReady ? scheduler.plan(at: now) : scheduler.takeActions() {
            switch action {
            case .request(let number, let place, let user): outputs.append(.send(.request(number, content, place), to: user))
            case .cancel(let number, let user):
                proofs[number] = nil
                outputs.append(.send(.cancel(number), to: user))
            case .drop(let user, let reason): note(user, reason, at: now)
            }
        }
    }

    /// Which of several peers is asked for the hashes: by chance.
    private func rank(_ user: UserName) -> UInt64 { user.text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } }

    private mutating func wantLayer(at now: UInt64) {
        guard let user = layer.user else { return }
        let from = layer.hashes.count
        layer.deadline = now + settings.stall
        outputs.append(.send(.wantLayer(content, from: from, count: min(BulkFrame.mostHashes, content.pieceCount - from)), to: user))
    }

    private mutating func watch(at now: UInt64) {
        lastWatch = now
        guard !isOver, !isPaused else { return }
        if let user = layer.user, now >= layer.deadline { drop(user, .stalled, at: now) }
        if phase == .fetching {
            scheduler.tick(at: now)
            if !isStalled, now >= lastData + settings.stall {
                isStalled = true
                nextSearch = now
            }
        }
        guard now >= nextSearch, phase == .seeking || phase == .fetching else { return }
        let isEnough = links.count >= Self.searches.enough && !isStalled
        searchPause = min(2 * searchPause, Self.searches.soon)
        nextSearch = now + (isEnough ? Self.searches.later : searchPause)
        outputs.append(.findPeers)
    }

    private mutating func drop(_ user: UserName, _ reason: DropReason, at now: UInt64) {
        if !scheduler.drop(user, reason, at: now) { note(user, reason, at: now) }
    }

    private mutating func note(_ user: UserName, _ reason: DropReason, at now: UInt64) {
        if dropped.count < Self.mostDropped { dropped.append(.init(user: user, reason: reason)) }
        outputs.append(.drop(user, reason))
        forget(user, at: now)
    }

    private mutating func forget(_ user: UserName, at now: UInt64) {
        guard links.removeValue(forKey: user) != nil else { return }
        leave(user)
        // Nobody left: look for others soon, but not at once after each of many failures.
        if links.isEmpty { nextSearch = min(nextSearch, now + Moment.second) }
    }

    private mutating func leave(_ user: UserName) {
        if layer.user == user { layer = LayerFetch() }
        scheduler.leave(user)
        proofs = proofs.filter { scheduler.request($0.key) != nil }
    }

    private mutating func quit(_ phase: TransferStatus.Phase, at now: UInt64) {
        scheduler.cancelAll(at: now)
        for action in scheduler.takeActions() {
            if case .cancel(let number, let user) = action { outputs.append(.send(.cancel(number), to: user)) }
        }
        self.phase = phase
        links = [:]
        proofs = [:]
    }

    private mutating func drained() -> [TransferOutput] {
        defer { outputs = [] }
        return outputs
    }
}

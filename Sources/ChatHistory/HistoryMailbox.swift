import ChatClient
import ChatProtocol

/// Where the user's side leaves what the history has to do. One puts, one takes.
///
/// Bounded by bytes: beyond ``bound`` lines to be kept are dropped, as the screen must not wait for a disk; of each conversation it is noted
/// between when, so that the server can be asked for them. What else there is to do comes from keys, so it is little, and is always taken. Of
/// searches only the last one is worth doing.
///
/// `@unchecked Sendable`: what varies is touched while `monitor` is held alone.
final class HistoryMailbox: @unchecked Sendable {
    /// Bytes.
    static let bound = 8 << 20
    /// Bytes of lines that are worth a transaction of their own.
    static let enough = 1 << 20

    struct Batch {
        var deeds: [HistoryDeed] = []
        /// Lines that found no room since the batch before.
        var dropped = 0
        /// Nothing comes any more.
        var isLast = false
    }

    private let monitor = Monitor()
    private let pace: UInt64
    private var batch = Batch()
    private var weight = 0
    /// Of what was taken last and is being done, some of which may be put back.
    private var inHand = 0
    /// What was dropped since something was taken.
    private var gaps: [Channel: HistoryGap] = [:]
    /// When something was taken last (uptime in nanoseconds).
    private var taken: UInt64 = 0
    /// Something else than lines is there, for which somebody waits.
    private var isAwaited = false
    private var searches = false
    private var forgets = false
    private var isForgettingNow = false
    /// What the file did not take is here once more: more of it would not be taken either.
    private var isHeldBack = false
    private var hasEnded = false

    /// - Parameter pace: how long lines wait for the company of others after something was taken, in nanoseconds. Each transaction writes
    ///   whole pages, and a piece of the index that has to be merged with others later, however few lines are in it.
    init(pace: UInt64 = Moment.second) { self.pace = pace }

    func put(_ deed: HistoryDeed) {
        monitor.locked {
            guard !batch.isLast else { return }
            let isFirst = batch.deeds.isEmpty
            if let weight = deed.weight {
                guard self.weight + inHand + weight <= Self.bound else {
                    drop(deed)
                    return
                }
                self.weight += weight
            } else {
                isAwaited = true
            }
            switch deed {
            // What was dropped before is of the account before.
            case .open: noteGaps()
            case .forget: forgets = true
            case .search:
                if searches { batch.deeds.removeAll { $0.isSearch } }
                searches = true
            default: break
            }
            batch.deeds.append(deed)
            // While lines wait for company, more of them wake nobody.
            if isFirst || isAwaited || weight >= Self.enough { monitor.wake() }
        }
    }

    /// Takes everything, in the order put; waits for something, and for enough of it.
    func take() -> Batch {
        monitor.locked {
            // What was taken before is done.
            isForgettingNow = false
            while !isDue(at: Moment.now().uptime) { _ = monitor.wait(until: batch.deeds.isEmpty ? nil : taken.later(by: pace)) }
            noteGaps()
            defer {
                batch = Batch(isLast: batch.isLast)
                inHand = weight
                weight = 0
                taken = Moment.now().uptime
                isAwaited = false
                searches = false
                isForgettingNow = forgets
                forgets = false
                isHeldBack = false
            }
            return batch
        }
    }

    /// Whether what is there is to be taken now (uptime in nanoseconds).
    func isDue(at now: UInt64) -> Bool {
        batch.isLast || isAwaited || weight >= Self.enough && !isHeldBack || !batch.deeds.isEmpty && now >= taken.later(by: pace)
    }

    private func drop(_ deed: HistoryDeed) {
        batch.dropped += 1
        if case .write(let line) = deed, let gap = HistoryGap(line) { add(gap) }
    }

    private func add(_ gap: HistoryGap) {
        gaps[gap.channel, default: gap].formUnion(gap)
    }

    private func noteGaps() {
        batch.deeds += gaps.values.map { .missed($0) }
        gaps = [:]
    }

    /// Puts what could not be done of what was taken before everything else, to be taken again when some time has gone by. The rest is done.
    func putBack(_ deeds: [HistoryDeed]) {
        monitor.locked {
            inHand = 0
            guard !deeds.isEmpty else { return }
            // Gaps are one for each conversation, however often the file did not take them.
            var missed: [Channel: HistoryGap] = [:]
            for case .missed(let gap) in deeds { missed[gap.channel, default: gap].formUnion(gap) }
            batch.deeds.insert(contentsOf: deeds.filter { $0.weight != nil } + missed.values.map { .missed($0) }, at: 0)
            weight += deeds.reduce(0) { $0 + ($1.weight ?? 0) }
            isHeldBack = true
            taken = Moment.now().uptime
        }
    }

    var isEmpty: Bool { monitor.locked { batch.deeds.isEmpty } }

    /// Whether something is to be forgotten, or is being.
    var isForgetting: Bool { monitor.locked { forgets || isForgettingNow } }

    /// Whether a search waits, so that the one under way is for nobody.
    var hasSearch: Bool { monitor.locked { searches } }

    /// Nothing is put any more.
    func finish() {
        monitor.locked {
            batch.isLast = true
            monitor.wake()
        }
    }

    /// What was put is done.
    func end() {
        monitor.locked {
            hasEnded = true
            monitor.wake()
        }
    }

    /// Waits for ``end()``, but not beyond `deadline` (uptime in nanoseconds).
    func awaitEnd(until deadline: UInt64) {
        monitor.locked {
            while !hasEnded, monitor.wait(until: deadline) {}
        }
    }
}

extension HistoryDeed {
    /// What a line to be kept takes, in bytes; `nil` for what must not be dropped.
    fileprivate var weight: Int? {
        switch self {
        case .write(let line): 256 + line.text.utf8.count
        case .delivered, .filled: 64
        case .open, .missed, .page, .search, .forget: nil
        }
    }

    fileprivate var isSearch: Bool { if case .search = self { true } else { false } }
}

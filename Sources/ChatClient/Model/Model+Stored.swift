import ChatProtocol

/// The local history: what goes into it, and what comes back at the start and when the reader goes up.
extension Model {
    /// How long after the last line a conversation comes back by itself.
    private static let restoredTime: Double = 7 * 24 * 3600
    /// Lines asked for at once.
    private static let storedPage = 200

    struct Store: Sendable {
        enum State: Equatable, Sendable {
            /// Nothing is kept.
            case off
            /// What was said last is on its way.
            case opening
            case open
        }

        var state = State.off
        /// What was asked for and has not come; there is one at a time.
        var load: HistoryPageRequest?
        /// The same for the window into the past, and for a search.
        var window: HistoryPageRequest?
        var lastSearch = 0
        var lastForget = 0
        /// Lines that went with the first of the two conversations with somebody.
        var forgottenBefore = 0
        /// What waits to be forgotten, and the room in which that was wanted.
        var forgetting: [ForgetTicket: (words: String, channel: Channel)] = [:]
    }

    private var isHistoryKept: Bool { options.hasHistory && options.settings.history }

    /// Begins to keep what is said, if that is wanted; to be called when somebody is logged in, and when the settings have changed.
    mutating func openStore(at now: Moment) {
        guard isHistoryKept else {
            store.state = .off
            store.load = nil
            return
        }
        guard store.state == .off, let me else { return }
        store.state = .opening
        effects.append(.history(.open(me, RestoreBounds(since: now.wall.advanced(bySeconds: -Self.restoredTime)))))
    }

    // MARK: Into it

    /// Keeps a message, if messages of that room are kept. Lines of the client's own, and what has not arrived anywhere, are not.
    mutating func keep(_ entry: Entry?, in channel: Channel) {
        guard store.state != .off, let entry, case .said(let speaker, let text) = entry.content else { return }
        // What goes from client to client is meant for no disk, unless the user says so.
        if case .private = channel { guard options.settings.historyPrivate else { return } } else if entry.receipt == nil { return }
        var line = StoredLine(channel: channel, sender: nil, text: text, time: entry.orderTime, receipt: entry.receipt)
        if case .other(let name) = speaker { line.sender = name }
        switch entry.delivery {
        case .sent?: line.delivery = .sent
        case .delivered?: line.delivery = .delivered
        case .reached(let count, let isPartial)?: line.delivery = .reached(count, isPartial: isPartial)
        case .queued?, .failed?, nil: break
        }
        effects.append(.history(.write(line)))
    }

    mutating func keepDelivery(to user: UserName, through sequence: UInt64) {
        if store.state != .off { effects.append(.history(.delivered(.direct(user), through: sequence))) }
    }

    // MARK: Out of it

    mutating func learn(_ news: HistoryNews, at now: Moment) {
        switch news {
        case .restored(let restored): restore(restored)
        case .page(let request, let page): take(page, for: request)
        case .found(let search, let lines, let isAll): takeHits(lines, isAll: isAll, for: search)
        case .forgotten(let ticket, let result): forgotten(ticket, result, at: now)
        case .notice(let words): note(.fault(Sanitizer.body(words)), in: channel, at: now)
        case .lost(let words):
            store.state = .off
            store.load = nil
            note(.fault(Sanitizer.body(words)), in: channel, at: now)
        }
    }

    private mutating func restore(_ restored: HistoryNews.Restored) {
        guard restored.account == me, store.state == .opening else { return }
        store.state = .open
        let shown = conversations.indices.contains(active) ? conversations[active].channel : nil
        for room in restored.rooms {
            if room.channel != .everyone { _ = conversation(on: room.channel) }
            with(room.channel) { $0.history.marksNew = true }
            merge(room.page, into: room.channel)
        }
        putInOrder(restored.rooms)
        // The liveliest is shown, unless something is shown already.
        if let channel = shown ?? restored.rooms.first(where: { $0.channel != .everyone })?.channel {
            active = conversations.firstIndex { $0.channel == channel } ?? 0
        }
    }

    /// Numbers of conversations are learnt by heart: what was begun first comes first in every run, whoever spoke last. What is not from
    /// before, like what waited at the server and came first, is behind it.
    private mutating func putInOrder(_ restored: [HistoryNews.Restored.Room]) {
        var ranks: [Channel: Int64] = [:]
        for room in restored { ranks[room.channel] = room.begun }
        let ranked = conversations.enumerated().map { (rank: ranks[$0.element.channel] ?? .max, place: $0.offset, room: $0.element) }
        conversations = ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.room)
    }

    /// Puts stored lines into their places; returns how many were not there.
    @discardableResult
    private mutating func merge(_ page: HistoryPage, into channel: Channel) -> Int {
        let me = me
        let count =
            with(channel) { room in
                room.history.forgotten = [room.history.forgotten, page.forgotten].compactMap(\.self).max {
                    $0.milliseconds < $1.milliseconds
                }
                if let gap = page.gap, room.history.filling == nil { room.history.filling = (gap, gap.before, 0) }
                room.history.stored = page.isFirst ? .all : .before(page.lines.first?.place ?? .min)
                var lines = page.lines
                // What went from client to client has nothing to be known by but its time: what is here of it is not taken twice.
                if room.isPrivate, let first = room.log.entries.first(where: { $0.speaker != nil && $0.place == nil }) {
                    lines.removeAll { $0.time >= first.orderTime }
                }
                // The page may be from before the user had it forgotten; what is still stored otherwise is somebody else's.
                if let forgotten = room.history.forgottenHere { lines.removeAll { $0.time <= forgotten } }
                let count = room.log.merge(lines.map { Entry($0, me: me) })
                room.history.isStoreAtTop = page.isFirst && room.log.entries.contains { $0.place != nil }
                return count
            } ?? 0
        boundMemory(growth: page.lines.reduce(0) { $0 + $1.text.utf8.count })
        return count
    }

    /// Asks the store for what is wanted and may be there. What it does not have is the server's to tell.
    mutating func loadStored() {
        guard store.state == .open, store.load == nil else { return }
        let wanted = firstInReach { room in
            room.nextStoredPlace.map { HistoryPageRequest(room.channel, .before, $0, limit: Self.storedPage) }
        }
        guard let wanted else { return }
        store.load = wanted
        effects.append(.history(.page(wanted)))
    }

    private mutating func take(_ page: HistoryPage, for request: HistoryPageRequest) {
        if takeWindow(page, for: request) { return }
        guard store.load == request else { return }
        store.load = nil
        let count = merge(page, into: request.channel)
        with(request.channel) { room in
            // Unless nothing of it was new, what was wanted is here, and the server need not be asked.
            if room.history.want == .older, count > 0 { room.history.want = nil }
        }
    }
}

extension Room {
    /// Before which place to look in the store for what is wanted; `nil` if there is nothing more to find there.
    var nextStoredPlace: StoredLine.Place? {
        switch history.stored {
        case .unasked:
            guard history.want != nil || isPrivate else { return nil }
            // What is here already went into the store as well.
            return log.entries.first { $0.speaker != nil }.map { StoredLine.place(of: $0.orderTime) } ?? .max
        case .before(let place): return history.want == .older ? place : nil
        case .all: return nil
        }
    }

    /// Whether what is wanted is to be sought in the store first.
    func isStoreFirst(_ state: Model.Store.State) -> Bool { state == .opening || state == .open && nextStoredPlace != nil }

    var hasStoredBefore: Bool { if case .before = history.stored { true } else { false } }
}

extension Entry {
    init(_ line: StoredLine, me: UserName?) {
        self.init(.said(by: line.sender.map { .other($0) } ?? .me, text: Sanitizer.body(line.text)), at: line.time)
        place = line.place
        receipt = line.receipt
        if let sent = line.receipt?.time, line.time.milliseconds - 60_000 > sent.milliseconds { sentBefore = sent }
        switch line.delivery {
        case .sent?: delivery = .sent(sequence: line.receipt?.sequence)
        case .delivered?: delivery = .delivered
        case .reached(let count, let isPartial)?: delivery = .reached(count, isPartial: isPartial)
        case nil: break
        }
        if line.channel == .everyone, line.sender != nil, let me { isMention = text.mentions(me) }
    }
}

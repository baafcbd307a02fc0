import ChatProtocol

/// What was said before, from the server's memory. It brings back what came in an earlier run and was acknowledged without having been
/// looked at, and what everyone heard meanwhile.
extension Model {
    /// Messages in one page.
    private static let historyPage = 50
    /// Pages in a row that held nothing new, after which the reader must ask again.
    private static let vainPages = 20
    /// Pages asked for to close the gap between what was here and what the server has said since.
    private static let fillings = 20

    /// A request for history that waits for its answer; there is one at a time.
    struct HistoryLoad: Equatable, Sendable {
        let ticket: Ticket
        let channel: Channel
        let want: RoomHistory.Want
    }

    /// A session begins: what was said outside of it is wanted. A resumed one has missed broadcasts alone.
    mutating func wantHistory(isResumed: Bool) {
        everyone.history.want = .newest
        if isResumed { return }
        for index in conversations.indices where !conversations[index].isPrivate { conversations[index].history.want = .newest }
    }

    /// Asks for what is wanted: everyone's first, then that of the conversation that is shown.
    mutating func loadHistory(at now: Moment) {
        guard screen == .main, quitDeadline == nil else { return }
        loadStored()
        guard historyLoad == nil, isOnline else { return }
        let state = store.state
        guard let room = firstInReach({ $0.nextWant != nil && !$0.isStoreFirst(state) ? $0 : nil }), let want = room.nextWant else {
            return
        }
        with(room.channel) {
            $0.history.want = nil
            if want == .older { $0.history.isStoreAtTop = false }
        }
        if want == .older, room.place(for: want) == nil { return }
        lastTicket += 1
        let load = HistoryLoad(ticket: Ticket(number: lastTicket), channel: room.channel, want: want)
        historyLoad = load
        let query = HistoryQuery(with: room.partner, before: room.place(for: want), limit: Self.historyPage)
        tell(.request(.history(query), load.ticket), at: now)
    }

    /// The reader went up; at the top, the page before is wanted.
    mutating func wantOlderHistory(in channel: Channel, height: Int, _ metrics: LogMetrics) {
        if historyLoad?.channel == channel { return }
        with(channel) { room in
            guard room.history.want == nil, room.history.before != nil || room.hasStoredBefore, room.log.dropped == 0,
                room.log.entries.count + Self.historyPage <= Log.bound, room.log.showsTop(height: height, metrics)
            else { return }
            room.history.want = .older
        }
    }

    // MARK: Answers

    /// Whether the answer was to a request for history. A refused one is silent: nobody asked for it.
    mutating func takeHistory(_ reply: Reply, for ticket: Ticket) -> Bool {
        guard let load = historyLoad, load.ticket == ticket else { return false }
        historyLoad = nil
        guard case .history(let page) = reply else {
            if case .searched = load.want { failSearched(in: load.channel) }
            if case .missed = load.want { with(load.channel) { $0.history.filling = nil } }
            return true
        }
        let me = me
        var fresh: [Entry] = []
        with(load.channel) { room in
            guard page.with == room.partner else { return }
            let entries = page.messages.compactMap { Self.entry($0, in: room.channel, me: me) }
                .filter { entry in room.history.forgotten.map { entry.orderTime > $0 } ?? true }
            if !entries.isEmpty { room.existence = .certain }
            fresh = entries
            if case .searched = load.want { return }
            if case .missed = load.want {
                _ = room.log.merge(entries)
                return
            }
            let isJoined = room.log.joins(entries)
            let count = room.log.merge(entries)
            let old = room.history.before
            if load.want == .older || !room.history.hasBegun { room.history.before = page.before }
            room.history.hasBegun = true
            guard load.want == .older else {
                let canGoOn = !isJoined && page.before != nil && room.history.fillings < Self.fillings
                room.history.fillings = canGoOn ? room.history.fillings + 1 : 0
                if canGoOn, let before = page.before {
                    room.history.want = .between(before)
                } else {
                    if !isJoined, let first = entries.first { room.log.noteGap(before: first) }
                    if room.history.marksNew { room.log.markNewSinceRestored() }
                    room.history.marksNew = false
                }
                return
            }
            room.history.vainPages = count == 0 ? room.history.vainPages + 1 : 0
            let goesOn = count == 0 && page.before != nil && page.before != old && room.history.vainPages < Self.vainPages
            if goesOn { room.history.want = .older } else { room.history.vainPages = 0 }
        }
        for entry in fresh { keep(entry, in: load.channel) }
        if case .searched = load.want {
            takeSearched(page.before, page.messages.count, in: load.channel)
            return true
        }
        if case .missed = load.want { takeMissed(page.before, fresh.first, in: load.channel) }
        boundMemory(growth: page.messages.reduce(0) { $0 + $1.text.utf8.count })
        return true
    }

    /// A page of what could not be kept is there. The gap is closed when its first line is reached, or nobody has that.
    private mutating func takeMissed(_ before: HistoryPlace?, _ first: Entry?, in channel: Channel) {
        let filled = with(channel) { room -> HistoryGap? in
            guard let filling = room.history.filling else { return nil }
            let isReached = first.map { $0.orderTime <= filling.gap.since } ?? false
            if !isReached, let before, before != filling.place, filling.pages < Self.fillings {
                room.history.filling = (filling.gap, before, filling.pages + 1)
                return nil
            }
            if !isReached, let first { room.log.noteGap(before: first) }
            room.history.filling = nil
            return filling.gap
        }
        if let filled, let filled { effects.append(.history(.filled(filled))) }
    }

    /// Whether the failed request was one for history.
    mutating func failHistory(_ ticket: Ticket, _ failure: RequestFailure) -> Bool {
        guard let load = historyLoad, load.ticket == ticket else { return false }
        historyLoad = nil
        // Over the next link it may be answered.
        if case .searched = load.want {
            failSearched(in: load.channel)
            return true
        }
        if case .missed = load.want {
            // Over the next link it is asked for again, otherwise in the next run.
            if failure != .connectionLost { with(load.channel) { $0.history.filling = nil } }
            return true
        }
        if failure == .connectionLost { with(load.channel) { $0.history.want = $0.history.want ?? load.want } }
        return true
    }

    private static func entry(_ message: Reply.HistoryMessage, in channel: Channel, me: UserName?) -> Entry? {
        if case .direct(let partner) = channel, message.from != me, message.from != partner { return nil }
        let isOwn = message.from == me
        var entry = Entry(
            .said(by: isOwn ? .me : .other(message.from), text: Sanitizer.body(message.text)), at: message.receipt.time)
        entry.receipt = message.receipt
        if channel == .everyone, !isOwn, let me { entry.isMention = entry.text.mentions(me) }
        return entry
    }
}

extension Room {
    /// What is to be asked of the server next.
    fileprivate var nextWant: RoomHistory.Want? { history.want ?? history.filling.map { .missed($0.place) } }

    /// Where the wanted page ends; `nil` for the newest.
    func place(for want: RoomHistory.Want) -> HistoryPlace? {
        switch want {
        case .between(let place), .searched(let place), .missed(let place): return place
        case .older: return history.isStoreAtTop ? placeBeforeAll : history.before
        case .newest: break
        }
        // What is here from the other side came in order, so only what lies before its first message is missing; the server may hold more
        // of it back, which comes by itself. What was restored leaves a gap.
        guard !history.hasBegun, partner != nil, !log.entries.contains(where: { $0.place != nil }) else { return nil }
        let received = log.entries.lazy.filter { if case .other? = $0.speaker { true } else { false } }
        guard let first = received.compactMap({ $0.receipt?.sequence }).min() else { return nil }
        return HistoryPlace(received: first, sent: UInt64(Int64.max))
    }

    /// Before everything that is here. A server that counts anew has nothing that old, and tells what is here already.
    private var placeBeforeAll: HistoryPlace? {
        guard var place = history.before else { return nil }
        for entry in log.entries {
            guard let sequence = entry.receipt?.sequence else { continue }
            if entry.speaker == .me, partner != nil {
                place.sent = min(place.sent, sequence)
            } else {
                place.received = min(place.received, sequence)
            }
        }
        return place
    }
}

extension Log {
    /// Whether nothing can be missing between a page of the server's and what was here before it.
    fileprivate func joins(_ page: [Entry]) -> Bool {
        guard let first = page.first, let identity = first.identity else { return true }
        return !entries.contains { $0.receipt != nil && $0.orderTime < first.orderTime } || entries.contains { $0.identity == identity }
    }

    /// What others said since the last run is new.
    fileprivate mutating func markNewSinceRestored() {
        guard newLine == nil, let last = entries.lastIndex(where: { $0.place != nil }) else { return }
        newLine = entries[(last + 1)...].first { if case .other? = $0.speaker { isRemembered($0) } else { false } }?.number
    }

    /// Says that lines are missing here.
    fileprivate mutating func noteGap(before first: Entry) {
        insert(Entry(.notice("Here lines are missing: more was said than is fetched from the server"), at: first.orderTime), before: first)
    }
}

import ChatProtocol

/// Searching goes on in the store, and then at the server's, where what is loaded ends. Typing waits for neither: what is found comes as an
/// input.
extension Model {
    /// Lines around a hit that are loaded with it.
    private static let surroundings = 200
    /// Lines asked for at once.
    private static let hits = 200

    // MARK: The store

    /// Asks the store for what was typed.
    mutating func lookInStore(_ search: inout Search) {
        store.lastSearch += 1
        search.stored = StoredHits(found: FoundLines(number: store.lastSearch))
        guard store.state == .open, search.pattern != nil else { return }
        askStore(&search)
    }

    private mutating func askStore(_ search: inout Search) {
        search.stored.state = .looking
        effects.append(.history(.search(search.stored.found.next(search.query.text, in: search.channel, limit: Self.hits))))
    }

    mutating func takeHits(_ lines: [StoredLine], isAll: Bool, for asked: HistorySearch) {
        if takeFindings(lines, isAll: isAll, for: asked) { return }
        guard case .search(var search) = overlay, search.stored.found.awaits(asked), search.stored.state == .looking else { return }
        let log = room(on: search.channel)?.log ?? Log()
        let known = Set(log.entries.compactMap(\.identity))
        let places = Set(log.entries.compactMap(\.place))
        let me = me
        search.stored.found.take(lines, isAll: isAll) { line in
            if places.contains(line.place) { return false }
            return Entry(line, me: me).identity.map { !known.contains($0) } ?? true
        }
        search.stored.state = !isAll ? .some : search.stored.isServerDone ? .end : .all
        let before = search.found
        if let found = search.found, let place = search.targets.firstIndex(of: found) {
            // The reader waits at the oldest for this.
            if search.goesOlder, place > 0 {
                search.found = search.targets[place - 1]
                search.goesOlder = false
            }
        } else {
            search.found = search.targets.last
        }
        if search.goesOlder { hint = nil }
        overlay = .search(search)
        if search.found != before { show(search) }
    }

    /// At the oldest that was found: looks further back, in the store, and at the server's where that ends.
    mutating func lookFurtherBack(_ search: inout Search) {
        search.goesOlder = true
        switch search.stored.state {
        case .none: break
        case .looking, .asking: hint = Hint(text: "Looking further back…")
        case .some where search.stored.found.isFull:
            hint = Hint(text: "The oldest of \(search.targets.count) · more are not looked through: another word finds less")
        case .some: askStore(&search)
        case .all where isOnline && historyLoad == nil && room(on: search.channel)?.isPrivate == false:
            hint = Hint(text: "Asking the server for what was said before that…")
            search.stored.state = .asking
            if let before = search.stored.before {
                with(search.channel) { $0.history.want = .searched(before) }
            } else {
                open(Window.oldest(of: search.channel))
            }
        case .all: hint = Hint(text: "The oldest of \(search.targets.count)")
        case .end: hint = Hint(text: "The oldest of \(search.targets.count) · the server has nothing older")
        }
    }

    // MARK: The server

    /// The oldest lines that are stored: what was said before them the server may remember.
    private mutating func takeOldest(_ page: HistoryPage, of channel: Channel) {
        guard case .search(let search) = overlay, search.channel == channel, search.stored.state == .asking else { return }
        var place = HistoryPlace.end
        let hasPartner = channel != .everyone
        for line in page.lines {
            guard let sequence = line.receipt?.sequence else { continue }
            let isSent = line.sender == nil && hasPartner
            if isSent { place.sent = min(place.sent, sequence) } else { place.received = min(place.received, sequence) }
        }
        with(channel) { $0.history.want = .searched(place) }
    }

    /// A page of the server's that a search asked for is in the store now: there it is looked through.
    mutating func takeSearched(_ before: HistoryPlace?, _ count: Int, in channel: Channel) {
        guard case .search(var search) = overlay, search.channel == channel, search.stored.state == .asking else { return }
        search.stored.before = before
        search.stored.isServerDone = before == nil
        if count > 0 { hint = Hint(text: "\(count) more lines of the server's are searched · \(key(.search)) again goes further back") }
        askStore(&search)
        overlay = .search(search)
    }

    mutating func failSearched(in channel: Channel) {
        guard case .search(var search) = overlay, search.channel == channel, search.stored.state == .asking else { return }
        search.stored.state = .end
        hint = Hint(text: "The server does not tell what was said before that", isFault: true)
        overlay = .search(search)
    }

    // MARK: The window into the past

    /// Puts what was found before the reader, with what was said around it.
    mutating func show(_ search: Search) {
        switch search.found {
        case nil: with(search.channel) { $0.leavePast() }
        case .loaded(let number)?:
            with(search.channel) { $0.leavePast() }
            scroll(.to(number), in: search.channel)
        case .stored(let place)?:
            if let number = room(on: search.channel)?.past.number(of: place) {
                scroll(.to(number), in: search.channel)
            } else {
                open(HistoryPageRequest(search.channel, .around, place, limit: Self.surroundings))
            }
        }
    }

    mutating func openWindow(around line: StoredLine) {
        open(HistoryPageRequest(line.channel, .around, line.place, limit: Self.surroundings))
    }

    private mutating func open(_ request: HistoryPageRequest) {
        store.window = request
        effects.append(.history(.page(request)))
    }

    /// The reader has moved in the window: at its edges there is more.
    mutating func moveWindow(_ move: Log.Move, in channel: Channel, height: Int, _ metrics: LogMetrics) {
        guard store.window?.channel != channel, let past = room(on: channel)?.past, let first = past.log.entries.first?.place,
            let last = past.log.entries.last?.place
        else { return }
        if move.isUp {
            let isAtTop = with(channel) { $0.past.log.showsTop(height: height, metrics) } ?? false
            if isAtTop, !past.isFirst, past.hasRoom { open(HistoryPageRequest(channel, .before, first)) }
        } else if past.log.isAtEnd {
            if past.reachesNow {
                with(channel) { room in
                    room.leavePast()
                    room.log.scroll(.toTop, height: height, metrics)
                }
            } else if past.hasRoom {
                open(HistoryPageRequest(channel, .after, last))
            }
        }
    }

    /// Whether the page was for the window, or for a search.
    mutating func takeWindow(_ page: HistoryPage, for request: HistoryPageRequest) -> Bool {
        guard store.window == request else { return false }
        store.window = nil
        if request == Window.oldest(of: request.channel) {
            takeOldest(page, of: request.channel)
            return true
        }
        let me = me
        with(request.channel) { room in
            let entries = page.lines.map { Entry($0, me: me) }
            let known = Set(room.log.entries.compactMap(\.identity))
            let places = Set(room.log.entries.compactMap(\.place))
            let meets = entries.contains { entry in
                entry.place.map(places.contains) == true || entry.identity.map(known.contains) == true
            }
            room.past.take(entries, page, request.side, meets: meets)
        }
        if request.side == .around {
            if case .search(let search) = overlay, search.channel == request.channel {
                show(search)
            } else if let number = room(on: request.channel)?.past.number(of: request.place) {
                scroll(.to(number), in: request.channel)
            }
        }
        return true
    }
}

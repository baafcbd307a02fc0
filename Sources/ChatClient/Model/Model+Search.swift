import ChatProtocol

/// A search through what a room holds, as one types.
struct Search: Sendable {
    let channel: Channel
    var query = LineEditor(keepsHistory: false)
    /// What it is found in, in the order of the log.
    var matches: [Log.Number] = []
    /// The one that is looked at.
    var found: SearchTarget?
    /// Where the reader was before.
    let anchor: Log.Anchor?

    var pattern: SearchPattern? { SearchPattern(query.text) }

    var stored = StoredHits()
    /// The reader waits for something older than what was found.
    var goesOlder = false

    /// Everything that was found, oldest first.
    var targets: [SearchTarget] { stored.found.lines.reversed().map { .stored($0.place) } + matches.map { .loaded($0) } }

    /// In words, for the status line.
    var words: String {
        guard pattern != nil else { return "Type what to look for · Esc goes back" }
        let targets = targets
        guard let found, let place = targets.firstIndex(of: found) else {
            switch stored.state {
            case .none: return "Not found here · Esc goes back"
            case .looking, .some: return "Looking in the stored history…"
            case .asking: return "Not found yet · the server is asked…"
            // The server has never had what goes from client to client.
            case .all where channel.isPrivate: return "Not found here or in the stored history · Esc goes back"
            case .all: return "Not found here or in the stored history · ↑ asks the server · Esc goes back"
            case .end: return "Not found anywhere · Esc goes back"
            }
        }
        let isOpen = [.looking, .some, .asking].contains(stored.state)
        let origin = if case .stored = found { " · stored" } else { "" }
        // The newest is the first that is met.
        return "\(targets.count - place) of \(targets.count)\(isOpen ? "+" : "")\(origin) · ↑ older ↓ newer · Enter stays · Esc goes back"
    }
}

extension Model {
    mutating func beginSearch() {
        if focus == .users { focus = textPane }
        open(.search(Search(channel: channel, anchor: room.log.anchor)))
    }

    mutating func press(_ key: Key, on search: Search) -> Bool {
        var search = search
        switch key {
        case .enter:
            overlay = nil
            return true
        case .escape, .control("g"), .control("c"):
            overlay = nil
            with(search.channel) { room in
                room.leavePast()
                room.log.anchor = search.anchor.flatMap { room.log.index(of: $0.entry) == nil ? nil : $0 }
            }
            return true
        case _ where keyMap.action(for: key) == .search: step(&search, older: true)
        case _ where keyMap.action(for: key) == .copy:
            copy()
            return true
        case .up, .control("p"): step(&search, older: true)
        case .down, .control("n"): step(&search, older: false)
        case .pageUp, .pageDown, .tab, .backtab, .function, .alt(.character), .alt(.home), .alt(.end), .control("r"):
            // The reader has found the place and goes on from there.
            overlay = nil
            return false
        case .paste(let text):
            _ = search.query.handle(.paste(String(text.prefix { !$0.isNewline })))
            look(&search)
        default:
            guard search.query.handle(key) == .edited else { return true }
            look(&search)
        }
        overlay = .search(search)
        show(search)
        return true
    }

    /// Finds anew after the query changed: from where the reader is towards what is older, or else the newest; and what is not loaded.
    private mutating func look(_ search: inout Search) {
        let log = room(on: search.channel)?.log ?? Log()
        var start = log.anchor.flatMap { log.index(of: $0.entry) } ?? log.entries.count - 1
        if case .loaded(let number)? = search.found, let index = log.index(of: number) { start = index }
        let places = places(of: search.pattern, in: log)
        search.matches = places.map { log.entries[$0].number }
        search.found = (places.last { $0 <= start } ?? places.last).map { .loaded(log.entries[$0].number) }
        search.goesOlder = false
        lookInStore(&search)
    }

    private mutating func step(_ search: inout Search, older: Bool) {
        // What came meanwhile, or was loaded, is looked through as well.
        let log = room(on: search.channel)?.log ?? Log()
        search.matches = places(of: search.pattern, in: log).map { log.entries[$0].number }
        search.goesOlder = false
        let targets = search.targets
        guard search.pattern != nil else { return }
        guard let found = search.found, let place = targets.firstIndex(of: found) else {
            search.found = targets.last
            if targets.isEmpty, older { lookFurtherBack(&search) }
            return
        }
        let next = place + (older ? -1 : 1)
        if targets.indices.contains(next) {
            search.found = targets[next]
        } else if older, search.stored.state != .none {
            lookFurtherBack(&search)
        } else {
            hint = Hint(text: older ? "The oldest of \(targets.count)" : "The newest of \(targets.count)")
            if older { wantOlderHistory(for: search) }
        }
    }

    /// What the server remembers is searched as far as it was loaded; at its end the page before is asked for.
    private mutating func wantOlderHistory(for search: Search) {
        guard isOnline, historyLoad == nil else { return }
        let asked = with(search.channel) { room in
            guard room.history.want == nil, room.history.before != nil, room.log.dropped == 0 else { return false }
            room.history.want = .older
            return true
        }
        if asked == true {
            hint = Hint(
                text: "The oldest of \(search.matches.count) here · looking further back: press it again",
                short: ["The oldest here · looking further back", "Looking further back"])
        }
    }

    private func places(of pattern: SearchPattern?, in log: Log) -> [Int] {
        guard let pattern else { return [] }
        return log.entries.indices.filter { pattern.occurs(in: log.entries[$0].text) }
    }

    func room(on channel: Channel) -> Room? {
        channel == .everyone ? everyone : conversations.first { $0.channel == channel }
    }

    /// What is highlighted in a room, and the entry that stands out.
    func highlight(in channel: Channel) -> (SearchPattern, Log.Number?)? {
        if let finding, finding.channel == channel, let pattern = finding.pattern {
            return (pattern, number(of: finding.target, in: channel))
        }
        guard case .search(let search) = overlay, search.channel == channel, let pattern = search.pattern else { return nil }
        return (pattern, number(of: search.found, in: channel))
    }

    /// The number of what was found, in the log that is before the reader.
    private func number(of target: SearchTarget?, in channel: Channel) -> Log.Number? {
        guard let room = room(on: channel) else { return nil }
        switch target {
        case .loaded(let number)?: return room.past.isShown ? nil : number
        case .stored(let place)?: return room.past.number(of: place)
        case nil: return nil
        }
    }

    /// What search has found, if it is before the reader.
    var foundEntry: Entry? {
        if let finding { return number(of: finding.target, in: finding.channel).flatMap { room(on: finding.channel)?.shown[$0] } }
        guard case .search(let search) = overlay, let number = number(of: search.found, in: search.channel) else { return nil }
        return room(on: search.channel)?.shown[number]
    }
}

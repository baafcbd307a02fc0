import ChatProtocol

/// A search through what a room holds, as one types.
struct Search: Sendable {
    let channel: Channel
    var query = LineEditor(keepsHistory: false)
    /// What it is found in, in the order of the log.
    var matches: [Log.Number] = []
    /// The one that is looked at.
    var found: Log.Number?
    /// Where the reader was before.
    let anchor: Log.Anchor?

    var pattern: SearchPattern? { SearchPattern(query.text) }

    /// In words, for the status line.
    var words: String {
        guard pattern != nil else { return "Type what to look for · Esc goes back" }
        guard let found, let place = matches.firstIndex(of: found) else { return "Not found here · Esc goes back" }
        // The newest is the first that is met.
        return "\(matches.count - place) of \(matches.count) · ↑ older ↓ newer · Enter stays · Esc goes back"
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
        if let found = search.found { scroll(.to(found), in: search.channel) }
        return true
    }

    /// Finds anew after the query changed: from where the reader is towards what is older, or else the newest.
    private func look(_ search: inout Search) {
        let log = log(of: search.channel)
        let start = search.found.flatMap(log.index(of:)) ?? log.anchor.flatMap { log.index(of: $0.entry) } ?? log.entries.count - 1
        let places = places(of: search.pattern, in: log)
        search.matches = places.map { log.entries[$0].number }
        search.found = (places.last { $0 <= start } ?? places.last).map { log.entries[$0].number }
    }

    private mutating func step(_ search: inout Search, older: Bool) {
        let before = search.found
        // What came meanwhile, or was loaded, is looked through as well.
        look(&search)
        guard let before, let place = search.matches.firstIndex(of: before) else { return }
        search.found = before
        let next = place + (older ? -1 : 1)
        if search.matches.indices.contains(next) {
            search.found = search.matches[next]
        } else {
            hint = Hint(text: older ? "The oldest of \(search.matches.count)" : "The newest of \(search.matches.count)")
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
        if asked == true { hint = Hint(text: "The oldest of \(search.matches.count) here · looking further back: press it again") }
    }

    private func places(of pattern: SearchPattern?, in log: Log) -> [Int] {
        guard let pattern else { return [] }
        return log.entries.indices.filter { pattern.occurs(in: log.entries[$0].text) }
    }

    private func log(of channel: Channel) -> Log {
        channel == .everyone ? everyone.log : conversations.first { $0.channel == channel }?.log ?? Log()
    }

    /// What is highlighted in a room, and the entry that stands out.
    func highlight(in channel: Channel) -> (SearchPattern, Log.Number?)? {
        guard case .search(let search) = overlay, search.channel == channel, let pattern = search.pattern else { return nil }
        return (pattern, search.found)
    }
}

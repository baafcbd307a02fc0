import ChatProtocol

/// A search through all conversations that are stored: a list of lines, from which one goes to where they were said.
struct Finder: Sendable {
    var query = LineEditor(keepsHistory: false)
    var found = FoundLines()
    /// Which of the lines, from the newest on. That one is the lowest, as where lines are said: what is older is above it.
    var chosen = 0

    var lines: [StoredLine] { found.lines }

    /// The first of the lines that is shown in so many rows, the lowest.
    func firstShown(height: Int) -> Int { max(0, min(lines.count - height, chosen - height / 2)) }
}

/// Where a search through all conversations has led.
struct Finding: Sendable {
    let channel: Channel
    let pattern: SearchPattern?
    let target: SearchTarget
}

extension Model {
    /// Lines asked for at once.
    private static let findings = 100

    mutating func openFinder(_ words: String) {
        guard store.state != .off else { return refuse("There is no local history to search in · /set history on") }
        acceptLine()
        var finder = Finder()
        _ = finder.query.handle(.paste(words))
        ask(for: &finder)
        open(.finder(finder))
    }

    /// Asks for what was typed anew, or for more of it.
    private mutating func ask(for finder: inout Finder, isMore: Bool = false) {
        if !isMore {
            store.lastSearch += 1
            finder.found = FoundLines(number: store.lastSearch)
            finder.chosen = 0
        }
        guard !finder.query.text.isEmpty else { return }
        effects.append(.history(.search(finder.found.next(finder.query.text, in: nil, limit: Self.findings))))
    }

    /// Whether the hits were for the list.
    mutating func takeFindings(_ lines: [StoredLine], isAll: Bool, for search: HistorySearch) -> Bool {
        guard case .finder(var finder) = overlay, finder.found.awaits(search) else { return false }
        finder.found.take(lines, isAll: isAll)
        overlay = .finder(finder)
        return true
    }

    mutating func press(_ key: Key, on finder: Finder) -> Bool {
        var finder = finder
        func choose(_ place: Int) { finder.chosen = max(0, min(finder.lines.count - 1, place)) }
        switch key {
        case .escape, .control("c"), .control("g"):
            overlay = nil
            return true
        case .enter:
            guard finder.lines.indices.contains(finder.chosen) else { return true }
            overlay = nil
            go(to: finder.lines[finder.chosen], SearchPattern(finder.query.text))
            return true
        case _ where keyMap.action(for: key) == .search: choose(finder.chosen + 1)
        case .up, .control("p"), .tab: choose(finder.chosen + 1)
        case .down, .control("n"), .backtab: choose(finder.chosen - 1)
        case .pageUp: choose(finder.chosen + 10)
        case .pageDown: choose(finder.chosen - 10)
        case .alt(.enter): break
        case .paste(let text):
            _ = finder.query.handle(.paste(String(text.filter { !$0.isNewline })))
            ask(for: &finder)
        default: if finder.query.handle(key) == .edited { ask(for: &finder) }
        }
        // At the end of the list there may be more.
        if finder.found.canGoOn, finder.chosen + 1 == finder.lines.count { ask(for: &finder, isMore: true) }
        overlay = .finder(finder)
        return true
    }

    /// Goes to where a line was said, and shows it among what was said around it.
    mutating func go(to line: StoredLine, _ pattern: SearchPattern?) {
        if line.channel == .everyone { focus(.everyone) } else { open(conversation(on: line.channel)) }
        let entry = Entry(line, me: me)
        let log = room.log
        let loaded = log.entries.first { $0.place == line.place || $0.identity != nil && $0.identity == entry.identity }
        if let number = loaded?.number {
            with(line.channel) { $0.leavePast() }
            scroll(.to(number), in: line.channel)
        } else {
            openWindow(around: line)
        }
        finding = Finding(channel: line.channel, pattern: pattern, target: loaded.map { .loaded($0.number) } ?? .stored(line.place))
    }
}

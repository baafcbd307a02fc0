import ChatProtocol

/// A search through the lines typed before, in all rooms, as readline's from the last to the first.
struct Recall: Sendable {
    /// The newest first, each once.
    let lines: [String]
    var query = LineEditor(keepsHistory: false)
    /// Which of the lines is shown.
    private(set) var place: Int?

    init(lines: [String]) { self.lines = lines }

    var line: String? { place.map { lines[$0] } }

    /// Goes to the next line that holds the query, from the one shown on or, with `isNext`, beyond it. `false` if there is none that way.
    @discardableResult
    mutating func look(older: Bool = true, isNext: Bool = false) -> Bool {
        guard let pattern = SearchPattern(query.text) else {
            place = nil
            return true
        }
        var next = (place ?? 0) + (isNext && place != nil ? older ? 1 : -1 : 0)
        while lines.indices.contains(next) {
            if pattern.occurs(in: lines[next]) {
                place = next
                return true
            }
            next += older ? 1 : -1
        }
        return false
    }

    /// After the query changed: from the newest, for it may have become shorter.
    mutating func restart() {
        place = nil
        look()
    }
}

extension Model {
    /// The lines of the room at hand come first, then those of the others.
    mutating func beginRecall() {
        let others = ([everyone] + conversations).filter { $0.channel != channel }
        var known: Set<String> = []
        let lines = ([room] + others).flatMap { $0.editor.history.lines.reversed() }.filter { known.insert($0).inserted }
        if focus == .users { focus = textPane }
        open(.recall(Recall(lines: lines)))
    }

    mutating func press(_ key: Key, on recall: Recall) -> Bool {
        var recall = recall
        switch key {
        case .escape, .control("g"), .control("c"):
            overlay = nil
            return true
        case _ where keyMap.action(for: key) == .recall, .up: if !recall.look(isNext: true) { hint = Hint(text: "Nothing older") }
        case _ where keyMap.action(for: key) == .search, .down:
            if !recall.look(older: false, isNext: true) { hint = Hint(text: "Nothing newer") }
        case .character, .backspace, .control("w"), .control("u"), .paste:
            if case .paste(let text) = key {
                _ = recall.query.handle(.paste(String(text.prefix { !$0.isNewline })))
            } else {
                _ = recall.query.handle(key)
            }
            recall.restart()
        default:
            // The line is taken to be edited; not even Enter sends what was written for another moment.
            overlay = nil
            if let line = recall.line { with(channel) { $0.editor.set(line) } }
            return key == .enter || key == .tab
        }
        overlay = .recall(recall)
        return true
    }
}

import ChatProtocol

/// One thing in the log of a room, with its text safe to draw.
struct Entry: Sendable {
    enum Content: Sendable {
        case said(by: Speaker, text: String)
        case presence(PresenceFold)
        /// The client's own words: an answer to a command, a hint.
        case notice(String)
        /// The same, of something that went wrong.
        case fault(String)
    }

    enum Speaker: Equatable, Sendable {
        case me
        case other(UserName)
    }

    /// What became of an own line.
    enum Delivery: Equatable, Sendable {
        /// Not confirmed by the server yet.
        case queued
        /// The server has it; `sequence` is its place in the recipient's stream.
        case sent(sequence: UInt64?)
        /// A broadcast, and how many were online to get it.
        case reached(Int, isPartial: Bool)
        case failed(String)
    }

    var content: Content
    /// When it came here (or was typed here).
    var time: Timestamp
    /// When it was sent, if that was long before.
    var sentBefore: Timestamp?
    var delivery: Delivery?
    var isMention = false
    /// What was typed, for sending it again.
    var typed: String?

    /// The lines of the text as wrapped last.
    var wrapped: Wrapped?

    struct Wrapped: Sendable {
        var width: Int
        var first: Int
        var lines: [Substring]
    }

    init(_ content: Content, at time: Timestamp) {
        self.content = content
        self.time = time
    }

    var text: String {
        switch content {
        case .said(_, let text), .notice(let text), .fault(let text): text
        case .presence(let fold): fold.words
        }
    }

    var speaker: Speaker? { if case .said(let speaker, _) = content { speaker } else { nil } }

    /// The wrapped lines, from the cache if it is for these widths.
    mutating func lines(width: Int, first: Int) -> [Substring] {
        if let wrapped, wrapped.width == width, wrapped.first == first { return wrapped.lines }
        let lines = Wrapper.lines(text, width: width, first: first)
        wrapped = Wrapped(width: width, first: first, lines: lines)
        return lines
    }
}

/// Who came and went, told in one line however many they are.
struct PresenceFold: Sendable {
    /// Names kept of each kind; the rest is a number.
    static let bound = 8

    private(set) var came = Names()
    private(set) var went = Names()

    struct Names: Equatable, Sendable {
        var named: [UserName] = []
        var others = 0

        mutating func add(_ name: UserName) {
            if named.contains(name) { return }
            if named.count < PresenceFold.bound { named.append(name) } else { others += 1 }
        }

        mutating func remove(_ name: UserName) { named.removeAll { $0 == name } }

        var isEmpty: Bool { named.isEmpty && others == 0 }

        func words(_ verb: String) -> String? {
            guard !isEmpty else { return nil }
            let names = named.map(\.text).joined(separator: ", ")
            switch others {
            case 0: return "\(names) \(verb)"
            case 1: return "\(names) and 1 other \(verb)"
            default: return "\(names)\(named.isEmpty ? "" : " and ")\(others) others \(verb)"
            }
        }
    }

    mutating func add(came new: [UserName], went gone: [UserName]) {
        for name in new {
            went.remove(name)
            came.add(name)
        }
        for name in gone {
            came.remove(name)
            went.add(name)
        }
    }

    var words: String {
        [came.words("logged in"), went.words("logged out")].compactMap(\.self).joined(separator: " · ")
    }
}

import ChatPeer
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

    enum Speaker: Hashable, Sendable {
        case me
        case other(UserName)
    }

    /// What tells a message from all others of its room: the place in the stream of whom it went to, and when that was given, for a server that
    /// lost its store counts anew.
    struct Identity: Hashable, Sendable {
        var speaker: Speaker
        var receipt: Reply.Receipt
    }

    /// What became of an own line.
    enum Delivery: Equatable, Sendable {
        /// Not confirmed by the server yet.
        case queued
        /// The server has it; `sequence` is its place in the recipient's stream, as long as that is known.
        case sent(sequence: UInt64?)
        /// The recipient had it before the server began its stream anew.
        case delivered
        /// A broadcast, and how many were online to get it.
        case reached(Int, isPartial: Bool)
        case failed(String)
    }

    /// By which the log knows it; given by the log.
    var number: Log.Number = 0
    var content: Content
    /// When it came here (or was typed here); of what was said before this run, when the server took it.
    var time: Timestamp
    /// Its place in its stream and the server's time; an own line has it once it is confirmed.
    var receipt: Reply.Receipt?
    /// When it was sent, if that was long before.
    var sentBefore: Timestamp?
    var delivery: Delivery?
    var isMention = false
    /// An own line of a private session, by which that knows it.
    var ticket: PeerTicket?
    /// Where it stands in the local history, if it comes from there.
    var place: StoredLine.Place?
    /// What was typed, for sending it again.
    var typed: String?

    /// The lines of the text as wrapped last.
    var wrapped: Wrapped?

    /// The addresses in the text, once they were looked for.
    private var found: [Hyperlink.Found]?

    var links: [Hyperlink.Found] {
        mutating get {
            if let found { return found }
            let links = Hyperlink.all(in: text)
            found = links
            return links
        }
    }

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

    var identity: Identity? {
        guard let speaker, let receipt else { return nil }
        return Identity(speaker: speaker, receipt: receipt)
    }

    /// By what entries are in order. What was kept for this user while offline belongs to the time at which it came.
    var orderTime: Timestamp { sentBefore == nil ? receipt?.time ?? time : time }

    /// About how much memory it takes, in bytes, without its wrapped lines.
    var size: Int {
        let words =
            switch content {
            case .said(_, let text), .notice(let text), .fault(let text): text.utf8.count
            case .presence(let fold): fold.count * 32
            }
        return 256 + words + (typed?.utf8.count ?? 0)
    }

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
    /// Names printed of each kind; the rest is a number.
    static let printed = 8
    /// Names remembered of each kind. Of more than that only so much is said.
    static let bound = 200

    private(set) var came = Names()
    private(set) var went = Names()

    struct Names: Sendable {
        /// In the order in which they came, or went.
        private(set) var names: [UserName] = []
        private var known: Set<UserName> = []
        /// There were more than are remembered.
        private(set) var isCut = false

        mutating func add(_ name: UserName) {
            if known.contains(name) { return }
            guard names.count < PresenceFold.bound else {
                isCut = true
                return
            }
            known.insert(name)
            names.append(name)
        }

        mutating func remove(_ name: UserName) {
            guard known.remove(name) != nil else { return }
            names.removeAll { $0 == name }
        }

        var isEmpty: Bool { names.isEmpty && !isCut }

        func words(_ verb: String) -> String? {
            guard !isEmpty else { return nil }
            let shown = names.prefix(PresenceFold.printed).map(\.text).joined(separator: ", ")
            let others = names.count - min(names.count, PresenceFold.printed)
            switch (others, isCut) {
            case (0, false): return "\(shown) \(verb)"
            case (1, false): return "\(shown) and 1 other \(verb)"
            case (_, false): return "\(shown) and \(others) others \(verb)"
            case (_, true): return "\(shown)\(shown.isEmpty ? "" : " and ")more than \(others) others \(verb)"
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

    var count: Int { came.names.count + went.names.count }

    var words: String {
        [came.words("logged in"), went.words("logged out")].compactMap(\.self).joined(separator: " · ")
    }
}

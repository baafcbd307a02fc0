import ChatProtocol

/// The list of everything that one can go to, filtered by what is typed.
struct Switcher: Sendable {
    enum Target: Hashable, Sendable {
        case room(Channel)
        /// Somebody online with whom there is no conversation yet.
        case user(UserName)
    }

    struct Candidate: Equatable, Sendable {
        let target: Target
        let name: String
        /// What it is, in words.
        let words: String
        var unread = 0
    }

    var query = LineEditor(keepsHistory: false)
    /// Which of the matches, from the top.
    var chosen = 0

    /// The first of so many matches that is shown in so many rows.
    func firstShown(of count: Int, height: Int) -> Int { max(0, min(count - height, min(chosen, count - 1) - height / 2)) }

    /// Those that `query` may mean, the likeliest first: names that begin with it, then those that hold it, then those that hold its
    /// letters in their order. Among equals the order stays.
    static func matches(_ query: String, in candidates: [Candidate]) -> [Candidate] {
        let wanted = Array(query.lowercased().filter { !$0.isWhitespace })
        guard !wanted.isEmpty else { return candidates }
        var ranks: [[Candidate]] = [[], [], []]
        for candidate in candidates {
            if let rank = rank(of: Array(candidate.name.lowercased()), for: wanted) { ranks[rank].append(candidate) }
        }
        return Array(ranks.joined())
    }

    private static func rank(of name: [Character], for wanted: [Character]) -> Int? {
        if name.starts(with: wanted) { return 0 }
        if name.count > wanted.count, name.indices.contains(where: { name[$0...].starts(with: wanted) }) { return 1 }
        return name.holdsInOrder(wanted) ? 2 : nil
    }
}

extension Model {
    mutating func openSwitcher() { open(.switcher(Switcher())) }

    /// What can be gone to: what is unread first, then where the user was before, then the other rooms, then people.
    private var candidates: [Switcher.Candidate] {
        var rooms: [Switcher.Candidate] = []
        let all = [everyone] + conversations
        func add(_ room: Room) {
            let words: String
            switch room.channel {
            case .everyone: words = "everyone"
            case .direct(let name): words = roster.contains(name) ? "conversation · online" : "conversation"
            case .private: words = "private"
            }
            let name = room.partner.map { (room.isPrivate ? "🔒" : "") + $0.text } ?? "everyone"
            rooms.append(Switcher.Candidate(target: .room(room.channel), name: name, words: words, unread: room.log.unread))
        }
        for room in all where room.log.unread > 0 && room.channel != channel { add(room) }
        for room in all where room.log.unread == 0 && room.channel == previous && room.channel != channel { add(room) }
        for room in all where room.log.unread == 0 && room.channel != previous && room.channel != channel { add(room) }
        add(room)
        let known = Set(conversations.lazy.filter { !$0.isPrivate }.compactMap(\.partner))
        return rooms
            + roster.names.lazy.filter { $0 != me && !known.contains($0) }.map {
                Switcher.Candidate(target: .user($0), name: $0.text, words: "online")
            }
    }

    func matches(of switcher: Switcher) -> [Switcher.Candidate] { Switcher.matches(switcher.query.text, in: candidates) }

    mutating func go(to target: Switcher.Target) {
        switch target {
        case .room(let channel): show(channel)
        case .user(let name): open(with: name)
        }
    }

    mutating func press(_ key: Key, on switcher: Switcher) -> Bool {
        var switcher = switcher
        let matches = matches(of: switcher)
        func choose(_ place: Int) { switcher.chosen = max(0, min(matches.count - 1, place)) }
        switch key {
        case _ where keyMap.action(for: key) == .switcher, .escape, .control("c"):
            overlay = nil
            return true
        case .enter:
            guard matches.indices.contains(switcher.chosen) else {
                hint = Hint(text: "Nobody online and no conversation by that name", isFault: true, short: ["Nobody by that name"])
                return true
            }
            overlay = nil
            go(to: matches[switcher.chosen].target)
            return true
        case .up, .control("p"), .backtab: choose(switcher.chosen - 1)
        case .down, .control("n"), .tab: choose(switcher.chosen + 1)
        case .pageUp: choose(switcher.chosen - 10)
        case .pageDown: choose(switcher.chosen + 10)
        case .alt(.enter): break
        case .paste(let text):
            _ = switcher.query.handle(.paste(String(text.filter { !$0.isNewline })))
            switcher.chosen = 0
        default:
            if switcher.query.handle(key) == .edited { switcher.chosen = 0 }
        }
        overlay = .switcher(switcher)
        return true
    }
}

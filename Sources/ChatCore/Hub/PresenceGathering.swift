import ChatProtocol

/// Who came and went while many are online, kept for a moment and then told together.
///
/// Told at once, each login would be a write to everybody: n² writes when n clients come back at the same time.
struct PresenceGathering {
    /// From how many connections on it is worth the wait.
    static let worthwhile = 100
    /// How long (nanoseconds) a change may wait.
    static let patience = Moment.second / 5

    struct Change {
        var name: UserName
        var isOnline: Bool
    }

    /// What a connection sees that does not see all changes.
    struct Part {
        /// The first change that it has not been told otherwise.
        var start: Int
        var hidden: [Int] = []
    }

    private(set) var changes: [Change] = []
    /// Those who do not see everything.
    private(set) var parts: [ConnectionID: Part] = [:]
    /// The uptime at which the changes must be told; `nil` if there are none.
    private(set) var due: UInt64?

    mutating func add(_ name: UserName, isOnline: Bool, except: [ConnectionID], at uptime: UInt64) {
        if due == nil { due = uptime + Self.patience }
        for id in except { parts[id, default: Part(start: 0)].hidden.append(changes.count) }
        changes.append(Change(name: name, isOnline: isOnline))
    }

    /// The connection knows all changes up to now, from a list or because it was told.
    mutating func skip(_ id: ConnectionID) {
        if due != nil { parts[id] = Part(start: changes.count) }
    }

    mutating func forget(_ id: ConnectionID) {
        if due != nil { parts[id] = nil }
    }

    func changes(for id: ConnectionID) -> [Change] {
        guard let part = parts[id] else { return changes }
        guard !part.hidden.isEmpty else { return Array(changes[part.start...]) }
        let hidden = Set(part.hidden)
        return (part.start..<changes.count).filter { !hidden.contains($0) }.map { changes[$0] }
    }
}

extension Event.Presence {
    /// What is left of some changes when those that cancel each other are gone.
    init(net changes: [PresenceGathering.Change]) {
        self.init()
        // In a rush everybody comes, or everybody goes, and nothing can cancel.
        if changes.allSatisfy(\.isOnline) {
            online = changes.map(\.name)
        } else if !changes.contains(where: \.isOnline) {
            offline = changes.map(\.name)
        } else {
            // The changes of one name take turns: after an even number all is as it was.
            var last: [UserName: Int] = [:]
            for (index, change) in changes.enumerated() {
                if last.removeValue(forKey: change.name) == nil { last[change.name] = index }
            }
            for index in last.values.sorted() {
                if changes[index].isOnline { online.append(changes[index].name) } else { offline.append(changes[index].name) }
            }
        }
    }

    /// In events of at most so many names.
    func pieces(of most: Int) -> [Event.Presence] {
        guard online.count + offline.count > most else { return online.isEmpty && offline.isEmpty ? [] : [self] }
        var pieces: [Event.Presence] = []
        for start in stride(from: 0, to: online.count, by: most) {
            pieces.append(.init(online: Array(online[start..<min(start + most, online.count)])))
        }
        for start in stride(from: 0, to: offline.count, by: most) {
            pieces.append(.init(offline: Array(offline[start..<min(start + most, offline.count)])))
        }
        return pieces
    }
}

import ChatProtocol

/// Decides who may connect, and who must go for it.
///
/// When an address has too many connections that have not logged in, the one that has been silent longest is cut off, not the
/// newcomer: idle connections cannot keep a real user out. The same holds for the limit in all. Who has said something goes after those who
/// have not, as long as these have more than a quarter of the places: however many come and are silent, they do not push out somebody
/// whose password is being checked, and however many speak, whoever comes has time to.
struct Admission {
    enum Verdict: Equatable {
        case welcome
        case welcomeInstead(of: ConnectionID)
        case refused
    }

    private let total: Int
    private let perAddress: Int
    private var connected: Set<ConnectionID> = []
    /// Connections of one address that have not logged in, each list in the order in which they go.
    private struct Line {
        var silent: [ConnectionID] = []
        var spoken: [ConnectionID] = []

        var count: Int { silent.count + spoken.count }

        func first(of places: Int) -> ConnectionID? { silent.count > places / 4 ? silent.first : spoken.first ?? silent.first }

        mutating func remove(_ id: ConnectionID) {
            silent.removeAll { $0 == id }
            spoken.removeAll { $0 == id }
        }
    }

    private var waiting: [Origin: Line] = [:]
    private var origins: [ConnectionID: Origin] = [:]

    init(total: Int, perAddress: Int) {
        self.total = total
        self.perAddress = perAddress
    }

    mutating func admit(_ id: ConnectionID, from origin: Origin) -> Verdict {
        var victim: ConnectionID?
        if let longest = waiting[origin], longest.count >= perAddress {
            victim = longest.first(of: perAddress)
        } else if connected.count >= total {
            let silent = waiting.values.reduce(0) { $0 + $1.silent.count }
            let oldestSilent = waiting.values.compactMap(\.silent.first).min()
            let oldestSpoken = waiting.values.compactMap(\.spoken.first).min()
            victim = silent > total / 4 ? oldestSilent : oldestSpoken ?? oldestSilent
            guard victim != nil else { return .refused }
        }
        if let victim { remove(victim) }
        connected.insert(id)
        waiting[origin, default: Line()].silent.append(id)
        origins[id] = origin
        return victim.map { .welcomeInstead(of: $0) } ?? .welcome
    }

    /// The connection said something: it is the last to go.
    mutating func spoke(_ id: ConnectionID) {
        guard let origin = origins[id] else { return }
        waiting[origin]?.remove(id)
        waiting[origin]?.spoken.append(id)
    }

    mutating func loggedIn(_ id: ConnectionID) {
        guard let origin = origins.removeValue(forKey: id) else { return }
        waiting[origin]?.remove(id)
        if waiting[origin]?.count == 0 { waiting[origin] = nil }
    }

    mutating func remove(_ id: ConnectionID) {
        loggedIn(id)
        connected.remove(id)
    }
}

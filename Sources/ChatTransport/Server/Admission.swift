import ChatProtocol

/// Decides who may connect, and who must go for it.
///
/// When an address has too many connections that have not logged in, the one that has been silent longest is cut off, not the
/// newcomer: idle connections cannot keep a real user out. The same holds for the limit in all.
struct Admission {
    enum Verdict: Equatable {
        case welcome
        case welcomeInstead(of: ConnectionID)
        case refused
    }

    private let total: Int
    private let perAddress: Int
    private var connected: Set<ConnectionID> = []
    /// Connections that have not logged in, the longest silent first.
    private var waiting: [String: [ConnectionID]] = [:]
    private var addresses: [ConnectionID: String] = [:]

    init(total: Int, perAddress: Int) {
        self.total = total
        self.perAddress = perAddress
    }

    mutating func admit(_ id: ConnectionID, from address: String) -> Verdict {
        var victim: ConnectionID?
        if let longest = waiting[address], longest.count >= perAddress {
            victim = longest.first
        } else if connected.count >= total {
            victim = waiting.values.compactMap(\.first).min()
            guard victim != nil else { return .refused }
        }
        if let victim { remove(victim) }
        connected.insert(id)
        waiting[address, default: []].append(id)
        addresses[id] = address
        return victim.map { .welcomeInstead(of: $0) } ?? .welcome
    }

    /// The connection said something: it is the last to go.
    mutating func spoke(_ id: ConnectionID) {
        guard let address = addresses[id] else { return }
        waiting[address]?.removeAll { $0 == id }
        waiting[address]?.append(id)
    }

    mutating func loggedIn(_ id: ConnectionID) {
        guard let address = addresses.removeValue(forKey: id) else { return }
        waiting[address]?.removeAll { $0 == id }
        if waiting[address]?.isEmpty == true { waiting[address] = nil }
    }

    mutating func remove(_ id: ConnectionID) {
        loggedIn(id)
        connected.remove(id)
    }
}

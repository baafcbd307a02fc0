import ChatProtocol

/// Changes that nobody waits for, until the next commit. At most two for each account, however long the store fails.
struct PostponedChanges {
    private var acknowledged: [UserName: UInt64] = [:]
    private var closed: [UserName: Change] = [:]

    var isEmpty: Bool { acknowledged.isEmpty && closed.isEmpty }

    var changes: [Change] {
        acknowledged.map { .acknowledged($0.key, through: $0.value, byClient: false) } + closed.values
    }

    mutating func add(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .acknowledged(let name, let through, _): acknowledged[name] = max(through, acknowledged[name] ?? 0)
            case .sessionClosed(let name, _, _): closed[name] = change
            default: assertionFailure("a change that cannot wait was postponed")
            }
        }
    }
}

extension Change {
    /// Whether nobody has been promised anything that rests on this change.
    var canWait: Bool {
        if case .acknowledged(_, _, byClient: false) = self { true } else { false }
    }
}

import ChatProtocol
import HashTreeCollections

extension ChatState {
    mutating func block(_ user: UserName?, by name: UserName, into effects: inout Effects) -> Reply.BlockStatus {
        guard user != name else { return .messageSelf }
        guard let user, accounts[user] != nil else { return .userNotExist }
        guard accounts[name]?.value.blocks.insert(user).inserted == true else { return .alreadyBlocked }
        accounts[user]?.value.blockedBy.insert(name)
        effects.changes.append(.block(user, by: name))
        show(name, isOnline: false, to: user, into: &effects)
        return .success
    }

    mutating func unblock(_ user: UserName?, by name: UserName, into effects: inout Effects) -> Reply.BlockStatus {
        guard user != name else { return .messageSelf }
        guard let user, accounts[user] != nil else { return .userNotExist }
        guard accounts[name]?.value.blocks.remove(user) != nil else { return .notBlocked }
        accounts[user]?.value.blockedBy.remove(name)
        effects.changes.append(.unblock(user, by: name))
        show(name, isOnline: true, to: user, into: &effects)
        return .success
    }

    /// To a client that keeps a list, the blocker looks logged out; the original's clients, which keep none, are told nothing.
    private func show(_ name: UserName, isOnline: Bool, to user: UserName, into effects: inout Effects) {
        guard let connection = accounts[user]?.connection, let dialect = session(of: connection)?.dialect,
            dialect.isExtended, dialect.wantsPresence
        else { return }
        effects.send(.presence(isOnline ? .init(online: [name]) : .init(offline: [name])), to: connection)
    }

    /// Everyone else online whom `name` may see, sorted.
    func whoelse(_ name: UserName) -> [UserName] {
        let hidden = accounts[name]?.blockedBy ?? []
        return online.keys.filter { $0 != name && !hidden.contains($0) }.sorted()
    }

    /// Everyone else whom `name` may see and who was online after `since`, sorted.
    func whoelse(_ name: UserName, since: Timestamp) -> [UserName] {
        let hidden = accounts[name]?.blockedBy ?? []
        var names: [UserName] = []
        for account in accounts.values where account.name != name && !hidden.contains(account.name) {
            if account.isOnline || account.lastSeen.map({ $0 >= since }) ?? false { names.append(account.name) }
        }
        return names.sorted()
    }
}

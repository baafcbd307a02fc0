package import ChatProtocol

/// A store that forgets with the process: for trying things out, for tests and for measuring.
///
/// Messages are kept as the durable store keeps them, except that acknowledged ones are dropped beyond the last
/// 1,000 of each user, so that memory stays bounded.
package final class MemoryStore: ChatStore {
    /// What is kept of one user.
    ///
    /// `@unchecked Sendable`: it is touched under the store's lock alone.
    fileprivate final class Holding: @unchecked Sendable {
        // Whoever changes it holds the lock, which is the stronger guarantee.
        @exclusivity(unchecked) var account: StoredState.StoredAccount
        @exclusivity(unchecked) var inbox: [StoredMessage] = []
        @exclusivity(unchecked) var keys: [StoredKey] = []

        init(_ account: StoredState.StoredAccount) { self.account = account }
    }

    fileprivate struct Contents {
        var users: [UserName: Holding] = [:]
        var lockouts: [UserName: StoredState.StoredLockout] = [:]
        var broadcasts: [StoredMessage] = []
        var importStamp: String?
    }

    fileprivate static let keptMessages = 1000
    private let contents = Locked(Contents())

    package init() {}

    package func load() throws -> StoredState {
        contents.withLock { contents in
            var state = StoredState()
            state.accounts = contents.users.values.map(\.account)
            state.lockouts = contents.lockouts.values.sorted { $0.name < $1.name }
            state.importStamp = contents.importStamp
            state.broadcastSequence = contents.broadcasts.last?.sequence ?? 0
            return state
        }
    }

    package func commit(_ changes: [Change]) throws {
        contents.withLock { contents in
            for change in changes { contents.apply(change) }
        }
    }

    package func inbox(of name: UserName, after sequence: UInt64, count: Int, bytes: Int) throws -> [StoredMessage] {
        contents.withLock { contents in
            let inbox = contents.users[name]?.inbox ?? []
            var page: [StoredMessage] = []
            var size = 0
            for message in inbox[Contents.index(after: sequence, in: inbox)...].prefix(count) {
                size += message.text.utf8.count
                if size > bytes, !page.isEmpty { break }
                page.append(message)
            }
            return page
        }
    }

    package func history(of name: UserName, _ query: HistoryQuery, hiding hidden: Set<UserName>) throws -> Reply.HistoryPage {
        contents.withLock { contents in
            guard let other = query.with else {
                return HistoryPager(query).page(
                    received: .init(contents.broadcasts.filter { !hidden.contains($0.from) }, before: query.before?.received),
                    sent: .nothing)
            }
            let received = (contents.users[name]?.inbox ?? []).filter { $0.from == other }
            let sent = (contents.users[other]?.inbox ?? []).filter { $0.from == name }
            return HistoryPager(query).page(
                received: .init(received, before: query.before?.received), sent: .init(sent, before: query.before?.sent))
        }
    }

    package func recentKeys(of name: UserName) throws -> [StoredKey] {
        contents.withLock { Array(($0.users[name]?.keys ?? []).suffix(KeyWindow.capacity)) }
    }
}

extension MemoryStore.Contents {
    /// Where the messages after a place begin.
    fileprivate static func index(after sequence: UInt64, in inbox: [StoredMessage]) -> Int {
        var range = 0..<inbox.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = inbox[middle].sequence <= sequence ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    fileprivate mutating func apply(_ change: consuming Change) {
        switch consume change {
        case .direct(let message, let name):
            guard let user = users[name] else { return }
            user.inbox.append(message)
            user.account.lastSequence = message.sequence
        case .broadcast(let message):
            broadcasts.append(message)
            if broadcasts.count >= 2 * Int(keptBroadcasts) { broadcasts.removeFirst(broadcasts.count - Int(keptBroadcasts)) }
        case .usedKey(let key, let name): users[name]?.remember(key)
        case .acknowledged(let name, let through, _):
            guard let user = users[name] else { return }
            user.account.acknowledged = through
            user.trim()
        case .block(let user, let name):
            if users[name]?.account.blocks.contains(user) == false { users[name]?.account.blocks.append(user) }
        case .unblock(let user, let name): users[name]?.account.blocks.removeAll { $0 == user }
        case .lockout(let name, let failures, let until): lockouts[name] = .init(name: name, failures: failures, until: until)
        case .clearLockout(let name): lockouts[name] = nil
        case .sessionOpened(let name, let token, let time):
            users[name]?.account.opened = time
            users[name]?.account.closed = nil
            users[name]?.account.token = token
        case .sessionClosed(let name, let time, let isResumable):
            users[name]?.account.closed = time
            if !isResumable { users[name]?.account.token = nil }
        case .password(let name, let hash): users[name]?.account.record.passwordHash = hash
        case .account(let record):
            if let user = users[record.name] {
                user.account.record = record
            } else {
                users[record.name] = .init(.init(record: record))
            }
        case .imported(let stamp): importStamp = stamp
        case .removeAccount(let name):
            users[name] = nil
            for other in users.values {
                other.inbox.removeAll { $0.from == name }
                other.account.blocks.removeAll { $0 == name }
            }
            broadcasts.removeAll { $0.from == name }
        }
    }
}

extension MemoryStore.Holding {
    fileprivate func trim() {
        guard inbox.count >= 2 * MemoryStore.keptMessages else { return }
        let done = MemoryStore.Contents.index(after: account.acknowledged, in: inbox)
        if done >= 2 * MemoryStore.keptMessages { inbox.removeFirst(done - MemoryStore.keptMessages) }
    }

    fileprivate func remember(_ key: StoredKey) {
        keys.append(key)
        if keys.count >= 2 * KeyWindow.capacity { keys.removeFirst(keys.count - KeyWindow.capacity) }
    }
}

extension HistoryPager.Piece {
    /// All of a stream, oldest first, up to a place.
    fileprivate init(_ stream: [StoredMessage], before place: UInt64?) {
        self.init(messages: stream.filter { $0.sequence < place ?? .max }.reversed(), reached: 1)
    }
}

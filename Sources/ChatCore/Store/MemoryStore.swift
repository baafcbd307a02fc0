package import ChatProtocol

/// A store that forgets with the process: for trying things out, for tests and for measuring.
///
/// Messages are kept as the durable store keeps them, except that acknowledged ones are dropped beyond the last
/// 1,000 of each user, so that memory stays bounded.
package final class MemoryStore: ChatStore {
    fileprivate struct Contents {
        var accounts: [UserName: StoredState.StoredAccount] = [:]
        var lockouts: [UserName: StoredState.StoredLockout] = [:]
        var inboxes: [UserName: [StoredMessage]] = [:]
        var broadcasts: [StoredMessage] = []
        var keys: [UserName: [StoredKey]] = [:]
        var importStamp: String?
    }

    fileprivate static let keptMessages = 1000
    private let contents = Locked(Contents())

    package init() {}

    package func load() throws -> StoredState {
        contents.withLock { contents in
            var state = StoredState()
            state.accounts = Array(contents.accounts.values)
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
            let inbox = contents.inboxes[name] ?? []
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
            let received = (contents.inboxes[name] ?? []).filter { $0.from == other }
            let sent = (contents.inboxes[other] ?? []).filter { $0.from == name }
            return HistoryPager(query).page(
                received: .init(received, before: query.before?.received), sent: .init(sent, before: query.before?.sent))
        }
    }

    package func recentKeys(of name: UserName) throws -> [StoredKey] {
        contents.withLock { Array(($0.keys[name] ?? []).suffix(KeyWindow.capacity)) }
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

    fileprivate mutating func apply(_ change: Change) {
        switch change {
        case .direct(let message, let name):
            inboxes[name, default: []].append(message)
            accounts[name]?.lastSequence = message.sequence
        case .broadcast(let message):
            broadcasts.append(message)
            if broadcasts.count >= 2 * Int(keptBroadcasts) { broadcasts.removeFirst(broadcasts.count - Int(keptBroadcasts)) }
        case .usedKey(let key, let name): remember(key, of: name)
        case .acknowledged(let name, let through, _):
            accounts[name]?.acknowledged = through
            trim(name, acknowledged: through)
        case .block(let user, let name):
            if accounts[name]?.blocks.contains(user) == false { accounts[name]?.blocks.append(user) }
        case .unblock(let user, let name): accounts[name]?.blocks.removeAll { $0 == user }
        case .lockout(let name, let failures, let until): lockouts[name] = .init(name: name, failures: failures, until: until)
        case .clearLockout(let name): lockouts[name] = nil
        case .sessionOpened(let name, let token, let time):
            accounts[name]?.opened = time
            accounts[name]?.closed = nil
            accounts[name]?.token = token
        case .sessionClosed(let name, let time, let isResumable):
            accounts[name]?.closed = time
            if !isResumable { accounts[name]?.token = nil }
        case .password(let name, let hash): accounts[name]?.record.passwordHash = hash
        case .account(let record):
            accounts[record.name, default: .init(record: record)].record = record
        case .imported(let stamp): importStamp = stamp
        case .removeAccount(let name):
            accounts[name] = nil
            inboxes[name] = nil
            keys[name] = nil
            for other in inboxes.keys { inboxes[other]?.removeAll { $0.from == name } }
            broadcasts.removeAll { $0.from == name }
            for other in accounts.keys { accounts[other]?.blocks.removeAll { $0 == name } }
        }
    }

    private mutating func trim(_ name: UserName, acknowledged: UInt64) {
        guard let inbox = inboxes[name] else { return }
        let done = Self.index(after: acknowledged, in: inbox)
        if done >= 2 * MemoryStore.keptMessages { inboxes[name]?.removeFirst(done - MemoryStore.keptMessages) }
    }

    private mutating func remember(_ key: StoredKey, of name: UserName) {
        keys[name, default: []].append(key)
        if let count = keys[name]?.count, count >= 2 * KeyWindow.capacity { keys[name]?.removeFirst(count - KeyWindow.capacity) }
    }
}

extension HistoryPager.Piece {
    /// All of a stream, oldest first, up to a place.
    fileprivate init(_ stream: [StoredMessage], before place: UInt64?) {
        self.init(messages: stream.filter { $0.sequence < place ?? .max }.reversed(), reached: 1)
    }
}

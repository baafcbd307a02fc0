package import ChatProtocol
package import HashTreeCollections

/// The rules of the chat, as a value: what is so, and what follows from each thing that happens. No I/O, no clock of its own.
///
/// The dictionaries are persistent trees, so a copy costs nothing until it is changed: the state before a batch is one
/// assignment away, which is how a failed commit leaves no trace.
package struct ChatState: Sendable {
    package let settings: ChatSettings
    package internal(set) var accounts: TreeDictionary<UserName, Boxed<Account>> = [:]
    package internal(set) var connections: TreeDictionary<ConnectionID, Boxed<Connection>> = [:]
    package internal(set) var online: TreeDictionary<UserName, ConnectionID> = [:]
    var tokens: TreeDictionary<TokenDigest, UserName> = [:]
    var lockouts: TreeDictionary<UserName, Lockout> = [:]
    var deadlines = Deadlines()
    package internal(set) var swarm = SwarmIndex()
    /// Whose session a connection was that is being closed: what is still in its socket counts for that user.
    var ended: TreeDictionary<ConnectionID, UserName> = [:]
    var broadcastSequence: UInt64
    var random: any RandomNumberGenerator & Sendable

    struct Lockout: Sendable {
        var failures: Int
        /// Uptime.
        var until: UInt64?
    }

    /// - Parameter random: where relay tickets come from.
    package init(
        _ stored: StoredState = StoredState(), settings: ChatSettings, at now: Moment,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.settings = settings
        self.random = random
        broadcastSequence = stored.broadcastSequence
        for account in stored.accounts { restore(account, at: now) }
        // Few have blocked anybody, and an account is much to copy only for that to be seen.
        for index in stored.accounts.indices where !stored.accounts[index].blocks.isEmpty {
            let account = stored.accounts[index]
            for blocked in account.blocks { accounts[blocked]?.value.blockedBy.insert(account.record.name) }
        }
        for lockout in stored.lockouts {
            let until = lockout.until.map { now.uptime + Self.nanoseconds(min(settings.blockDuration, seconds(from: now.wall, to: $0))) }
            lockouts[lockout.name] = Lockout(failures: lockout.failures, until: until)
        }
    }

    /// The uptime at which ``expire(at:into:)`` has something to do.
    package var nextDeadline: UInt64? { deadlines.next }

    /// Applies one input: the state changes, and what must be done is appended to `effects`.
    package mutating func handle(_ input: consuming HubInput, at now: Moment, into effects: inout Effects) {
        switch consume input {
        case .opened(let id, let address):
            connections[id] = Boxed(Connection(id: id, address: address, opened: now.uptime))
            arm(id)
        case .received(let received, let id): receive(received, from: id, at: now, into: &effects)
        case .written(let id, let mark):
            guard let name = session(of: id)?.name ?? ended[id] else { return }
            acknowledge(name, through: mark, byClient: false, into: &effects)
        case .closed(let id): connectionClosed(id, at: now, into: &effects)
        case .passwordChanged(let id, let verdict, let request): passwordChanged(id, verdict, request, into: &effects)
        // The Hub adds what only it can know, and calls `passwordChecked` and `accountsChanged`.
        case .passwordChecked, .administer, .stop: break
        case .shutdown: shutDown(at: now, into: &effects)
        }
    }

    func session(of id: ConnectionID) -> Boxed<Session>? {
        guard case .online(let session) = connections[id]?.phase else { return nil }
        return session
    }

    @discardableResult
    mutating func update<Result>(_ id: ConnectionID, _ change: (inout Session) -> Result) -> Result? {
        connections.change(id) { $0.update(change) } ?? nil
    }

    static func nanoseconds(_ seconds: Double) -> UInt64 {
        UInt64(max(0, min(seconds, 1e9)) * 1e9)
    }

    private func seconds(from start: Timestamp, to end: Timestamp) -> Double {
        Double(end.milliseconds - start.milliseconds) / 1000
    }

    private mutating func restore(_ stored: StoredState.StoredAccount, at now: Moment) {
        var account = Account(name: stored.record.name, passwordHash: stored.record.passwordHash)
        if !stored.blocks.isEmpty { account.blocks = Set(stored.blocks) }
        account.lastSequence = stored.lastSequence
        account.acknowledged = stored.acknowledged
        // A session without an end was open when the server was killed: nobody knows better than until now.
        if let opened = stored.opened {
            let closed = max(opened, stored.closed ?? now.wall)
            account.lastSeen = closed
            let left = settings.resumeWindow - seconds(from: closed, to: now.wall)
            if let digest = stored.token, left > 0 {
                let expires = now.uptime + Self.nanoseconds(min(left, settings.resumeWindow))
                account.resumable = Account.Resumable(digest: digest, expires: expires, lastCommand: now.uptime)
                tokens[digest] = account.name
            }
        }
        accounts[account.name] = Boxed(account)
    }
}

package import ChatProtocol
import HashTreeCollections
package import Logging

/// Runs the rules: applies everything that waits, commits once, and only then sends.
///
/// This one order gives "confirmed means durable" and lets the cost of a commit be shared by all that came in meanwhile. When a
/// commit fails, the whole batch is refused and the state is what it was before it.
///
/// A value that one thread owns; ``run()`` is that thread's whole life.
package struct Hub: ~Copyable {
    /// What the Hub needs from outside.
    package struct Ports: Sendable {
        package var store: any ChatStore
        package var passwords: PasswordPool
        package var mailbox: Mailbox<HubInput>
        package var deliver: @Sendable (DeliveryBatch) -> Void
        package var clock: @Sendable () -> Moment
        package var newToken: @Sendable () -> ResumeToken
        /// Called before the two are told of their tickets.
        package var admitRelay: @Sendable (RelayTicket, RelayTicket) -> Void = { _, _ in }
        /// Called when everybody has been told of the shutdown.
        package var whenToldOfShutdown: @Sendable () -> Void = {}
        package var log: Logger

        package init(
            store: any ChatStore, passwords: PasswordPool, mailbox: Mailbox<HubInput>, deliver: @escaping @Sendable (DeliveryBatch) -> Void,
            clock: @escaping @Sendable () -> Moment, newToken: @escaping @Sendable () -> ResumeToken, log: Logger
        ) {
            self.store = store
            self.passwords = passwords
            self.mailbox = mailbox
            self.deliver = deliver
            self.clock = clock
            self.newToken = newToken
            self.log = log
        }
    }

    /// How long (nanoseconds) it may stay unstored that a socket took messages for a client that cannot acknowledge: long
    /// enough to share the commits of a busy server, short enough that hardly a message is sent again after a crash.
    private static let patience = Moment.second / 20
    /// How long until the store is tried again by itself after it failed.
    private static let retry = Moment.second

    package private(set) var state: ChatState
    private let ports: Ports
    private var outbox = Outbox()
    private var effects = Effects()
    /// The actions that are being performed.
    private var due: [Action] = []
    private var postponed = PostponedChanges()
    private var commitBy: UInt64?
    private var isStopped = false
    private var isStoreFailing = false

    package init(state: ChatState, ports: Ports) {
        self.state = state
        self.ports = ports
    }

    /// Works until the input `.stop` was carried out.
    package mutating func run() {
        var batch: [HubInput] = []
        while !isStopped {
            ports.mailbox.take(into: &batch, until: wakeUp)
            turn(batch, at: ports.clock())
        }
    }

    /// Until when (uptime) the Hub may sleep if nothing happens; `nil` for ever.
    package var wakeUp: UInt64? {
        [commitBy, state.nextDeadline, outbox.due].compactMap { $0 }.min()
    }

    /// One turn: `inputs`, and whatever is due.
    package mutating func turn(_ inputs: [HubInput], at now: Moment) {
        var rest = inputs[...]
        // What an administrator does is a turn of its own, since it reads the store as well as writes it.
        while let index = rest.firstIndex(where: \.isAdministration) {
            if index > rest.startIndex { step(rest[..<index], at: now) }
            administer(rest[index], at: now)
            rest = rest[(index + 1)...]
        }
        step(rest, at: now)
    }

    private mutating func step(_ inputs: ArraySlice<HubInput>, at now: Moment) {
        let before = state
        for input in inputs { apply(input, at: now) }
        state.expire(at: now, into: &effects)
        do {
            try commit(at: now)
        } catch {
            state = before
            refuse(inputs, at: now, because: error)
        }
        perform(at: now)
        outbox.release(at: now.uptime)
        let batch = outbox.finish()
        if !batch.isEmpty { ports.deliver(batch) }
        if inputs.contains(where: \.isShutdown) { ports.whenToldOfShutdown() }
    }

    private mutating func apply(_ input: consuming HubInput, at now: Moment) {
        guard loadKeys(of: state.nameWhoseKeysMatter(for: input)) else { return state.refuse(input, at: now, into: &effects) }
        switch consume input {
        case .passwordChecked(let id, let verdict):
            state.passwordChecked(id, verdict, token: ports.newToken(), at: now, into: &effects)
        case .closed(let id):
            ports.passwords.cancel(id)
            state.handle(.closed(id), at: now, into: &effects)
        case .stop: isStopped = true
        case let input: state.handle(input, at: now, into: &effects)
        }
    }

    /// Gives an account the keys that it used before this server was started; false if they cannot be read.
    private mutating func loadKeys(of name: UserName?) -> Bool {
        guard let name, state.needsKeys(name) else { return true }
        do {
            state.load(try ports.store.recentKeys(of: name), for: name)
            return true
        } catch {
            report(error)
            return false
        }
    }

    private mutating func administer(_ input: HubInput, at now: Moment) {
        guard case .administer(let changes) = input else { return }
        do {
            if !changes.isEmpty { try ports.store.commit(changes) }
            state.accountsChanged(try ports.store.load().accounts.map(\.record), at: now, into: &effects)
            // It has happened, whatever comes of the turn that follows.
            postponed.add(effects.changes)
            effects.changes.removeAll(keepingCapacity: true)
            perform(at: now)
            ports.log.info("accounts taken over", metadata: ["changed": "\(changes.count)", "accounts": "\(state.accounts.count)"])
        } catch {
            ports.log.error("cannot take over the accounts", metadata: ["error": "\(error)"])
        }
    }

    private mutating func commit(at now: Moment) throws {
        if effects.changes.allSatisfy(\.canWait), !isStopped {
            postponed.add(effects.changes)
            effects.changes.removeAll(keepingCapacity: true)
            guard !postponed.isEmpty else {
                commitBy = nil
                return
            }
            let by = commitBy ?? now.uptime + Self.patience
            commitBy = by
            guard now.uptime >= by else { return }
        }
        let changes = postponed.isEmpty ? effects.changes : postponed.changes + effects.changes
        guard !changes.isEmpty else { return }
        do {
            try ports.store.commit(changes)
        } catch  where effects.changes.isEmpty {
            // Nobody waits for these; they stay postponed.
            report(error)
            commitBy = now.uptime + Self.retry
            return
        }
        if isStoreFailing { ports.log.notice("the store works again") }
        isStoreFailing = false
        postponed = PostponedChanges()
        commitBy = nil
        effects.changes.removeAll(keepingCapacity: true)
    }

    private mutating func refuse(_ inputs: ArraySlice<HubInput>, at now: Moment, because error: any Error) {
        report(error)
        effects = Effects()
        for input in inputs { state.refuse(input, at: now, into: &effects) }
        state.expire(at: now, into: &effects)
        postponed.add(effects.changes)
        effects.changes.removeAll()
        commitBy = postponed.isEmpty ? nil : now.uptime + Self.retry
    }

    private mutating func report(_ error: any Error) {
        guard !isStoreFailing else { return }
        isStoreFailing = true
        ports.log.error("cannot store; requests are refused until it works again", metadata: ["error": "\(error)"])
    }

    private mutating func perform(at now: Moment) {
        // Loading an inbox brings more actions.
        while !effects.actions.isEmpty {
            swap(&effects.actions, &due)
            for index in due.indices { perform(due.take(at: index), at: now) }
            due.removeAll(keepingCapacity: true)
        }
    }

    private mutating func perform(_ action: consuming Action, at now: Moment) {
        switch consume action {
        case .send(let message, let id): outbox.send(message, to: id)
        case .sendDirect(let message, let id, let isMarked): outbox.sendDirect(message, to: id, isMarked: isMarked)
        case .broadcast(let from, let text, let receipt, let except):
            outbox.broadcast(.broadcast(from: from, text: text, receipt), except: except)
        case .presence(let name, let isOnline, let except): outbox.presence(name, isOnline: isOnline, except: except, at: now.uptime)
        case .sendPresenceList(let name, let id): outbox.sendPresenceList(for: name, to: id)
        case .join(let id, let audience): outbox.join(id, audience)
        case .leave(let id): outbox.leave(id)
        case .close(let id): outbox.close(id)
        case .checkPassword(let id, _, let password, let hash):
            let mailbox = ports.mailbox
            ports.passwords.check(password, against: hash, for: id, at: state.address(of: id)) { mailbox.put(.passwordChecked(id, $0)) }
        case .changePassword(let id, _, let old, let new, let hash, let request):
            let mailbox = ports.mailbox
            ports.passwords.change(old, to: new, against: hash, for: id, at: state.address(of: id)) {
                mailbox.put(.passwordChanged(id, $0, request))
            }
        case .admitRelay(let first, let second): ports.admitRelay(first, second)
        case .loadInbox(let id, let name, let after): loadInbox(of: name, after: after, for: id)
        case .loadHistory(let id, let name, let query, let request): loadHistory(of: name, query, request, for: id)
        case .nothing: break
        }
    }

    private mutating func loadInbox(of name: UserName, after sequence: UInt64, for id: ConnectionID) {
        do {
            let settings = state.settings
            let messages = try ports.store.inbox(
                of: name, after: sequence, count: settings.inFlightMessages, bytes: settings.inFlightBytes)
            state.inboxLoaded(messages, for: id, into: &effects)
        } catch {
            ports.log.error("cannot read an inbox", metadata: ["user": "\(name)", "error": "\(error)"])
            // The client comes back, and then it is tried again.
            outbox.close(id)
        }
    }

    private mutating func loadHistory(of name: UserName, _ query: HistoryQuery, _ request: RequestID?, for id: ConnectionID) {
        do {
            outbox.send(
                .reply(.history(try ports.store.history(of: name, query, hiding: state.accounts[name]?.blocks ?? [])), id: request), to: id)
        } catch {
            ports.log.error("cannot read history", metadata: ["user": "\(name)", "error": "\(error)"])
            outbox.send(.reply(.refused(action: "history", .unavailable), id: request), to: id)
        }
    }
}

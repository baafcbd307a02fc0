package import ChatProtocol
import HashTreeCollections

extension ChatState {
    struct Draft {
        var to: UserName?
        var text: String
        var key: MessageKey?
    }

    mutating func message(
        _ draft: consuming Draft, _ request: RequestID?, from sender: UserName, on id: ConnectionID, at now: Moment,
        into effects: inout Effects
    ) {
        let key = draft.key.map(UsedKey.init)
        if let key, let earlier = accounts[sender]?.value.keys?.reply(to: key.fingerprint) {
            return effects.send(earlier, id: request, to: id)
        }
        let place: Place
        switch takePlace(for: draft, from: sender) {
        case .success(let taken): place = taken
        case .failure(let refusal): return effects.send(.message(refusal.status), id: request, to: id)
        }
        let stored = StoredMessage(sequence: place.sequence, from: sender, text: (consume draft).text, time: now.wall)
        effects.changes.append(.direct(stored, to: place.to))
        let reply = Reply.message(.success, stored.receipt)
        if let key { remember(key, reply, of: sender, into: &effects) }
        effects.send(reply, id: request, to: id)
        if let connection = place.connection { pass(stored, on: connection, into: &effects) }
    }

    /// Where a message goes.
    private struct Place {
        var to: UserName
        var sequence: UInt64
        var connection: ConnectionID?
    }

    private struct Refusal: Error {
        let status: Reply.MessageStatus
        init(_ status: Reply.MessageStatus) { self.status = status }
    }

    /// Takes the next place in the recipient's stream, unless there is a reason to refuse. All in one look at the account.
    private mutating func takePlace(for draft: Draft, from sender: UserName) -> Result<Place, Refusal> {
        guard draft.to != sender else { return .failure(Refusal(.messageSelf)) }
        guard let to = draft.to else { return .failure(Refusal(.userNotExist)) }
        let fault = MessageText.fault(in: draft.text, limit: settings.text)
        let mailbox = settings.mailbox
        let place = accounts.decide(to) { recipient -> Result<Place, Refusal> in
            if recipient.value.blocks.contains(sender) { return .failure(Refusal(.userBlocked)) }
            switch fault {
            case .empty: return .failure(Refusal(.empty))
            case .tooLong: return .failure(Refusal(.tooLong))
            case nil: break
            }
            if recipient.value.unread >= mailbox { return .failure(Refusal(.mailboxFull)) }
            recipient.value.lastSequence += 1
            return .success(Place(to: to, sequence: recipient.value.lastSequence, connection: recipient.value.connection))
        }
        return place ?? .failure(Refusal(.userNotExist))
    }

    /// A key with what it is known by, made once for a message.
    private struct UsedKey {
        let key: MessageKey
        let fingerprint: KeyWindow.Fingerprint

        init(_ key: MessageKey) {
            self.key = key
            fingerprint = KeyWindow.Fingerprint(key)
        }
    }

    private mutating func remember(_ key: UsedKey, _ reply: Reply, of sender: UserName, into effects: inout Effects) {
        accounts.change(sender) { $0.keys?.remember(key.fingerprint, reply) }
        effects.changes.append(.usedKey(StoredKey(key: key.key, reply: reply), by: sender))
    }

    /// Sends a message on to its recipient at once, unless earlier ones still wait or too much is on its way already:
    /// then it follows from the store, when what is on its way has been acknowledged.
    private mutating func pass(_ message: consuming StoredMessage, on id: ConnectionID, into effects: inout Effects) {
        let (most, mostBytes) = (settings.inFlightMessages, settings.inFlightBytes)
        let (sequence, from, bytes) = (message.sequence, message.from, message.text.utf8.count)
        let isMarked = update(id) { session -> Bool? in
            guard session.sent + 1 == sequence, session.inFlight.count < most,
                session.inFlight.isEmpty || session.inFlightBytes + bytes <= mostBytes
            else { return nil }
            session.take(sequence, from: from, bytes: bytes)
            return !session.dialect.isExtended
        }
        if let isMarked = isMarked ?? nil { effects.actions.append(.sendDirect(message, to: id, isMarked: isMarked)) }
    }

    /// What the store had after the place up to which the session was sent on.
    package mutating func inboxLoaded(_ messages: [StoredMessage], for id: ConnectionID, into effects: inout Effects) {
        // The messages of a removed account leave gaps: when nothing is left, the session is where its stream is.
        let last = messages.isEmpty ? session(of: id).flatMap { accounts[$0.name]?.lastSequence } : nil
        update(id) { session in
            for message in messages where message.sequence > session.sent {
                session.take(message.sequence, from: message.from, bytes: message.text.utf8.count)
                effects.actions.append(.sendDirect(message, to: id, isMarked: !session.dialect.isExtended))
            }
            if let last { session.sent = last }
        }
    }

    /// The user has all direct messages up to `through`; the senders who can be told are told.
    mutating func acknowledge(_ name: UserName, through: UInt64, byClient: Bool, into effects: inout Effects) {
        guard let (connection, acknowledged, last) = accounts[name].map({ ($0.connection, $0.acknowledged, $0.lastSequence) }) else {
            return
        }
        guard let connection, let sent = session(of: connection)?.sent else {
            // A resume tells what arrived before the connection was lost.
            guard through > acknowledged, through <= last else { return }
            accounts.change(name) { $0.acknowledged = through }
            effects.changes.append(.acknowledged(name, through: through, byClient: byClient))
            return
        }
        let through = min(through, sent)
        guard through > acknowledged else { return }
        accounts.change(name) { $0.acknowledged = through }
        effects.changes.append(.acknowledged(name, through: through, byClient: byClient))
        var delivered: [Session.InFlight] = []
        var hasAll = false
        update(connection) { session in
            let count = session.inFlight.prefix { $0.sequence <= through }.count
            delivered = Array(session.inFlight[..<count])
            session.inFlight.removeFirst(count)
            hasAll = session.inFlight.isEmpty
            if hasAll { session.inFlightBytes = 0 }
        }
        tellSenders(of: delivered, to: name, into: &effects)
        if hasAll, sent < last { effects.actions.append(.loadInbox(connection, name, after: sent)) }
    }

    private func tellSenders(of delivered: [Session.InFlight], to name: UserName, into effects: inout Effects) {
        guard let latest = delivered.last else { return }
        if delivered.allSatisfy({ $0.from == latest.from }) { return tell(latest.from, latest.sequence, to: name, into: &effects) }
        var last: [UserName: UInt64] = [:]
        for message in delivered { last[message.from] = message.sequence }
        for (sender, sequence) in last.sorted(by: { $0.key < $1.key }) { tell(sender, sequence, to: name, into: &effects) }
    }

    private func tell(_ sender: UserName, _ sequence: UInt64, to name: UserName, into effects: inout Effects) {
        guard let connection = accounts[sender]?.connection, session(of: connection)?.dialect.isExtended == true else { return }
        effects.send(.delivered(to: name, through: sequence), to: connection)
    }

    mutating func broadcast(
        _ text: String, _ key: MessageKey?, _ request: RequestID?, from sender: UserName, on id: ConnectionID, at now: Moment,
        into effects: inout Effects
    ) {
        let key = key.map(UsedKey.init)
        if let key, let earlier = accounts[sender]?.value.keys?.reply(to: key.fingerprint) {
            return effects.send(earlier, id: request, to: id)
        }
        if let fault = MessageText.fault(in: text, limit: settings.text) {
            return effects.send(.broadcast(sent: 0, blocked: 0, fault: fault), id: request, to: id)
        }
        broadcastSequence += 1
        let stored = StoredMessage(sequence: broadcastSequence, from: sender, text: text, time: now.wall)
        effects.changes.append(.broadcast(stored))
        let blockers = (accounts[sender]?.blockedBy ?? []).compactMap { accounts[$0]?.connection }
        let reply = Reply.broadcast(sent: online.count - 1 - blockers.count, blocked: blockers.count, stored.receipt)
        if let key { remember(key, reply, of: sender, into: &effects) }
        effects.send(reply, id: request, to: id)
        effects.actions.append(.broadcast(from: sender, text: text, stored.receipt, except: [id] + blockers))
    }
}

extension Session {
    fileprivate mutating func take(_ sequence: UInt64, from: UserName, bytes: Int) {
        sent = sequence
        inFlight.append(InFlight(sequence: sequence, from: from))
        inFlightBytes += bytes
    }
}

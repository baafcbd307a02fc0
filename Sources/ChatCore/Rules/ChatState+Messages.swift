package import ChatProtocol
import HashTreeCollections

extension ChatState {
    struct Draft {
        var to: UserName?
        var text: String
        var key: MessageKey?
    }

    mutating func message(
        _ draft: Draft, _ request: RequestID?, from sender: UserName, on id: ConnectionID, at now: Moment, into effects: inout Effects
    ) {
        if let key = draft.key, let earlier = accounts[sender]?.keys?.reply(to: key) {
            return effects.send(earlier, id: request, to: id)
        }
        guard draft.to != sender else { return effects.send(.message(.messageSelf), id: request, to: id) }
        guard let to = draft.to, let recipient = accounts[to] else {
            return effects.send(.message(.userNotExist), id: request, to: id)
        }
        if recipient.blocks.contains(sender) { return effects.send(.message(.userBlocked), id: request, to: id) }
        switch MessageText.fault(in: draft.text, limit: settings.text) {
        case .empty: return effects.send(.message(.empty), id: request, to: id)
        case .tooLong: return effects.send(.message(.tooLong), id: request, to: id)
        case nil: break
        }
        if recipient.unread >= settings.mailbox { return effects.send(.message(.mailboxFull), id: request, to: id) }

        let stored = StoredMessage(
            sequence: recipient.lastSequence + 1, from: sender, text: draft.text, time: now.wall)
        accounts[to]?.lastSequence = stored.sequence
        effects.changes.append(.direct(stored, to: to))
        let reply = Reply.message(.success, stored.receipt)
        if let key = draft.key { remember(key, reply, of: sender, into: &effects) }
        effects.send(reply, id: request, to: id)
        if let connection = recipient.connection { pass(stored, on: connection, into: &effects) }
    }

    private mutating func remember(_ key: MessageKey, _ reply: Reply, of sender: UserName, into effects: inout Effects) {
        accounts[sender]?.keys?.remember(key, reply)
        effects.changes.append(.usedKey(StoredKey(key: key, reply: reply), by: sender))
    }

    /// Sends a message on to its recipient at once, unless earlier ones still wait or too much is on its way already:
    /// then it follows from the store, when what is on its way has been acknowledged.
    private mutating func pass(_ message: StoredMessage, on id: ConnectionID, into effects: inout Effects) {
        guard case .online(var session) = connections[id]?.phase else { return }
        let bytes = message.text.utf8.count
        guard session.sent + 1 == message.sequence, session.inFlight.count < settings.inFlightMessages,
            session.inFlight.isEmpty || session.inFlightBytes + bytes <= settings.inFlightBytes
        else { return }
        session.take(message)
        connections[id]?.phase = .online(session)
        effects.actions.append(.sendDirect(message, to: id, isMarked: !session.dialect.isExtended))
    }

    /// What the store had after the place up to which the session was sent on.
    package mutating func inboxLoaded(_ messages: [StoredMessage], for id: ConnectionID, into effects: inout Effects) {
        guard case .online(var session) = connections[id]?.phase else { return }
        for message in messages where message.sequence > session.sent {
            session.take(message)
            effects.actions.append(.sendDirect(message, to: id, isMarked: !session.dialect.isExtended))
        }
        // The messages of a removed account leave gaps: when nothing is left, the session is where its stream is.
        if messages.isEmpty, let last = accounts[session.name]?.lastSequence { session.sent = last }
        connections[id]?.phase = .online(session)
    }

    /// The user has all direct messages up to `through`; the senders who can be told are told.
    mutating func acknowledge(_ name: UserName, through: UInt64, byClient: Bool, into effects: inout Effects) {
        guard let account = accounts[name] else { return }
        let connection = account.connection
        guard var session = connection.flatMap({ session(of: $0) }), let connection else {
            // A resume tells what arrived before the connection was lost.
            guard through > account.acknowledged, through <= account.lastSequence else { return }
            accounts[name]?.acknowledged = through
            effects.changes.append(.acknowledged(name, through: through, byClient: byClient))
            return
        }
        let through = min(through, session.sent)
        guard through > account.acknowledged else { return }
        accounts[name]?.acknowledged = through
        effects.changes.append(.acknowledged(name, through: through, byClient: byClient))
        tellSenders(of: session.inFlight.prefix { $0.sequence <= through }, to: name, into: &effects)
        session.inFlight.removeFirst(session.inFlight.prefix { $0.sequence <= through }.count)
        if session.inFlight.isEmpty { session.inFlightBytes = 0 }
        connections[connection]?.phase = .online(session)
        if session.inFlight.isEmpty, session.sent < account.lastSequence {
            effects.actions.append(.loadInbox(connection, name, after: session.sent))
        }
    }

    private func tellSenders(of delivered: ArraySlice<Session.InFlight>, to name: UserName, into effects: inout Effects) {
        var last: [UserName: UInt64] = [:]
        for message in delivered { last[message.from] = message.sequence }
        for (sender, sequence) in last.sorted(by: { $0.key < $1.key }) {
            guard let connection = accounts[sender]?.connection, session(of: connection)?.dialect.isExtended == true else { continue }
            effects.send(.delivered(to: name, through: sequence), to: connection)
        }
    }

    mutating func broadcast(
        _ text: String, _ key: MessageKey?, _ request: RequestID?, from sender: UserName, on id: ConnectionID, at now: Moment,
        into effects: inout Effects
    ) {
        if let key, let earlier = accounts[sender]?.keys?.reply(to: key) { return effects.send(earlier, id: request, to: id) }
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
    fileprivate mutating func take(_ message: StoredMessage) {
        sent = message.sequence
        inFlight.append(InFlight(sequence: message.sequence, from: message.from))
        inFlightBytes += message.text.utf8.count
    }
}

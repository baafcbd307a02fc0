package import ChatProtocol

/// What the rules want done: first all changes made durable, then the actions in their order.
package struct Effects: Sendable {
    package var changes: [Change] = []
    package var actions: [Action] = []

    package init() {}

    package mutating func send(_ reply: Reply, id: RequestID?, to connection: ConnectionID) {
        actions.append(.send(.reply(reply, id: id), to: connection))
    }

    package mutating func send(_ event: Event, to connection: ConnectionID) {
        actions.append(.send(.event(event), to: connection))
    }
}

package enum Action: Equatable, Sendable {
    case send(ServerMessage, to: ConnectionID)
    /// A direct message, which counts as delivered once it was written if `isMarked`.
    case sendDirect(StoredMessage, to: ConnectionID, isMarked: Bool)
    case broadcast(from: UserName, text: String, Reply.Receipt, except: [ConnectionID])
    /// To every audience that wants presence.
    case presence(UserName, isOnline: Bool, except: [ConnectionID])
    /// Everybody online but the user, who is hidden from nobody, in no particular order.
    case sendPresenceList(for: UserName, to: ConnectionID)
    case join(ConnectionID, Audience)
    case leave(ConnectionID)
    /// After what was sent before.
    case close(ConnectionID)
    // Indirect is what is large and seldom, as in `Reply`.
    indirect case checkPassword(ConnectionID, name: UserName?, password: String, against: String?)
    indirect case changePassword(ConnectionID, name: UserName, old: String, new: String, against: String, RequestID?)
    /// Let these two through the relay to each other, once.
    case admitRelay(RelayTicket, RelayTicket)
    case loadInbox(ConnectionID, UserName, after: UInt64)
    indirect case loadHistory(ConnectionID, UserName, HistoryQuery, RequestID?)
    case nothing
}

extension [Action] {
    /// Takes an action out and leaves nothing in its place: a copy would share, and then release, all that is in it.
    mutating func take(at index: Int) -> Action {
        var action = Action.nothing
        swap(&action, &self[index])
        return action
    }
}

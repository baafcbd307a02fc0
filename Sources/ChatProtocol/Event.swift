/// What the server tells without being asked.
package enum Event: Equatable, Sendable {
    case message(from: UserName, text: String, Reply.Receipt)
    case broadcast(from: UserName, text: String, Reply.Receipt)
    case loggedIn(UserName)
    case loggedOut(UserName)
    /// Extended: who came and went, together.
    case presence(Presence)
    /// Extended: `user` has all your messages up to this place in the stream of that user.
    case delivered(to: UserName, through: UInt64)
    /// Extended: somebody starts a private session with this client.
    indirect case privateRequest(PeerIntroduction)
    /// Logged out for inactivity.
    case timeout
    /// Extended: answer, to show that the connection lives.
    case ping
    /// Extended: the server ends this connection.
    case bye(Farewell)

    package struct Presence: Equatable, Sendable {
        package var online: [UserName]
        package var offline: [UserName]
        /// Who was online already at login, and no news; in pieces if there are many.
        package var isList: Bool
        /// The first piece of the list: everyone known before and not named is offline.
        package var isReset: Bool

        package init(online: [UserName] = [], offline: [UserName] = [], isList: Bool = false, isReset: Bool = false) {
            self.online = online
            self.offline = offline
            self.isList = isList || isReset
            self.isReset = isReset
        }
    }

    package enum Farewell: String, Sendable, CaseIterable {
        /// The server stops; the session can be resumed when it is back.
        case shutdown = "SHUTDOWN"
        /// The session goes on over another connection.
        case replaced = "REPLACED"
        /// The account is no more.
        case removed = "REMOVED"
    }
}

/// Anything that the server sends.
package enum ServerMessage: Equatable, Sendable {
    case reply(Reply, id: RequestID?)
    case event(Event)
}

package import ChatProtocol

/// A line that the user sends over a private session, by the user interface's own number; what becomes of it is told with that.
package struct PeerTicket: Hashable, Sendable {
    package let number: Int64

    package init(number: Int64) { self.number = number }
}

/// What goes into ``PrivateSessions``.
package enum PeerInput: Equatable, Sendable {
    // From the user.

    /// Logged in under this name; private sessions under another are over.
    case loggedIn(as: UserName)
    /// Open a private session; ends in `opened` or `closed`.
    case start(UserName)
    /// Close it, or stop trying to open it.
    case stop(UserName)
    case say(UserName, text: String, PeerTicket)
    /// Send a line again that was reported as failed after it had been taken.
    case retry(UserName, PeerTicket)
    /// All lines up to this number are on the user's screen (or in the script's pipe).
    case shown(UserName, through: UInt64)
    /// The answer to `PeerNews.asked`.
    case consent(UserName, Bool)
    /// The user accepts the changed key.
    case acceptKey(UserName)
    /// The user has compared the safety number.
    case verify(UserName)
    /// Forget the key of somebody.
    case forget(UserName)
    /// See how long it is to somebody and back.
    case measure(UserName)
    /// The client leaves: all sessions end and the others are told.
    case quit

    // From the server.

    /// What the server answered to `PeerOutput.ask` for `asked`; the two had better agree.
    case introduced(PeerIntroduction, asked: UserName)
    case refused(UserName, StartRefusal)
    /// The other side starts a private session.
    case request(PeerIntroduction)

    // From the links.

    /// A link is up: the pin was compared, both have said `hello` for chat.
    case linkUp(PeerLinkID, UserName, PeerRoute, isInitiator: Bool)
    /// No link came of a `dial` (`isInitiator`) or an `expect`.
    case linkFailed(UserName, isInitiator: Bool, reason: String)
    /// The one who answered a `dial` (`isInitiator`), or came after an `expect`, has another key than the server announced, and there is
    /// no link.
    case wrongPin(UserName, isInitiator: Bool)
    case linkDown(PeerLinkID, reason: String)
    case received(PeerLinkID, PeerMessage)
    /// The other side sent what is no message.
    case malformed(PeerLinkID, reason: String)

    /// The time of ``PrivateSessions/nextWake`` has come (calling early or late does no harm).
    case tick
}

/// Why the server brings nobody together.
package enum StartRefusal: Hashable, Sendable {
    case userNotExist, userSelf, userBlocked, userOffline
    /// The other side's client has no encrypted private messaging.
    case unsupported
    /// There is no connection to the server, or it did not answer.
    case noServer
    /// The server answered something else.
    case unclear
}

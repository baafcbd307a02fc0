package import ChatProtocol

/// What the client asked for, by the client's own number; the answer comes back with it.
package struct Ticket: Hashable, Sendable {
    package let number: Int64

    package init(number: Int64) { self.number = number }
}

/// What goes into a ``Session``.
package enum SessionInput: Equatable, Sendable {
    /// Log in with these; connects if there is no link.
    case login(name: UserName, password: String)
    /// The user accepts the unknown server's fingerprint: connect again.
    case trust(fingerprint: String)
    case linkOpened(LinkSecurity)
    case linkClosed(LinkFailure)
    case received(ServerMessage)
    /// The server sent something that is no message of the protocol; the text says why not.
    case malformed(String)
    /// Carry out a request; messages and broadcasts wait and are repeated until they are confirmed, all others fail when the link does.
    case request(Request, Ticket)
    /// All direct messages up to here are on the user's screen (or in the script's pipe).
    case shown(through: UInt64)
    /// Log out and end.
    case logout
    /// Reconnect now instead of waiting out the back-off.
    case reconnectNow
    /// The time named by ``Session/nextWake`` has come (calling early or late does no harm).
    case tick
}

/// What comes out of a ``Session``, in order.
package enum SessionOutput: Equatable, Sendable {
    case connect
    /// Remember the fingerprint, then connect.
    case trustAndConnect(fingerprint: String)
    case disconnect
    case transmit(RequestFrame)
    case tell(SessionNews)
}

/// What a user interface learns from a ``Session``.
package enum SessionNews: Equatable, Sendable {
    case phase(SessionPhase)
    case message(from: UserName, text: String, Reply.Receipt)
    case broadcast(from: UserName, text: String, Reply.Receipt)
    case presence(Event.Presence)
    /// `user` has all own messages up to this one.
    case delivered(to: UserName, through: UInt64)
    /// Somebody starts a private session with this client.
    case privateRequest(PeerIntroduction)
    case reply(Reply, Ticket)
    /// No answer will come.
    case failed(Ticket, RequestFailure)
    /// The server did not understand something: a defect on one side, shown for what it is.
    case complaint(String)
    /// The server sent something that makes no sense. Told once a link.
    case nonsense(String)
}

package enum RequestFailure: Equatable, Sendable {
    case connectionLost
    /// Too many lines wait for a server that does not answer.
    case queueFull
    case notLoggedIn
    case unavailable
}

package enum SessionPhase: Equatable, Sendable {
    /// Nothing asked for yet.
    case idle
    case connecting
    case loggingIn
    case online(Online)
    /// The link broke; tries again at this uptime.
    case waiting(untilUptime: UInt64, reason: String)
    /// The server is unknown; ``SessionInput/trust(fingerprint:)`` goes on.
    case confirming(fingerprint: String)
    case ended(SessionEnd)

    package struct Online: Equatable, Sendable {
        package var name: UserName
        package var security: LinkSecurity
        /// Seconds; 0 for never.
        package var timeout: Int
        package var isResumed: Bool

        package init(name: UserName, security: LinkSecurity, timeout: Int, isResumed: Bool) {
            self.name = name
            self.security = security
            self.timeout = timeout
            self.isResumed = isResumed
        }
    }
}

package enum SessionEnd: Equatable, Sendable {
    case loggedOut
    case inactivity
    /// The login was refused, with the server's word for it.
    case refused(Reply.LoginStatus)
    case changedServer(known: String, presented: String, remedy: String)
    /// No connection can be made, and trying again makes no sense or was not wanted.
    case unreachable(String)
    case replaced
    case removed
}

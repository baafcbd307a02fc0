package import ChatProtocol

/// One client's connection, from the first byte to the last.
package struct Connection: Sendable {
    // Indirect is what is large and seldom: every message looks at this.
    package enum Phase: Sendable {
        case greeting
        /// Waits for the verdict on a password; what comes in meanwhile is held.
        indirect case verifying(Request.Login, RequestID?, held: [ConnectionInput])
        case online(Boxed<Session>)
    }

    package let id: ConnectionID
    /// Where the client is, as numbers.
    package let address: String
    /// Uptime of the first byte's arrival.
    package let opened: UInt64
    package var phase = Phase.greeting
    package var attempts = 0
    package var badRequests = 0
    /// The uptime of this connection's one valid entry among the deadlines.
    package var armed: UInt64?
    /// A change of password is being worked on.
    package var isChangingPassword = false

    /// Changes the session, if there is one, where it is.
    @discardableResult
    mutating func update<Result>(_ change: (inout Session) -> Result) -> Result? {
        guard case .online(var session) = phase else { return nil }
        // Held twice, it would be copied.
        phase = .greeting
        defer { phase = .online(session) }
        return change(&session.value)
    }

    package init(id: ConnectionID, address: String, opened: UInt64) {
        self.id = id
        self.address = address
        self.opened = opened
    }
}

/// A logged-in user at the other end of a connection. Times are uptimes.
package struct Session: Sendable {
    package let name: UserName
    package let dialect: Dialect
    package let privatePort: UInt16
    /// How this client is met for private sessions that are verified at both ends.
    package let peer: PeerOffer?
    /// The last command, for the inactivity rule, and the last sign of life, for the keep-alive.
    package var lastCommand: UInt64
    package var lastHeard: UInt64
    package var pinged: UInt64?
    /// The last direct message sent on; those up to it and not acknowledged are in flight.
    package var sent: UInt64
    package var inFlight: [InFlight] = []
    package var inFlightBytes = 0

    /// Whether others can fetch pieces of files from this client.
    var canServe: Bool { dialect.isExtended && peer != nil }

    package struct InFlight: Sendable {
        package var sequence: UInt64
        package var from: UserName
    }

    package init(
        name: UserName, dialect: Dialect, privatePort: UInt16, peer: PeerOffer?, lastCommand: UInt64, now: UInt64, sent: UInt64
    ) {
        self.name = name
        self.dialect = dialect
        self.privatePort = privatePort
        self.peer = peer
        self.lastCommand = lastCommand
        lastHeard = now
        self.sent = sent
    }
}

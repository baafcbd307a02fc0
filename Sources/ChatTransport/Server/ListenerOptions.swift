/// What a listener is told from outside: its limits and which clients may do without encryption.
package struct ListenerOptions: Sendable {
    package enum Plaintext: String, CaseIterable, Sendable {
        case loopback, always, never
    }

    package var host = "127.0.0.1"
    /// 0 for any that is free.
    package var port = 12346
    package var plaintext = Plaintext.loopback
    package var connections = 10_000
    package var connectionsBeforeLogin = 64
    /// Frames that are no requests, on one connection, after which nothing more is taken from it.
    package var badRequests = 5
    /// Requests of one session: burst and rate a second; `nil` for no limit.
    package var flood: Flood? = Flood()
    /// Bytes that wait for one client: above `soft` its requests are no longer read, above `hard` it is cut off.
    package var softOutbound = 256 * 1024
    package var hardOutbound = 1024 * 1024
    /// Seconds of silence before TCP itself asks whether a client is still there, and until it gives up.
    package var keepAlive = 30
    package var keepAliveGrace = 10
    package var eventLoops: Int
    package var relay = Relay()

    package init(eventLoops: Int) { self.eventLoops = eventLoops }

    package struct Flood: Sendable {
        package var burst = 50.0
        package var perSecond = 20.0

        package init() {}
    }

    /// The bounds of the relay, where two clients meet that do not reach each other directly.
    package struct Relay: Sendable {
        /// Pairs joined at the same time; those who come later are told `BUSY`.
        package var sessions = 100
        /// For each pair, both directions together.
        package var bytesPerSecond = 8.0 * 1024 * 1024
        /// Bytes of one direction that were read and are not in the other's socket yet; past it reading pauses.
        package var window = 256 * 1024
        /// How long after it was given out a ticket is good.
        package var ticketLife = Duration.seconds(60)
        /// Pairs of tickets that are given out and not used; beyond it the oldest are forgotten.
        package var tickets = 10_000
        /// How long one side waits for the other.
        package var patience = Duration.seconds(10)
        /// How long two stay joined at the most, and without a byte in either direction.
        package var lifetime = Duration.seconds(24 * 60 * 60)
        package var idle = Duration.seconds(120)

        package init() {}
    }
}

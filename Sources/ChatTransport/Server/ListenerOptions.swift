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

    package init(eventLoops: Int) { self.eventLoops = eventLoops }

    package struct Flood: Sendable {
        package var burst = 50.0
        package var perSecond = 20.0

        package init() {}
    }
}

import ChatProtocol

/// The numbers of the rules. Durations are in seconds.
package struct ChatSettings: Equatable, Sendable {
    /// How long a name is locked after too many wrong passwords.
    package var blockDuration = 60.0
    /// A session without a command for so long is logged out; 0 for never.
    package var timeout = 0.0
    package var failuresBeforeLockout = 3
    /// Time to log in, absolute.
    package var loginTime = 15.0
    package var loginAttempts = 3
    /// Frames that are no requests, on one connection, before it is closed.
    package var badRequests = 5
    /// Silence after which an extended client is pinged, and the grace it then has.
    package var keepAlive = 30.0
    package var keepAliveGrace = 10.0
    /// How long a lost session can be taken up again.
    package var resumeWindow = 300.0
    /// Unread direct messages of one user.
    package var mailbox = 10_000
    package var text = WireLimits.text
    /// Names for which failures are remembered at the same time.
    package var lockouts = 10_000
    /// Requests held back while a connection's password is checked.
    package var held = 50
    /// Direct messages, and bytes of their text, on their way to one client and not acknowledged.
    package var inFlightMessages = 256
    package var inFlightBytes = 128 * 1024

    package init() {}
}

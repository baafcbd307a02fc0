package import ChatProtocol

extension PeerHost {
    /// What becomes of ``dial(_:)`` and ``expect(_:)``: `linkUp`, or `failed`, or `wrongPin`, once for each of them unless
    /// it was cancelled; then what a link brings, and `linkDown` when it has ended without ``close(_:)``.
    package enum Report: Sendable {
        /// Both sides have verified the other's pin and said hello.
        case linkUp(PeerLinkID, Peer, route: PeerRoute)
        /// On a link for chat.
        case received(PeerLinkID, PeerMessage)
        /// On a link for bulk data.
        case frame(PeerLinkID, BulkFrame)
        /// The other side sent something that makes no sense. A link for bulk data is lost with that.
        case malformed(PeerLinkID, BadRequest)
        /// Whether more may be sent: false while many bytes wait for the other side. Who goes on regardless loses the link.
        case writability(PeerLinkID, isWritable: Bool)
        /// The reason is for people.
        case linkDown(PeerLinkID, reason: String)
        case failed(Peer, reason: String)
        /// Somebody else answered, or came, in place of the one that was announced; nothing was sent to them.
        case wrongPin(Peer, presented: PeerPin)
    }

    /// Whom a report is about.
    package struct Peer: Equatable, Sendable {
        package let user: UserName
        /// The pin that the server has told; on a link, the one that was verified.
        package let pin: PeerPin
        /// This side dialed.
        package let isInitiator: Bool
        /// What the link is for, or was to be for.
        package let purpose: PeerMessage.Purpose
    }

    /// How long things may take, and how much there may be of them.
    package struct Options: Sendable {
        /// Without a link after so long, the relay is tried as well.
        package var relayAfter = Duration.seconds(2)
        /// How long an announced pin is accepted.
        package var expectFor = Duration.seconds(60)
        /// How long somebody whom the server has not announced yet may wait for that.
        package var announcement = Duration.seconds(2)
        /// For a connection, and then for TLS and the first message.
        package var connectWithin = Duration.seconds(10)
        package var greetWithin = Duration.seconds(10)
        /// The server's answer at the relay: it waits for the other side for 10 s.
        package var relayWithin = Duration.seconds(15)
        /// Bytes that wait for the other side, beyond what is in the socket: above `soft` it is reported, above `hard` the link is cut.
        package var softOutbound = 256 * 1024
        package var hardOutbound = 1024 * 1024
        /// The same for links for bulk data, from ``PeerHost/send(frames:on:)`` on. What is between the two is for those who learn late.
        package var softBulkOutbound = 1024 * 1024
        package var hardBulkOutbound = 8 * 1024 * 1024
        /// Connections from outside that have not said hello; beyond it the oldest goes.
        package var incoming = 32
        /// Dialed and expected at a time, for each purpose; what is more fails at once.
        package var meetings = 32

        package init() {}
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }
}

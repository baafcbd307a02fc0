/// What goes from client to client over a private link: one JSON object a line, inside mutual TLS 1.3.
package enum PeerMessage: Equatable, Sendable {
    /// The first from each side: what the link is for. Anything else before it ends the link.
    case hello(Purpose)
    /// The second on a link for chat, from each side: what one's own lines are called, and how many of the other's, if one knows
    /// them by this name, one has. A side that sends it agrees to the session; lines may follow once both have sent it.
    case session(stream: PeerStream, yours: PeerStream?, through: UInt64)
    /// A line of text. Numbers count from 1 in each side's stream, grow, and never repeat, so that a repetition is recognised.
    case text(number: UInt64, String)
    /// All lines up to this number are on the other's screen.
    case ack(through: UInt64)
    case ping
    case pong
    /// The session ends: the other stopped it, or its client is going.
    case bye(Farewell)

    /// What a link is for: lines of text, or pieces of files.
    package enum Purpose: String, Sendable, CaseIterable { case chat, bulk }
    package enum Farewell: String, Sendable, CaseIterable {
        case stopped = "STOPPED"
        case leaving = "LEAVING"
        /// The other side does not want this session.
        case declined = "DECLINED"
    }
}

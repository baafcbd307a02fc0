import ChatProtocol

/// How a ``Scheduler`` behaves. Times in nanoseconds.
package struct SchedulerSettings: Sendable {
    /// Requests on their way to one peer: at the start, and between which bounds they follow its rate.
    package var firstWindow = 4
    package var windows = 2...16
    /// Pieces begun and not complete.
    package var mostOpenPieces = 64
    package var mostPeers = 32
    /// A request is asked again elsewhere when nothing of it came for so long, or for four times what a block of that peer takes.
    package var late = 3 * Moment.second
    /// A peer that sends nothing of what it was asked for so long is dropped.
    package var stall = 15 * Moment.second
    /// Nobody who was dropped for that is asked again for so long.
    package var rest = 60 * Moment.second
    /// The same when there is nobody else.
    package var restOfLast = 5 * Moment.second
    /// Peers that are asked for the same block at the end.
    package var mostCopies = 3
    /// Pieces at the start that are chosen by chance alone.
    package var randomPieces = 4
    /// Beyond this share of what came, a peer is spared what others have too.
    package var fairShare = 0.5

    package init() {}
}

/// Why a peer is not asked any more.
package enum DropReason: Equatable, Sendable {
    /// It sent data that does not belong to the file.
    case lied
    /// It sent nothing of what it was asked for.
    case stalled
    /// It sent much that nobody asked for.
    case unruly

    package var words: String {
        switch self {
        case .lied: "sent false data"
        case .stalled: "sent nothing for 15 seconds"
        case .unruly: "sent data that was not asked for"
        }
    }
}

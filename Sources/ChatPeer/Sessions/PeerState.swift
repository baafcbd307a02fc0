import ChatProtocol

/// What a client keeps about one other person while it runs.
struct PeerState: Sendable {
    /// What the own lines to this person are called. It goes with the numbers: who is forgotten gets another.
    let stream: PeerStream
    /// The last number given to a line of one's own, and the last that was ever sent.
    var lastNumber: UInt64 = 0
    var lastSent: UInt64 = 0
    /// The other's lines.
    var theirStream: PeerStream?
    var received: UInt64 = 0
    var shown: UInt64 = 0
    var acknowledged: UInt64 = 0

    /// The session, if one is open: it may be without a link for a moment.
    var session: OpenSession?
    /// The way to a session, or to another link for the one that is open.
    var approach: Approach?

    /// Lines of sessions that are over, oldest first; at most ``PrivateSessions/Limits/failed``.
    var failed: [FailedLine] = []
    /// A key that is not the remembered one and that the user may accept.
    var changedPin: PeerPin?
    /// The user ended a session whose link was dead: until this uptime the other side may come to revive it, and is told.
    var stoppedUntil: UInt64?
    /// As uptime.
    var lastUse: UInt64

    var isIdle: Bool { session == nil && approach == nil }
}

struct OpenSession: Sendable {
    /// The key that the session began with; every link of it has this one.
    let pin: PeerPin
    /// `nil` while another is being opened.
    var link: OpenLink?
    /// Not acknowledged, oldest first; at most ``PrivateSessions/Limits/lines``.
    var lines: [Line] = []
    /// How many of them were sent on this link.
    var sent = 0
}

struct OpenLink: Equatable, Sendable {
    let id: PeerLinkID
    let route: PeerRoute
    /// Uptimes: when it was up, when anything last came, and when a ping was sent that nothing has followed yet.
    let since: UInt64
    var lastReceived: UInt64
    var probedAt: UInt64?
    /// When the ping was sent whose pong has not come, and how long the last took, in nanoseconds.
    var pingedAt: UInt64?
    var roundTrip: UInt64?
    /// It is not the first of its session.
    let isRevived: Bool
}

struct Line: Equatable, Sendable {
    let number: UInt64
    let text: String
    let ticket: PeerTicket
}

/// A line that was not acknowledged when its session ended.
struct FailedLine: Equatable, Sendable {
    let line: Line
    /// Sent, and the other side has not said since whether it arrived.
    var isOpen: Bool
}

/// The way to a link that both sides agree to.
struct Approach: Sendable {
    enum Stage: Equatable, Sendable {
        /// The server was asked to bring both together. The other's request that came meanwhile was passed over for that.
        case asking(passedOver: PeerIntroduction?)
        /// There is no server to ask; only to revive a session.
        case awaitingServer
        case dialing(PeerIntroduction)
        case expecting(PeerIntroduction)
        /// The other side's link is up, but the user has to agree to something.
        case held(PendingLink, needsConsent: Bool, needsKey: Bool)
        /// The link is up and this side has agreed to the session.
        case greeting(PendingLink)
    }

    var stage: Stage
    /// As uptime.
    let since: UInt64
    var deadline: UInt64
    /// The user knows of it, so its end is told.
    var isKnown: Bool
    /// Somebody is expected whom the user wants to meet too: if nobody comes, the server is asked.
    var isWanted = false

    var link: PendingLink? {
        switch stage {
        case .held(let link, _, _), .greeting(let link): link
        case .asking, .awaitingServer, .dialing, .expecting: nil
        }
    }

    /// Whether the network's side is at work for it.
    var isDialingOrExpecting: Bool {
        switch stage {
        case .dialing, .expecting: true
        case .asking, .awaitingServer, .held, .greeting: false
        }
    }
}

/// A link that is up but carries no session yet.
struct PendingLink: Equatable, Sendable {
    let id: PeerLinkID
    let pin: PeerPin
    let route: PeerRoute
    let isInitiator: Bool
    /// The other side has agreed.
    var greeting: Greeting?
}

/// What `PeerMessage.session` says.
struct Greeting: Equatable, Sendable {
    let stream: PeerStream
    let yours: PeerStream?
    let through: UInt64
}

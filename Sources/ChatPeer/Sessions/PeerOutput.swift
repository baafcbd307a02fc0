package import ChatProtocol

/// What comes out of ``PrivateSessions``, in order.
package enum PeerOutput: Equatable, Sendable {
    /// Send the server a `startprivate`; answered by `introduced` or `refused`.
    case ask(UserName)
    /// Open a link; answered by `linkUp`, `linkFailed` or `wrongPin`.
    case dial(PeerIntroduction)
    /// Take a link from this person, for 60 s; answered by `linkUp` or `linkFailed`.
    case expect(PeerIntroduction)
    /// Dial and expect `user` no more; a late report does no harm.
    case abandon(UserName)
    case transmit(PeerMessage, PeerLinkID)
    /// Send what was transmitted, then close; no report of this link matters any more.
    case close(PeerLinkID)
    /// Write down what is known of somebody from now on.
    case remember(KnownPerson)
    case forget(UserName)
    case tell(PeerNews)
}

/// What a user interface learns from ``PrivateSessions``.
package enum PeerNews: Equatable, Sendable {
    /// On the way to a session that the user asked for.
    case opening(UserName)
    /// Somebody wants a private session, and the user is to be asked: ``PeerInput/consent(_:_:)``.
    case asked(UserName, TrustJudgement)
    /// Somebody who is not verified wanted a private session, and the setting refuses that.
    case turnedAway(UserName)
    /// The session is open. `isMine`: this side asked for it.
    case opened(UserName, PeerRoute, TrustJudgement, isMine: Bool)
    /// The link is dead; another one is being opened. Lines wait meanwhile.
    case interrupted(UserName)
    /// The session goes on over another link.
    case resumed(UserName, PeerRoute)
    case text(UserName, String, number: UInt64)
    /// The line is on the other's screen. It may have been reported as failed before.
    case delivered(UserName, PeerTicket)
    case failed(UserName, PeerTicket, LineFailure)
    /// The session is over, or did not come about.
    case closed(UserName, PeerEnd)
    /// The key is not the one remembered: a warning that stays until it is accepted. If it `wasVerified`, there is no session with it
    /// before that.
    case keyChanged(UserName, wasVerified: Bool)
    /// What is thought of the key of somebody is another now.
    case trust(UserName, TrustJudgement)
}

/// Why a line was not sent, or may not have arrived.
package enum LineFailure: Hashable, Sendable {
    case noSession
    case empty, tooLong
    /// Too many lines wait for the other side.
    case queueFull
    /// The session ended before the other side had it. It is kept for a while and can be retried.
    case notDelivered
    case keyChanged
}

/// Why a private session is over or did not come about.
package enum PeerEnd: Equatable, Sendable {
    case stoppedByMe, stoppedByThem
    case leftByMe, leftByThem
    /// The link broke and could not be opened again.
    case linkDead(String)
    case declinedByMe, declinedByThem
    case refused(StartRefusal)
    /// No way to the other client was found.
    case unreachable(String)
    /// The one who answered has another key than the server announced.
    case wrongPin
    /// A verified person's key is another one; it was not accepted.
    case keyChanged
    /// The other side broke the rules of the protocol.
    case broken(String)
    /// There are too many private sessions.
    case tooMany
}

/// From whom private sessions are taken.
package enum ConsentRule: String, Sendable, CaseIterable {
    /// From everyone whom the user has not blocked; with a notice.
    case everyone
    /// The user is asked each time.
    case ask
    /// From verified people alone.
    case verified
}

package import ChatProtocol

/// All private sessions of a client, as a value: who may open one, over which link it goes, which lines have arrived.
///
/// It does no I/O. Everything that happens goes in through ``handle(_:at:)``, what is to be done comes out, in order. For each person
/// there is at most one session and one ``Approach`` to a link:
///
/// ```
/// start ──▶ asking ──introduced──▶ dialing ──linkUp──▶ greeting ──their `session`──▶ open
/// request ─────────────────────▶ expecting ──linkUp──▶ (held ──consent, key accepted──▶) greeting ──▶ open
/// open ──link dead──▶ asking … greeting ──▶ open again, or closed
/// ```
///
/// When both start at once, the one with the smaller pin (of equal pins: the smaller name) goes on as the initiator and passes the
/// other's request over; the other gives its own attempt up and waits. A link that breaks is tried again once: both ask, and the same rule
/// decides. A session with a live link never gives way to another key, and never ends because the server is gone or the user was blocked.
package struct PrivateSessions: Sendable {
    package enum Limits {
        /// People with a session, or on the way to one.
        package static let sessions = 64
        /// People of whom anything is kept; the one not used for longest is forgotten first.
        package static let people = 1000
        /// Lines of one session that are not acknowledged.
        package static let lines = 200
        /// Lines kept of sessions that are over, for each person.
        package static let failed = 200
        /// Bytes of text on their way to one person, unless one line has more.
        package static let window = 64 * 1024
        /// Characters passed on of an explanation by others.
        package static let reason = 200
    }

    /// In nanoseconds.
    enum Patience {
        static let server = 20 * Moment.second
        /// Two seconds for direct ways, ten for the relay, and the handshakes.
        static let dialing = 30 * Moment.second
        static let expecting = 60 * Moment.second
        static let consent = 60 * Moment.second
        static let greeting = 10 * Moment.second
        /// The other side's user may be asked first.
        static let theirConsent = 75 * Moment.second
        /// How long a session may be without a link.
        static let reviving = 30 * Moment.second
        static let silence = 15 * Moment.second
        static let probe = 10 * Moment.second
        /// A revived link that broke sooner is not worth another attempt.
        static let steady = 10 * Moment.second
        /// An expected link that has not come for so long is no reason not to ask.
        static let stale = 8 * Moment.second
    }

    /// This client's own.
    package let pin: PeerPin
    package var consent: ConsentRule
    package internal(set) var book: TrustBook

    var random: any RandomNumberGenerator & Sendable
    /// Who is logged in.
    var me: UserName?
    var people: [UserName: PeerState] = [:]
    /// Whose each link is that is pending or open.
    var links: [PeerLinkID: UserName] = [:]
    /// What to do, gathered while one input is handled.
    var outputs: [PeerOutput] = []

    /// - Parameter random: where the names of streams come from.
    package init(pin: PeerPin, book: TrustBook, consent: ConsentRule = .everyone, random: any RandomNumberGenerator & Sendable) {
        self.pin = pin
        self.book = book
        self.consent = consent
        self.random = random
    }

    /// Takes one input in and returns what is to be done, in order.
    package mutating func handle(_ input: PeerInput, at now: Moment) -> [PeerOutput] {
        switch input {
        case .loggedIn(let user): loggedIn(as: user, at: now)
        case .start(let user): start(user, at: now)
        case .stop(let user): stop(user, at: now)
        case .say(let user, let text, let ticket): say(text, to: user, ticket)
        case .retry(let user, let ticket): retry(ticket, to: user)
        case .shown(let user, let number): shown(user, through: number)
        case .consent(let user, let isGiven): consented(user, isGiven, at: now)
        case .acceptKey(let user): acceptKey(of: user, at: now)
        case .verify(let user): verify(user)
        case .forget(let user): forget(user)
        case .quit: quit()
        case .introduced(let introduction, let user): introduced(introduction, asked: user, at: now)
        case .refused(let user, let why): refused(user, why, at: now)
        case .request(let introduction): requested(introduction, at: now)
        case .linkUp(let link, let user, let route, let isInitiator): linkUp(link, user, route, isInitiator: isInitiator, at: now)
        case .linkFailed(let user, let isInitiator, let reason):
            linkFailed(user, isInitiator: isInitiator, .unreachable(Self.brief(reason)), at: now)
        case .wrongPin(let user, let isInitiator): linkFailed(user, isInitiator: isInitiator, .wrongPin, at: now)
        case .linkDown(let link, let reason): linkDown(link, Self.brief(reason), at: now)
        case .received(let link, let message): received(message, on: link, at: now)
        case .malformed(let link, let reason): broken(link, Self.brief(reason))
        case .measure(let user): if let link = people[user]?.session?.link, link.pingedAt == nil { probe(user, link, at: now) }
        case .tick: tick(at: now)
        }
        defer { outputs = [] }
        return outputs
    }

    /// When the next ``PeerInput/tick`` is wanted, as uptime; `nil` while only an input can change anything.
    package var nextWake: UInt64? { people.values.compactMap(\.nextWake).min() }

    // MARK: To be read

    package enum Status: Equatable, Sendable {
        case opening
        /// The link is up, and the other side is to say whether to take the session; where nobody is asked, it says so at once.
        case awaitingConsent
        /// The user is to say whether to take the session.
        case asked
        /// The key is another one and has to be accepted first.
        case keyChanged
        case open(PeerRoute)
        /// Open, but without a link at the moment.
        case interrupted
    }

    /// Where things stand with `user`; `nil` for no session and none that the user knows to be on the way.
    package func status(of user: UserName) -> Status? {
        guard let person = people[user] else { return nil }
        if let session = person.session { return session.link.map { .open($0.route) } ?? .interrupted }
        guard let approach = person.approach else { return nil }
        if case .held(_, let needsConsent, _) = approach.stage { return needsConsent ? .asked : .keyChanged }
        guard approach.isKnown else { return nil }
        if case .greeting(let link) = approach.stage, link.isInitiator { return .awaitingConsent }
        return .opening
    }

    /// Who waits for the user's word whether to take a session; of several the first by name.
    package var asking: UserName? {
        let asking = people.filter { if case .held(_, needsConsent: true, _)? = $0.value.approach?.stage { true } else { false } }
        return asking.keys.min()
    }

    /// Whether lines can be sent to `user`.
    package func isOpen(_ user: UserName) -> Bool { people[user]?.session != nil }

    /// How long the last ping to `user` took, in nanoseconds, and since when one has no answer, as uptime.
    package func lag(to user: UserName) -> (roundTrip: UInt64?, waitingSince: UInt64?) {
        let link = people[user]?.session?.link
        return (link?.roundTrip, link?.pingedAt)
    }

    /// Everyone with an open session, by name.
    package var openSessions: [UserName] { people.filter { $0.value.session != nil }.keys.sorted() }

    /// What is thought of the key that `user` has now: that of the session, or the one last seen.
    package func trust(of user: UserName) -> TrustJudgement {
        guard let pin = currentPin(of: user) else { return .new }
        return book.judge(user, pin)
    }

    /// What to compare with `user`; `nil` before the first session. Takes some milliseconds.
    package func safetyNumber(with user: UserName) -> SafetyNumber? {
        guard let me, let theirs = currentPin(of: user) else { return nil }
        return SafetyNumber((me, pin), (user, theirs))
    }

    func currentPin(of user: UserName) -> PeerPin? {
        people[user]?.session?.pin ?? people[user]?.changedPin ?? book[user]?.pin
    }

    // MARK: Bookkeeping

    mutating func tell(_ news: PeerNews) { outputs.append(.tell(news)) }

    static func brief(_ reason: String) -> String { String(reason.prefix(Limits.reason)) }

    /// Makes room for `user` and takes note of the time; `false` if there are too many sessions.
    mutating func admit(_ user: UserName, at now: Moment) -> Bool {
        if let person = people[user], !person.isIdle { return true }
        guard people.values.count(where: { !$0.isIdle }) < Limits.sessions else { return false }
        if people[user] == nil {
            if people.count >= Limits.people,
                let oldest = people.filter({ $0.value.isIdle }).min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                people[oldest.key] = nil
            }
            people[user] = PeerState(stream: PeerStream(number: random.next()), lastUse: now.uptime)
        }
        people[user]?.lastUse = now.uptime
        return true
    }
}

extension PeerState {
    fileprivate var nextWake: UInt64? { [approach?.deadline, session?.link?.nextWake].compactMap(\.self).min() }
}

extension OpenLink {
    var nextWake: UInt64 {
        if let probedAt { return probedAt.later(by: PrivateSessions.Patience.probe) }
        return lastReceived.later(by: PrivateSessions.Patience.silence)
    }
}

package import ChatProtocol

/// The client's end of the protocol as a value: connects, logs in, resumes, repeats what was not confirmed, drops what came twice.
///
/// It does no I/O. Everything that happens goes in through ``handle(_:at:)``, what is to be done comes out, in order. The one who
/// carries it out follows three rules:
///
/// - `.connect` replaces whatever link there is; after `.disconnect` the reports of that link need not come any more (late ones do
///   no harm).
/// - Every attempt to connect is answered by `.linkOpened` or `.linkClosed`, and an open link that breaks by `.linkClosed`.
/// - `.tick` comes soon after ``nextWake``, which may be another one after every input.
package struct Session: Sendable {
    package internal(set) var phase: SessionPhase = .idle

    /// What to do, gathered while one input is handled.
    var outputs: [SessionOutput] = []
    /// When the input that is handled came, as uptime.
    private var uptime: UInt64 = 0
    /// How long the server takes to answer, on this link.
    package internal(set) var lag = Lag()

    /// How this client can be met for private sessions, told at every login and resume; `nil` if it takes none.
    package var offer: PeerOffer?
    /// Where it listens for them; 0 if it does not.
    package var privatePort: UInt16 = 0

    let retriesFirstConnection: Bool
    var random: any RandomNumberGenerator & Sendable
    var account: Account?
    var link = Link.none
    var backOff = BackOff()
    var inbox = Inbox()
    /// Messages and broadcasts without a reply, oldest first; at most ``Limits/lines``.
    var lines: [WaitingLine] = []
    /// Other requests without a reply, by the id of their frame; at most ``Limits/requests``.
    var open: [Int64: OpenRequest] = [:]
    /// When an attempt to connect is given up, as uptime.
    var connectDeadline: UInt64 = 0
    /// The key of a server that was visited for the first time, until it was told with a login: before one succeeds there may be many links.
    var firstVisit: String?
    /// The server's time at the last login: what was said before had waited.
    var begunAt: Timestamp?
    /// The id of the last frame that carried one; never starts over, so that no late reply meets the wrong request.
    var lastID: Int64 = 0

    /// - Parameters:
    ///   - retriesFirstConnection: whether to go on trying when there is no server at the first attempt.
    ///   - random: where message keys and the jitter of the back-off come from.
    package init(retriesFirstConnection: Bool, random: any RandomNumberGenerator & Sendable) {
        self.retriesFirstConnection = retriesFirstConnection
        self.random = random
    }

    /// Takes one input in and returns what is to be done, in order.
    package mutating func handle(_ input: SessionInput, at now: Moment) -> [SessionOutput] {
        uptime = now.uptime
        switch input {
        case .login(let name, let password): login(as: name, with: password, at: now)
        case .trust(let fingerprint): trust(fingerprint, at: now)
        case .linkOpened(let security): linkOpened(security, at: now)
        case .linkClosed(let failure): linkClosed(failure, at: now)
        case .received(let message): received(message, at: now)
        case .malformed(let reason): heardNonsense(reason, at: now)
        case .request(let request, let ticket): submit(request, ticket)
        case .shown(let sequence): shown(through: sequence)
        case .logout: logout(at: now)
        case .reconnectNow: if case .waiting = phase { connect(at: now) }
        case .tick: tick(at: now)
        }
        defer { outputs = [] }
        return outputs
    }

    mutating func enter(_ phase: SessionPhase) {
        self.phase = phase
        outputs.append(.tell(.phase(phase)))
    }

    /// Sends a request on the link and returns the id of its frame.
    @discardableResult
    mutating func transmit(_ request: Request) -> Int64 {
        lastID &+= 1
        outputs.append(.transmit(RequestFrame(request, id: RequestID(lastID))))
        lag.sent(request, lastID, at: uptime)
        return lastID
    }

    var isOnline: Bool { if case .online = phase { true } else { false } }
}

extension Session {
    enum Limits {
        static let lines = 200
        static let requests = 200
        /// How much of a server's explanation is passed on, in characters.
        static let reason = 200
    }

    /// Who logs in, and what is known about the session on the server.
    struct Account: Sendable {
        var name: UserName
        /// Kept for as long as the program runs, for a session that is over when its connection comes back.
        var password: String
        var token: ResumeToken?
        /// Whether these credentials were accepted since the user last asked to log in. What fails from then on is tried again.
        var wasOnline = false
    }

    /// The connection to the server.
    enum Link: Equatable, Sendable {
        case none
        case opening
        case open(OpenLink)
    }

    struct OpenLink: Equatable, Sendable {
        var security: LinkSecurity
        /// When anything was last received, as uptime.
        var lastReceived: UInt64
        /// Nanoseconds of silence after which to ask whether anybody is there.
        var keepAlive: UInt64
        /// When that was asked, until anything is received.
        var probedAt: UInt64?
        /// The id of the `login` or `resume` that has no reply yet.
        var entry: Entry?
        /// When the session on this link began.
        var onlineSince: UInt64?
        /// When the user asked to log out, and the id of that frame.
        var leaving: Leaving?
        /// A login on this link was refused, so the server may be about to close it.
        var isUsed = false
        /// Nonsense was told of; once is enough.
        var hasHeardNonsense = false
        /// What the server complained of, which explains why it closes.
        var complaint: String?
        /// Silence until this uptime, while connecting or logging in, ends the attempt.
        var deadline: UInt64
    }

    struct Entry: Equatable, Sendable {
        var id: Int64
        var isResume: Bool
    }

    struct Leaving: Equatable, Sendable {
        var id: Int64
        var deadline: UInt64
    }

    /// A request, other than a message or a broadcast, whose reply is awaited.
    struct OpenRequest: Sendable {
        var ticket: Ticket
        /// What the password becomes if the reply is a success.
        var newPassword: String?
    }
}

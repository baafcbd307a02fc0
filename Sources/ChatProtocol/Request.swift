/// What a client asks of the server.
///
/// A user is `nil` where the text given cannot be anybody's name; the rules answer that like any unknown name.
///
/// Indirect is what is large and seldom: a request changes hands many times between the socket and the rules.
package enum Request: Equatable, Sendable {
    indirect case login(Login)
    indirect case resume(Resume)
    case logout
    case message(to: UserName?, text: String, key: MessageKey?)
    case broadcast(text: String, key: MessageKey?)
    case block(UserName?)
    case unblock(UserName?)
    case whoelse
    case whoelsesince(seconds: Double)
    indirect case startprivate(UserName?, for: PeerMessage.Purpose = .chat)
    case ack(through: UInt64)
    indirect case history(HistoryQuery)
    indirect case passwd(old: String, new: String)
    /// From a connection that is for this alone: join it to the other side's.
    indirect case relay(RelayTicket)
    /// Something for the index of files.
    indirect case swarm(SwarmRequest)
    case ping
    case pong
    case unknown(action: String)

    package struct Login: Equatable, Sendable {
        package var name: UserName?
        package var password: String
        /// Where the client listens for private sessions; 0 if it does not.
        package var privatePort: UInt16
        package var dialect: Dialect
        /// Extended: who takes private sessions says how.
        package var peer: PeerOffer?

        package init(name: UserName?, password: String, privatePort: UInt16 = 0, dialect: Dialect, peer: PeerOffer? = nil) {
            self.peer = peer
            self.name = name
            self.password = password
            self.privatePort = privatePort
            self.dialect = dialect
        }
    }

    package struct Resume: Equatable, Sendable {
        package var token: ResumeToken
        /// The last direct message that the client has, if it knows of one.
        package var after: UInt64?
        package var dialect: Dialect
        package var privatePort: UInt16
        package var peer: PeerOffer?

        package init(
            token: ResumeToken, after: UInt64?, dialect: Dialect, privatePort: UInt16 = 0, peer: PeerOffer? = nil
        ) {
            self.privatePort = privatePort
            self.peer = peer
            self.token = token
            self.after = after
            self.dialect = dialect
        }
    }

    /// The value of the key `action`.
    package var action: String {
        switch self {
        case .login: "login"
        case .resume: "resume"
        case .logout: "logout"
        case .message: "message"
        case .broadcast: "broadcast"
        case .block: "block"
        case .unblock: "unblock"
        case .whoelse: "whoelse"
        case .whoelsesince: "whoelsesince"
        case .startprivate: "startprivate"
        case .ack: "ack"
        case .history: "history"
        case .passwd: "passwd"
        case .relay: "relay"
        case .swarm(let request): request.action
        case .ping: "ping"
        case .pong: "pong"
        case .unknown(let action): action
        }
    }
}

/// How much of the protocol a client speaks and which presence events it wants.
package struct Dialect: Equatable, Sendable {
    /// Asked for `"protocol":1`: acknowledges, answers pings, takes presence in batches.
    package var isExtended: Bool
    package var wantsPresence: Bool

    package init(isExtended: Bool, wantsPresence: Bool = true) {
        self.isExtended = isExtended
        self.wantsPresence = wantsPresence
    }

    package static let original = Dialect(isExtended: false)
    package static let extended = Dialect(isExtended: true)
}

/// Asks for one page of what was said before, newest last.
package struct HistoryQuery: Equatable, Sendable {
    /// The other side of the conversation; `nil` for broadcasts.
    package var with: UserName?
    /// Only messages before these places; absent at the first page.
    package var before: HistoryPlace?
    /// How many at the most, 1 to 200.
    package var limit: Int

    package init(with: UserName?, before: HistoryPlace? = nil, limit: Int = 50) {
        self.with = with
        self.before = before
        self.limit = max(1, min(200, limit))
    }
}

/// A place in a conversation: sequence numbers in what was received and in what was sent.
/// A broadcast history uses `received` alone.
package struct HistoryPlace: Equatable, Sendable {
    package var received: UInt64
    package var sent: UInt64

    /// Behind everything. (The largest whole number that every reader of JSON keeps exact.)
    package static let end = HistoryPlace(received: 1 << 53 - 1, sent: 1 << 53 - 1)

    package init(received: UInt64, sent: UInt64) {
        self.received = received
        self.sent = sent
    }
}

/// A request and the id that its reply is to carry.
package struct RequestFrame: Equatable, Sendable {
    package var request: Request
    package var id: RequestID?

    package init(_ request: Request, id: RequestID? = nil) {
        self.request = request
        self.id = id
    }
}

/// A client's own mark on a request: a number or a string, returned as it came.
package struct RequestID: Equatable, Hashable, Sendable {
    package let value: JSONValue

    package init(_ number: Int64) { value = .int(number) }

    package init?(_ value: JSONValue) {
        switch value {
        case .int, .double: self.value = value
        case .string(let text) where text.utf8.count <= 64: self.value = value
        default: return nil
        }
    }
}

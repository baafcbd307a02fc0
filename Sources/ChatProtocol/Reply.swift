/// What the server answers to a request.
package enum Reply: Equatable, Sendable {
    // Indirect is what is large and seldom: every confirmation is moved about within a value of this type.
    indirect case login(LoginStatus, Welcome? = nil)
    indirect case resume(LoginStatus, Welcome? = nil)
    case logout
    case message(MessageStatus, Receipt? = nil)
    case broadcast(sent: Int, blocked: Int, fault: MessageText.Fault? = nil, Receipt? = nil)
    case block(BlockStatus)
    case unblock(BlockStatus)
    case whoelse([UserName])
    case whoelsesince([UserName])
    indirect case startprivate(Rendezvous)
    case relay(RelayStatus)
    indirect case swarm(SwarmReply)
    indirect case history(HistoryPage)
    case passwd(LoginStatus)
    case ack
    case pong
    case unknownAction(String)
    /// A request that cannot be carried out now, whatever it says.
    case refused(action: String, Refusal)
    /// A frame that is no request.
    case error(ErrorStatus, reason: String)

    package enum LoginStatus: String, Sendable, CaseIterable {
        case success = "SUCCESS"
        case invalidPassword = "INVALID_PASSWORD"
        case invalidPasswordBlocked = "INVALID_PASSWORD_BLOCKED"
        case blocked = "BLOCKED"
        case alreadyLoggedIn = "ALREADY_LOGGED_IN"
        /// Extended: the session that a token stands for is over.
        case expired = "EXPIRED"
        /// Too many passwords are being checked; try again in a moment.
        case busy = "BUSY"
        /// A new password that is empty or too long.
        case unacceptable = "UNACCEPTABLE"
    }

    package enum MessageStatus: String, Sendable, CaseIterable {
        case success = "SUCCESS"
        case messageSelf = "MESSAGE_SELF"
        case userNotExist = "USER_NOT_EXIST"
        case userBlocked = "USER_BLOCKED"
        case empty = "EMPTY"
        case tooLong = "TOO_LONG"
        case mailboxFull = "MAILBOX_FULL"
    }

    package enum BlockStatus: String, Sendable, CaseIterable {
        case success = "SUCCESS"
        case messageSelf = "MESSAGE_SELF"
        case userNotExist = "USER_NOT_EXIST"
        case alreadyBlocked = "ALREADY_BLOCKED"
        case notBlocked = "NOT_BLOCKED"
    }

    package enum RelayStatus: String, Sendable, CaseIterable {
        /// The other side is there: from the next byte on, everything goes to it and comes from it.
        case ready = "READY"
        /// The ticket is unknown, used or too old.
        case expired = "EXPIRED"
        /// The other side did not come.
        case alone = "ALONE"
        /// The relay has as many sessions as it may.
        case busy = "BUSY"
    }

    package enum Refusal: String, Sendable, CaseIterable {
        case notLoggedIn = "NOT_LOGGED_IN"
        case alreadyLoggedIn = "LOGGED_IN_ALREADY"
        /// The server could not store it; nothing was changed.
        case unavailable = "UNAVAILABLE"
    }

    package enum ErrorStatus: String, Sendable, CaseIterable {
        case badRequest = "BAD_REQUEST"
        case frameTooLong = "FRAME_TOO_LONG"
        case tooManyConnections = "TOO_MANY_CONNECTIONS"
        case loginTimeout = "LOGIN_TIMEOUT"
        case plaintextRefused = "PLAINTEXT_REFUSED"
    }

    /// Where a message stands in the stream of its recipient, or of everyone, and when the server took it.
    package struct Receipt: Hashable, Sendable {
        package var sequence: UInt64
        package var time: Timestamp

        package init(sequence: UInt64, time: Timestamp) {
            self.sequence = sequence
            self.time = time
        }
    }

    /// What the extended protocol tells at login.
    package struct Welcome: Equatable, Sendable {
        package var name: UserName
        package var token: ResumeToken
        /// Seconds without a command after which the session ends; 0 for never.
        package var timeout: Int
        /// Seconds of silence after which the server pings.
        package var keepAlive: Int
        /// Direct messages that wait and follow.
        package var unread: Int
        package var time: Timestamp

        package init(name: UserName, token: ResumeToken, timeout: Int, keepAlive: Int, unread: Int, time: Timestamp) {
            self.name = name
            self.token = token
            self.timeout = timeout
            self.keepAlive = keepAlive
            self.unread = unread
            self.time = time
        }
    }

    package enum Rendezvous: Equatable, Sendable {
        case success(user: UserName, address: String, port: UInt16)
        /// Extended: whom to expect, where, and with which pin.
        case peer(PeerIntroduction)
        case userNotExist, userSelf, userBlocked, userOffline
        /// The other side's client takes no private sessions from this one.
        case unsupported
    }

    package struct HistoryPage: Equatable, Sendable {
        package var with: UserName?
        package var messages: [HistoryMessage]
        /// Where the page before this one ends; `nil` when there is none.
        package var before: HistoryPlace?

        package init(with: UserName?, messages: [HistoryMessage], before: HistoryPlace?) {
            self.with = with
            self.messages = messages
            self.before = before
        }
    }

    package struct HistoryMessage: Equatable, Sendable {
        package var from: UserName
        package var text: String
        package var receipt: Receipt

        package init(from: UserName, text: String, receipt: Receipt) {
            self.from = from
            self.text = text
            self.receipt = receipt
        }
    }
}

import ChatProtocol

/// What the tools say on standard error, one line each.
enum ToolTexts {
    static func loginRefused(_ status: Reply.LoginStatus, _ name: UserName) -> String {
        switch status {
        case .invalidPassword: "wrong name or password"
        case .invalidPasswordBlocked: "wrong password, for the third time: the account is locked for a while"
        case .blocked: "the account is locked after wrong passwords; try again later"
        case .alreadyLoggedIn: "\(name) is logged in elsewhere, and an account has one session: log out there, or use an account of its own"
        case .busy: "the server is busy; try again in a moment"
        case .success, .expired, .unacceptable: "the login was refused: \(status.rawValue)"
        }
    }

    static func unreachable(_ server: String, _ reason: String) -> String { "no connection to \(server): \(Sanitizer.line(reason))" }
    static func unknownServer(_ server: String, _ fingerprint: String, _ command: String) -> String {
        "\(server) was never visited before; if its fingerprint is right, run: \(Sanitizer.line(command)) \(Sanitizer.line(fingerprint))"
    }
    static func changedServer(_ server: String, known: String, presented: String, remedy: String) -> String {
        "\(server) has another certificate than before, this may be another server: remembered \(Sanitizer.line(known)), "
            + "presented \(Sanitizer.line(presented)); to accept it: \(Sanitizer.line(remedy))"
    }
    static func firstVisit(_ fingerprint: String) -> String { LineTexts.firstVisit(fingerprint) }
    static let inactivity = "logged out for inactivity"
    static let replaced = "logged out: the session goes on over another connection"
    static let removed = "logged out: the account was removed"
    static let timedOut = "no answer in time; it is not known whether the server has it"
    static let noLogin = "no answer in time"
    static let interrupted = "ended before the server confirmed everything"

    static func connectionLost(_ reason: String) -> String { "connection lost (\(Sanitizer.line(reason))), trying again" }
    static let reconnected = "connected again"

    // MARK: Refusals

    static let empty = "an empty message is not sent"
    static let tooLong = "longer than \(WireLimits.text / 1024) KiB, the longest message"
    static let messageSelf = "nobody can write to oneself"
    static func noSuchUser(_ user: UserName) -> String { "there is no user \(user)" }
    static func isBlocked(by user: UserName) -> String { "\(user) has blocked you" }
    static func mailboxFull(_ user: UserName) -> String { "the mailbox of \(user) is full" }
    static func someBlocked(_ count: Int) -> String { "\(count) of those online have blocked you and did not get it" }
    static let unavailable = "the server could not store it; try again later"
    static func refused(_ reason: String) -> String { "the server refused it: \(Sanitizer.line(reason))" }

    static let unacknowledged =
        "no more direct messages come until these are acknowledged; read them in the client, or use --ack"
    static let noHistory = "what was said before could not be read"
}

import ChatProtocol

// What the full screen calls the server's answers. Each fits after "failed: " or a command's name.

extension Reply.MessageStatus {
    var words: String {
        switch self {
        case .success: "sent"
        case .messageSelf: "that is you"
        case .userNotExist: "no such user"
        case .userBlocked: "the recipient has blocked you"
        case .empty: "nothing in it"
        case .tooLong: "too long"
        case .mailboxFull: "the recipient's mailbox is full"
        }
    }
}

extension Reply.BlockStatus {
    func words(user: String) -> String {
        switch self {
        case .success: "done"
        case .messageSelf: "You cannot block yourself"
        case .userNotExist: "There is no user \(user)"
        case .alreadyBlocked: "\(user) is blocked already"
        case .notBlocked: "\(user) was not blocked"
        }
    }
}

extension Reply.Refusal {
    var words: String {
        switch self {
        case .notLoggedIn: "not logged in"
        case .alreadyLoggedIn: "logged in already"
        case .unavailable: "the server could not store it"
        }
    }
}

extension Reply.LoginStatus {
    /// The answer to a login.
    func words(user: String) -> String {
        switch self {
        case .success: "Welcome"
        case .invalidPassword: "Invalid password. Please try again"
        case .invalidPasswordBlocked: "Invalid password. Your account has been blocked. Please try again later"
        case .blocked: "Your account is blocked due to multiple login failures. Please try again later"
        case .alreadyLoggedIn: "\(user) is already logged in"
        case .expired: "The session is over. Please log in again"
        case .busy: "The server is busy. Please try again in a moment"
        case .unacceptable: "The server does not take this password"
        }
    }

    /// The answer to a change of password.
    var passwordWords: String {
        switch self {
        case .invalidPassword, .invalidPasswordBlocked, .blocked: "the old one is wrong"
        case .unacceptable: "the new one is empty or too long"
        case .busy: "the server is busy, try again in a moment"
        default: "the server refused"
        }
    }
}

extension RequestFailure {
    var words: String {
        switch self {
        case .connectionLost: "the connection was lost"
        case .queueFull: "too many lines wait for the server"
        case .notLoggedIn: "not logged in"
        case .unavailable: "the server could not store it"
        }
    }
}

extension SessionEnd {
    func words(user: String) -> String {
        switch self {
        case .loggedOut: "Logged out"
        case .inactivity: "You have been logged out due to inactivity"
        case .refused(let status): status.words(user: user)
        case .changedServer(let known, let presented, let remedy):
            "This server's key has changed: someone may be listening in.\n"
                + "known:     \(Sanitizer.line(known))\npresented: \(Sanitizer.line(presented))\nTo accept it: \(Sanitizer.line(remedy))"
        case .unreachable(let reason): "No connection: " + Sanitizer.line(reason)
        case .replaced: "Your session goes on in another window"
        case .removed: "This account is no more"
        }
    }
}

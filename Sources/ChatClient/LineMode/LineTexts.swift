import ChatProtocol

/// Every text of line mode. Scripts rely on them: none may change.
enum LineTexts {
    static let userPrompt = "Username: "
    static let passwordPrompt = "Password: "
    static let commandPrompt = "> "
    static let trustPrompt = "Trust this server? (yes/no) "

    // MARK: Logging in and out

    static func welcome(_ name: UserName) -> String { "Welcome to Banter, \(name)!" }
    static let invalidPassword = "Invalid password. Please try again"
    static let invalidPasswordBlocked = "Invalid password. Your account has been blocked. Please try again later"
    static let blocked = "Your account is blocked due to multiple login failures. Please try again later"
    static func alreadyLoggedIn(_ name: String) -> String { "\(name) is already logged in" }
    static let loginBusy = "Error. The server is busy. Please try again in a moment"
    static func loginRefused(_ word: String) -> String { "Error. Login refused: \(word)" }
    static let inactivity = "You have been logged out due to inactivity"
    static let replaced = "You have been logged out: your session goes on over another connection"
    static let removed = "You have been logged out: your account was removed"

    // MARK: What arrives

    static func message(from name: UserName, _ text: String, time: String?) -> String {
        "\(name): \(Sanitizer.line(text))" + suffix(time)
    }
    static func broadcast(from name: UserName, _ text: String, time: String?) -> String {
        "\(name) (broadcast): \(Sanitizer.line(text))" + suffix(time)
    }
    static func loggedIn(_ name: UserName) -> String { "\(name) logged in" }
    static func loggedOut(_ name: UserName) -> String { "\(name) logged out" }
    private static func suffix(_ time: String?) -> String { time.map { " (\($0))" } ?? "" }

    static func privateText(from name: UserName, _ text: String) -> String { "\(name) (private): \(Sanitizer.line(text))" }

    // MARK: Commands

    static let invalidUser = "Error. Invalid user"
    static let invalidCommand = "Error. Invalid command"
    /// For people, on standard error.
    static func advice(_ fault: CommandFault) -> String {
        if case .unknown(let name) = fault {
            switch name == "quit" || name == "/quit" ? .quit : FirstTry(name) {
            case .help: return "help lists the commands."
            case .quit: return "logout, or Ctrl-D, leaves."
            case nil: break
            }
            if ForeignCommand(name) == .absent { return "There is no such thing as \(Sanitizer.line(name)) here." }
        }
        return CommandAdvice.words(fault, among: CommandTable.entries.map(\.name), sign: "")
    }
    static let nobodyElse = "Nobody else."
    static let messageSelf = "Error. Cannot message self"
    static let blockedByRecipient = "Your message could not be delivered as the recipient has blocked you"
    static let blockedBySome = "Your message could not be delivered to some recipients"
    static let empty = "Error. Cannot send an empty message"
    static let tooLong = "Error. The message is too long"
    static func mailboxFull(_ name: String) -> String { "Error. The mailbox of \(name) is full" }
    static func isBlocked(_ name: String) -> String { "\(name) is blocked" }
    static func isUnblocked(_ name: String) -> String { "\(name) is unblocked" }
    static let blockSelf = "Error. Cannot block self"
    static let unblockSelf = "Error. Cannot unblock self"
    static func alreadyBlocked(_ name: String) -> String { "Error. \(name) is already blocked" }
    static func notBlocked(_ name: String) -> String { "Error. \(name) was not blocked" }
    static let passwordChanged = "Your password was changed"
    static let wrongOldPassword = "Error. Invalid password"
    static let unacceptablePassword = "Error. The new password is empty or too long"
    static let busy = "Error. The server is busy. Please try again in a moment"
    static func error(_ words: String) -> String { "Error. \(words)" }
    static let forgetWhat = "Error. forget USER yes, forget everyone yes, or forget all yes"
    static func forgetUnconfirmed(_ target: String) -> String {
        "Error. This removes what this machine keeps. If that is what you want: forget \(target) yes"
    }
    static func forgotten(_ lines: Int) -> String {
        "\(lines == 1 ? "1 stored line is" : "\(lines) stored lines are") removed from this machine"
    }
    static let filesOff = "Error. This client shares no files"
    static let noTransfers = "No transfers"
    static func fileStalled(_ number: Int) -> String {
        "Error. [\(number)] Nothing came for two minutes; it goes on when somebody is there"
    }
    static func refused(_ reason: String) -> String { "Error. The server refused this: \(Sanitizer.line(reason))" }

    static let connectionLost = "Error. The connection was lost. Please try again"
    static let queueFull = "Error. Too many messages wait to be sent"
    static let notLoggedIn = "Error. You are not logged in"
    static let unavailable = "Error. The server could not store this. Please try again"

    /// The summaries in one column; what is too long for 80 columns goes on below.
    static var help: [String] {
        let width = (CommandTable.entries.map(\.usage.count).max() ?? 0) + 2
        return CommandTable.entries.flatMap { entry in
            Wrapper.lines(entry.summary, width: 79 - width).enumerated().map { number, line in
                let head = number == 0 ? entry.usage : ""
                return head + String(repeating: " ", count: width - head.count) + line
            }
        }
    }

    // MARK: Notices, on standard error

    static func connectionBroken(_ reason: String) -> String {
        "Connection lost (\(Sanitizer.line(reason))). Reconnecting; lines that were not confirmed will be sent again."
    }
    static func noConnection(_ reason: String) -> String { "No connection yet (\(Sanitizer.line(reason))). Trying again." }
    static let reconnected = "Connected again."
    static let gaveUp = "Error. The connection was lost and did not come back."
    static func unreachable(host: String, port: UInt16, _ reason: String) -> String {
        "Error. No connection to \(host) port \(port): \(Sanitizer.line(reason))"
    }
    static func firstVisit(_ fingerprint: String) -> String {
        "First visit to this server; its fingerprint will be remembered: \(Sanitizer.line(fingerprint))"
    }
    static func unknownServer(host: String, port: UInt16, _ fingerprint: String) -> [String] {
        ["\(host) port \(port) was never visited before. Its fingerprint is \(Sanitizer.line(fingerprint))"]
    }
    static func howToTrust(_ command: String, _ fingerprint: String) -> [String] {
        [
            "Error. The server is not trusted yet. If the fingerprint is right, run:",
            "    \(Sanitizer.line(command)) \(Sanitizer.line(fingerprint))",
        ]
    }
    static let notTrusted = "Error. The server is not trusted."
    static func changedServer(host: String, port: UInt16, known: String, presented: String, remedy: String) -> [String] {
        [
            "Error. \(host) port \(port) has another certificate than before: this may be another server.",
            "    remembered: \(Sanitizer.line(known))",
            "    presented:  \(Sanitizer.line(presented))",
            "    To accept it: \(Sanitizer.line(remedy))",
        ]
    }
    static func complaint(_ reason: String) -> String { "The server did not understand something: \(Sanitizer.line(reason))" }
    static func nonsense(_ reason: String) -> String { "The server sent something that makes no sense: \(Sanitizer.line(reason))" }
    static let interruptHint = "Press Ctrl-C again, or Ctrl-D, to log out and leave."
    static let noLogin = "Error. Input ended before the login."
}

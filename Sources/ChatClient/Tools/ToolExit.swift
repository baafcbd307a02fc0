/// How a tool for scripts ends, as its exit status. Where line mode has the same end, it has the same number.
package enum ToolExit: Int32, Equatable, Sendable, CaseIterable {
    /// The server confirmed everything; or whoever read the output, or a signal, had enough.
    case done = 0
    case loginRefused = 1
    /// No connection, or not the server that it should be.
    case unreachable = 3
    /// The server ended the session: inactivity, another connection that took it over, an account that was removed.
    case dismissed = 4
    /// The server, or a limit of the protocol, refused what was asked for.
    case refused = 5
    /// No answer in time: whether a message arrived is not known.
    case timedOut = 6

    /// For the manual.
    package var words: String {
        switch self {
        case .done: "done: what was sent is on the server's disk, what was asked for was printed"
        case .loginRefused: "the login was refused; also while the account is logged in elsewhere"
        case .unreachable: "no connection to the server, or not the server that was known"
        case .dismissed: "logged out by the server: inactivity, a second connection, account removed"
        case .refused: "the server refused it: no such user, blocked, mailbox full, empty or too long"
        case .timedOut: "no answer in time; a message may have arrived nevertheless"
        }
    }
}

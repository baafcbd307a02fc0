/// How the program ends, as its exit status.
package enum LineExit: Int32, Equatable, Sendable, CaseIterable {
    /// Logged out, by command or at the end of input.
    case loggedOut = 0
    /// The login was refused, or input ended before there was one.
    case refused = 1
    /// No connection: it could not be made, broke and did not come back, or the server is not the one that it should be.
    case unreachable = 3
    /// The server ended the session: inactivity, another connection that took it over, an account that was removed.
    case dismissed = 4
    /// Only when a script drives: it ran to its end, but at least one command was refused.
    case commandRefused = 5
}

extension SessionPhase {
    /// The exit status of the full screen when it is left in this phase.
    var exitStatus: Int32 {
        let exit: LineExit =
            switch self {
            case .idle, .loggingIn, .online, .ended(.loggedOut): .loggedOut
            case .connecting, .waiting, .confirming, .ended(.unreachable), .ended(.changedServer): .unreachable
            case .ended(.refused): .refused
            case .ended(.inactivity), .ended(.replaced), .ended(.removed): .dismissed
            }
        return exit.rawValue
    }
}

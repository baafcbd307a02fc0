import ChatPeer
import ChatProtocol

/// How things stand: how quickly the server and the others answer, and everything else that /status tells.
extension Model {
    /// What is worth saying about the server's answers while all is well otherwise: `nil` while they are quick.
    func lagWords(at now: Moment) -> String? {
        guard isOnline else { return nil }
        return Self.lagWords(session.lag.roundTrip, session.lag.waitingSince, at: now)
    }

    private static func lagWords(_ roundTrip: UInt64?, _ waitingSince: UInt64?, at now: Moment) -> String? {
        if let since = waitingSince, now.uptime >= since.later(by: Lag.high) {
            let seconds = (now.uptime - since) / Moment.second
            return seconds == 0 ? "no answer yet" : "no answer for \(seconds) s"
        }
        guard let roundTrip, roundTrip > Lag.high else { return nil }
        return "lag " + duration(roundTrip)
    }

    /// When ``lagWords(at:)`` will say something else by itself, as uptime.
    func lagChange(at now: Moment) -> UInt64? {
        guard isOnline else { return nil }
        var since = session.lag.waitingSince.map { [$0] } ?? []
        if case .private(let user) = channel, let waiting = privates?.lag(to: user).waitingSince { since.append(waiting) }
        return since.map { start in
            let first = start.later(by: Lag.high)
            if now.uptime < first { return first }
            return start.later(by: ((now.uptime - start) / Moment.second + 1) * Moment.second)
        }.min()
    }

    /// How long it is to the other side of a private session and back; always of interest there. `nil` while that is not known.
    func privateLagWords(_ user: UserName, at now: Moment) -> String? {
        guard let lag = privates?.lag(to: user) else { return nil }
        if let words = Self.lagWords(nil, lag.waitingSince, at: now) { return words }
        return lag.roundTrip.map(Self.duration)
    }

    /// `under 1 ms`, `3 ms`, `1.2 s`
    static func duration(_ nanoseconds: UInt64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        switch milliseconds {
        case 0: return "under 1 ms"
        case ..<1000: return "\(milliseconds) ms"
        case ..<10_000: return "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
        default: return "\(milliseconds / 1000) s"
        }
    }

    // MARK: /status

    mutating func showStatus(at now: Moment) {
        acceptLine()
        note(.notice(statusLines(at: now).joined(separator: "\n")), in: channel, at: now)
    }

    private func statusLines(at now: Moment) -> [String] {
        var lines: [String] = []
        if case .online(let online) = session.phase {
            let lag = lagWords(at: now) ?? session.lag.roundTrip.map { "answers in " + Self.duration($0) } ?? "no answer measured yet"
            lines.append("\(online.name)@\(server) · \(online.security.longWords) · \(lag)")
        } else {
            lines.append(connection(at: now).0.first ?? "")
        }
        if let deadline = inactivityDeadline {
            let rest = Self.seconds(until: deadline, at: now.uptime)
            lines.append("Logged out after \(timeout) s without a command: in \(rest) s unless you send something")
        } else if isOnline {
            lines.append("No logout for inactivity")
        }
        lines.append(waitingLines == 0 ? "Everything you wrote has arrived at the server" : "\(waitingLines) lines wait")
        let running = transfers.count { !$0.status.isOver }
        if running > 0 { lines.append("\(running) transfers · /transfers lists them") }
        for user in privates?.openSessions ?? [] { lines.append("Private session: \(privateContext(user, at: now).0.first ?? "")") }
        return lines
    }
}

extension LinkSecurity {
    fileprivate var longWords: String {
        switch self {
        case .tlsVerified: "TLS, certificate verified"
        case .tlsPinned: "TLS, key known from before"
        case .plaintext: "plain text, not encrypted"
        }
    }
}

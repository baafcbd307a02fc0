import ChatProtocol

/// The link: opening it, noticing that it is dead, trying again.
extension Session {
    /// Longest wait for a link to open.
    static let connectPatience = 30 * Moment.second
    static let defaultKeepAlive = 30 * Moment.second
    /// How long a ping may stay without an answer.
    static let probePatience = 10 * Moment.second

    /// When the next ``SessionInput/tick`` is wanted, as uptime; `nil` while only an input can change anything.
    package var nextWake: UInt64? {
        switch phase {
        case .idle, .confirming, .ended: return nil
        case .waiting(let until, _): return until
        case .connecting: return connectDeadline
        case .loggingIn, .online:
            guard case .open(let link) = link else { return nil }
            return link.nextWake
        }
    }

    mutating func connect(at now: Moment, trusting fingerprint: String? = nil) {
        link = .opening
        connectDeadline = now.uptime.later(by: Self.connectPatience)
        enter(.connecting)
        outputs.append(fingerprint.map(SessionOutput.trustAndConnect(fingerprint:)) ?? .connect)
    }

    mutating func linkOpened(_ security: LinkSecurity, at now: Moment) {
        switch phase {
        case .connecting, .waiting: break
        case .loggingIn, .online: forgetLink()
        case .idle, .confirming, .ended:
            // Nobody waits for it any more.
            outputs.append(.disconnect)
            return
        }
        if case .tlsPinned(let fingerprint, isFirst: true) = security { firstVisit = fingerprint }
        link = .open(
            OpenLink(
                security: security, lastReceived: now.uptime, keepAlive: Self.defaultKeepAlive,
                deadline: now.uptime.later(by: Self.loginPatience)))
        if let token = account?.token { sendResume(token, at: now) } else { sendLogin(at: now) }
    }

    mutating func linkClosed(_ failure: LinkFailure, at now: Moment) {
        switch phase {
        case .connecting, .loggingIn, .online: break
        case .idle, .waiting, .confirming, .ended:
            link = .none
            return
        }
        switch failure {
        case .lost(let reason): lost(reason, at: now)
        case .refused(let reason):
            forgetLink()
            end(.unreachable(reason))
        case .unknownServer(let fingerprint):
            forgetLink()
            enter(.confirming(fingerprint: fingerprint))
        case .changedServer(let known, let presented, let remedy):
            forgetLink()
            end(.changedServer(known: known, presented: presented, remedy: remedy))
        }
    }

    mutating func tick(at now: Moment) {
        guard let nextWake, nextWake <= now.uptime else { return }
        switch phase {
        case .idle, .confirming, .ended: break
        case .waiting: connect(at: now)
        case .connecting: breakLink("no answer", at: now)
        case .loggingIn: breakLink("the server does not answer", at: now)
        case .online:
            guard case .open(var link) = link else { return }
            if link.leaving != nil {
                end(.loggedOut)
            } else if link.probedAt != nil {
                breakLink("the server does not answer", at: now)
            } else {
                transmit(.ping)
                link.probedAt = now.uptime
                self.link = .open(link)
            }
        }
    }

    /// Gives the link up and goes on as if it had broken.
    mutating func breakLink(_ reason: String, at now: Moment) {
        outputs.append(.disconnect)
        lost(reason, at: now)
    }

    mutating func dropLink() {
        if link != .none { outputs.append(.disconnect) }
        forgetLink()
    }

    /// There is no link any more: requests that went over it will not be answered, lines wait for the next.
    private mutating func forgetLink() {
        link = .none
        lag = Lag()
        let tickets = open.sorted { $0.key < $1.key }.map(\.value.ticket)
        open = [:]
        for ticket in tickets { outputs.append(.tell(.failed(ticket, .connectionLost))) }
        for index in lines.indices { lines[index].id = nil }
    }

    private mutating func lost(_ reason: String, at now: Moment) {
        var old: OpenLink?
        if case .open(let link) = link { old = link }
        forgetLink()
        if old?.leaving != nil {
            end(.loggedOut)
        } else if let old, old.isUsed, old.onlineSince == nil {
            // It had been open since an earlier password; the server closed it while the next was typed.
            connect(at: now)
        } else if account?.wasOnline != true, !retriesFirstConnection {
            end(.unreachable(old?.complaint ?? reason))
        } else {
            if let since = old?.onlineSince, now.uptime >= since.later(by: BackOff.steady) { backOff.reset() }
            let delay = backOff.next(using: &random)
            enter(
                .waiting(untilUptime: now.uptime.later(by: delay), reason: old?.complaint ?? reason))
        }
    }
}

extension Session.OpenLink {
    var nextWake: UInt64 {
        if let leaving { return leaving.deadline }
        if onlineSince == nil { return deadline }
        if let probedAt { return probedAt.later(by: Session.probePatience) }
        return lastReceived.later(by: keepAlive)
    }
}

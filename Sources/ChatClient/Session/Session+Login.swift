import ChatProtocol

/// Logging in, resuming, and every way a session ends.
extension Session {
    /// Longest wait for the answer to a login: the server may have passwords to check before this one.
    static let loginPatience = 20 * Moment.second
    /// Longest wait for the answer to a logout.
    static let logoutPatience = 5 * Moment.second

    mutating func login(as name: UserName, with password: String, at now: Moment) {
        switch phase {
        case .online: return
        case .connecting, .loggingIn:
            // Other credentials than those on their way.
            if account?.name == name, account?.password == password { return }
            dropLink()
        case .waiting:
            if account?.name == name, account?.password == password {
                connect(at: now)
                return
            }
        case .idle, .confirming, .ended: break
        }
        if let account, account.name != name {
            // What one user wrote must not go out under the name of another.
            failLines(.notLoggedIn)
            inbox = Inbox()
        }
        account = Account(name: name, password: password)
        backOff.reset()
        if case .confirming = phase { return }
        if case .open = link { sendLogin(at: now) } else { connect(at: now) }
    }

    mutating func trust(_ fingerprint: String, at now: Moment) {
        guard case .confirming(fingerprint) = phase else { return }
        connect(at: now, trusting: fingerprint)
    }

    mutating func sendLogin(at now: Moment) {
        guard let account else { return }
        let request = Request.login(
            Request.Login(name: account.name, password: account.password, privatePort: privatePort, dialect: .extended, peer: offer))
        guard request.fits(WireLimits.frameBeforeLogin) else {
            end(.refused(.invalidPassword))
            return
        }
        sendEntry(request, isResume: false, at: now)
    }

    mutating func sendResume(_ token: ResumeToken, at now: Moment) {
        let resume = Request.Resume(token: token, after: inbox.shown, dialect: .extended, privatePort: privatePort, peer: offer)
        sendEntry(.resume(resume), isResume: true, at: now)
    }

    private mutating func sendEntry(_ request: Request, isResume: Bool, at now: Moment) {
        guard case .open(var link) = link else { return }
        if phase != .loggingIn { enter(.loggingIn) }
        link.entry = Entry(id: transmit(request), isResume: isResume)
        link.deadline = now.uptime.later(by: Self.loginPatience)
        self.link = .open(link)
    }

    /// The reply to a `login` or a `resume`.
    mutating func entered(_ reply: Reply, isResume: Bool, at now: Moment) {
        guard case .open(var link) = link else { return }
        link.entry = nil
        self.link = .open(link)
        switch (reply, isResume) {
        case (.login(.success, let welcome), false), (.resume(.success, let welcome), true):
            begin(welcome, isResumed: isResume, at: now)
        case (.resume(.busy, _), true): breakLink("the server is busy", at: now)
        case (.resume, true):
            account?.token = nil
            sendLogin(at: now)
        case (.login(let status, _), false): refused(status, at: now)
        case (.refused(_, .unavailable), _): breakLink("the server cannot store anything now", at: now)
        case (.error(_, let reason), _): breakLink(String(reason.prefix(Limits.reason)), at: now)
        default: breakLink("the server does not speak this protocol", at: now)
        }
    }

    private mutating func begin(_ welcome: Reply.Welcome?, isResumed: Bool, at now: Moment) {
        guard case .open(var link) = link, let account else { return }
        link.onlineSince = now.uptime
        if let seconds = welcome?.keepAlive, (1...3600).contains(seconds) { link.keepAlive = UInt64(seconds) * Moment.second }
        self.link = .open(link)
        if let token = welcome?.token { self.account?.token = token }
        self.account?.wasOnline = true
        if !isResumed { begunAt = welcome?.time }
        inbox.begin(isResumed: isResumed)
        var security = link.security
        if case .tlsPinned(let fingerprint, _) = security, fingerprint == firstVisit {
            security = .tlsPinned(fingerprint: fingerprint, isFirst: true)
        }
        firstVisit = nil
        enter(
            .online(
                SessionPhase.Online(
                    name: welcome?.name ?? account.name, security: security, timeout: max(0, welcome?.timeout ?? 0),
                    isResumed: isResumed)))
        acknowledge()
        transmitLines()
    }

    private mutating func refused(_ status: Reply.LoginStatus, at now: Moment) {
        if account?.wasOnline == true, status == .alreadyLoggedIn || status == .busy {
            // The server has not noticed yet that the old connection is gone, or has its hands full: it is not the user's doing.
            breakLink(status == .busy ? "the server is busy" : "the last session is not over yet", at: now)
            return
        }
        if case .open(var link) = link {
            link.isUsed = true
            self.link = .open(link)
        }
        end(.refused(status))
    }

    mutating func logout(at now: Moment) {
        switch phase {
        case .ended: return
        case .online:
            guard case .open(var link) = link, link.leaving == nil else { return }
            link.leaving = Leaving(id: transmit(.logout), deadline: now.uptime.later(by: Self.logoutPatience))
            self.link = .open(link)
        case .idle, .connecting, .loggingIn, .waiting, .confirming: end(.loggedOut)
        }
    }

    /// Ends the session. After a refusal the link stays, so that another password can be tried on it.
    mutating func end(_ end: SessionEnd) {
        account?.token = nil
        account?.wasOnline = false
        if case .refused = end {} else { dropLink() }
        switch end {
        case .loggedOut, .removed: failLines(.connectionLost)
        case .inactivity, .refused, .changedServer, .unreachable, .replaced: break
        }
        enter(.ended(end))
    }
}

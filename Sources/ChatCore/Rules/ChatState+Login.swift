package import ChatProtocol
import HashTreeCollections

extension ChatState {
    mutating func begin(
        _ login: Request.Login, _ request: RequestID?, on connection: Boxed<Connection>, at now: Moment, into effects: inout Effects
    ) {
        if let name = login.name, isLocked(name, at: now) {
            refuse(.blocked, request, on: connection.id, at: now, into: &effects)
            return
        }
        connections[connection.id]?.value.phase = .verifying(login, request, held: [])
        let hash = login.name.flatMap { accounts[$0]?.passwordHash }
        effects.actions.append(.checkPassword(connection.id, name: login.name, password: login.password, against: hash))
    }

    /// The verdict on the password of a connection that logs in.
    ///
    /// - Parameter token: a fresh one, for a session of the extended protocol.
    package mutating func passwordChecked(
        _ id: ConnectionID, _ verdict: PasswordVerdict, token: ResumeToken?, at now: Moment, into effects: inout Effects
    ) {
        guard let connection = connections[id], case .verifying(let login, let request, let held) = connection.phase else { return }
        connections[id]?.value.phase = .greeting
        arm(id)
        decide(login, request, on: connection, verdict, token: token, at: now, into: &effects)
        for input in held { receive(input, from: id, at: now, into: &effects) }
    }

    private mutating func decide(
        _ login: Request.Login, _ request: RequestID?, on connection: Boxed<Connection>, _ verdict: PasswordVerdict,
        token: ResumeToken?, at now: Moment, into effects: inout Effects
    ) {
        let id = connection.id
        if let name = login.name, isLocked(name, at: now) { return refuse(.blocked, request, on: id, at: now, into: &effects) }
        switch verdict {
        case .busy: effects.send(.login(.busy), id: request, to: id)
        case .wrong: refuse(countFailure(login.name, at: now, into: &effects), request, on: id, at: now, into: &effects)
        case .right, .rightWithNewHash:
            // The account may have gone while its password was checked.
            guard let name = login.name, let account = accounts[name] else {
                return refuse(.invalidPassword, request, on: id, at: now, into: &effects)
            }
            clearLockout(of: name, into: &effects)
            if case .rightWithNewHash(let hash) = verdict {
                accounts[name]?.value.passwordHash = hash
                effects.changes.append(.password(name, hash: hash))
            }
            if account.isOnline { return refuse(.alreadyLoggedIn, request, on: id, at: now, into: &effects) }
            if let old = account.resumable { tokens[old.digest] = nil }
            let session = Session(
                name: name, dialect: login.dialect, privatePort: login.privatePort, peer: login.peer, lastCommand: now.uptime,
                now: now.uptime,
                sent: account.acknowledged)
            let fresh = login.dialect.isExtended ? token : nil
            start(
                session, on: id, token: fresh, digest: fresh.map(TokenDigest.init), Answer(isResume: false, request: request), at: now,
                into: &effects)
        }
    }

    struct Answer {
        var isResume: Bool
        var request: RequestID?
    }

    /// Takes up the session that the token stands for; over a connection that the server still believes alive, if need be.
    package mutating func resume(
        _ resume: Request.Resume, _ request: RequestID?, on connection: Boxed<Connection>, at now: Moment, into effects: inout Effects
    ) {
        let digest = TokenDigest(resume.token)
        guard let name = tokens[digest], let account = accounts[name], let resumable = account.resumable,
            resumable.digest == digest, resumable.expires.map({ now.uptime < $0 }) ?? true
        else {
            connections[connection.id]?.value.attempts += 1
            effects.send(.resume(.expired), id: request, to: connection.id)
            if connection.attempts + 1 >= settings.loginAttempts { disconnect(connection.id, at: now, into: &effects) }
            return
        }
        var lastCommand = resumable.lastCommand
        let isTakeover: Bool
        if let old = account.connection, let session = session(of: old) {
            isTakeover = true
            lastCommand = session.lastCommand
            // Not the end of the session: it only changes its connection.
            accounts[name]?.value.connection = nil
            // The client on the new connection may be another, which has none of these files.
            swarm.remove(name)
            effects.actions.append(.leave(old))
            if session.dialect.isExtended { effects.send(.bye(.replaced), to: old) }
            disconnect(old, at: now, into: &effects)
        } else {
            isTakeover = false
        }
        if let after = resume.after { acknowledge(name, through: min(after, account.lastSequence), byClient: true, into: &effects) }
        let session = Session(
            name: name, dialect: resume.dialect, privatePort: resume.privatePort, peer: resume.peer, lastCommand: lastCommand,
            now: now.uptime,
            sent: accounts[name]?.acknowledged ?? 0)
        start(
            session, on: connection.id, token: resume.token, digest: digest, Answer(isResume: true, request: request),
            isAnnounced: !isTakeover, at: now, into: &effects)
    }

    private mutating func start(
        _ session: Session, on id: ConnectionID, token: ResumeToken?, digest: TokenDigest?, _ answer: Answer, isAnnounced: Bool = true,
        at now: Moment, into effects: inout Effects
    ) {
        let name = session.name
        effects.changes.append(.sessionOpened(name, digest, at: now.wall))
        if isAnnounced { announce(name, isOnline: true, into: &effects) }
        connections[id]?.value.phase = .online(Boxed(session))
        online[name] = id
        accounts[name]?.value.connection = id
        accounts[name]?.value.lastSeen = now.wall
        accounts[name]?.value.resumable = digest.map {
            Account.Resumable(digest: $0, expires: nil, lastCommand: session.lastCommand)
        }
        if let digest { tokens[digest] = name }
        // The time to log in is no deadline any more, and nothing is to wake up for it.
        connections[id]?.value.armed = nil
        arm(id)

        let unread = accounts[name]?.unread ?? 0
        var welcome: Reply.Welcome?
        if session.dialect.isExtended, let token {
            welcome = Reply.Welcome(
                name: name, token: token, timeout: Int(settings.timeout.rounded(.up)), keepAlive: Int(settings.keepAlive), unread: unread,
                time: now.wall)
        }
        effects.send(answer.isResume ? .resume(.success, welcome) : .login(.success, welcome), id: answer.request, to: id)
        if session.dialect.isExtended, session.dialect.wantsPresence { listPresence(for: name, on: id, into: &effects) }
        effects.actions.append(.join(id, Audience(session.dialect)))
        if unread > 0 { effects.actions.append(.loadInbox(id, name, after: session.sent)) }
    }

    private mutating func refuse(
        _ status: Reply.LoginStatus, _ request: RequestID?, on id: ConnectionID, at now: Moment, into effects: inout Effects
    ) {
        effects.send(.login(status), id: request, to: id)
        connections[id]?.value.attempts += 1
        if let attempts = connections[id]?.attempts, attempts >= settings.loginAttempts {
            disconnect(id, at: now, into: &effects)
        }
    }

    /// Where the client on a connection is.
    package func address(of id: ConnectionID) -> String { connections[id]?.address ?? "" }

    /// Whether the Hub must ``load(_:for:)`` the account's latest keys before it hands in the verdict of a login, or a resume.
    package func needsKeys(_ name: UserName) -> Bool { accounts[name].map { $0.keys == nil } ?? false }

    /// Whose latest keys the state must have before `input` is handed in.
    package func nameWhoseKeysMatter(for input: HubInput) -> UserName? {
        switch input {
        case .passwordChecked(let id, _): return nameLoggingIn(on: id)
        case .received(.request(let frame), _):
            guard case .resume(let resume) = frame.request else { return nil }
            return nameToResume(with: resume.token)
        default: return nil
        }
    }

    package func nameToResume(with token: ResumeToken) -> UserName? { tokens[TokenDigest(token)] }

    package func nameLoggingIn(on id: ConnectionID) -> UserName? {
        guard case .verifying(let login, _, _) = connections[id]?.phase else { return nil }
        return login.name
    }
}

extension ChatState {
    /// Gives an account the keys that it used before the server was started.
    package mutating func load(_ keys: [StoredKey], for name: UserName) {
        if accounts[name]?.keys == nil { accounts[name]?.value.keys = KeyWindow(keys) }
    }
}

extension ChatState {
    /// Whether any connection waits for the verdict on a password.
    package var isWaitingForPasswords: Bool {
        connections.values.contains { connection in
            if case .verifying = connection.phase { return true }
            return connection.isChangingPassword
        }
    }
}

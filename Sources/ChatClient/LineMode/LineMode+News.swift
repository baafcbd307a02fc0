import ChatProtocol

/// The session's side: phases, what arrives, replies.
extension LineMode {
    /// A message is shown with the time that it was sent if that was so long ago, in milliseconds.
    private static let late: Int64 = 60_000

    mutating func learned(_ news: SessionNews, at now: Moment) {
        if privates != nil, let input = introductions.meaning(of: news) { peer(input) }
        if let input = desk?.meaning(of: news) { outputs.append(.sharing(input)) }
        switch news {
        case .phase(let phase): entered(phase, at: now)
        case .message(let from, let text, let receipt):
            quietRounds = 0
            say(LineTexts.message(from: from, text, time: time(receipt, now)))
            outputs.append(.afterOutput(.session(.shown(through: receipt.sequence))))
        case .broadcast(let from, let text, let receipt): say(LineTexts.broadcast(from: from, text, time: time(receipt, now)))
        case .presence(let presence): changed(presence)
        case .delivered, .privateRequest: break
        case .reply(let reply, let ticket): replied(reply, ticket)
        case .failed(let ticket, let failure): failed(ticket, failure)
        case .complaint(let reason): notice(LineTexts.complaint(reason))
        case .nonsense(let reason): notice(LineTexts.nonsense(reason))
        }
    }

    /// Scripts get the pinned text alone.
    private func time(_ receipt: Reply.Receipt, _ now: Moment) -> String? {
        guard settings.isOutputTerminal else { return nil }
        let (age, isHuge) = now.wall.milliseconds.subtractingReportingOverflow(receipt.time.milliseconds)
        guard isHuge || age > Self.late else { return nil }
        let then = settings.timeZone.civil(receipt.time)
        return then.isSameDay(as: settings.timeZone.civil(now.wall)) ? then.clock : "\(then.shortDay) \(then.clock)"
    }

    private mutating func changed(_ presence: Event.Presence) {
        guard !presence.isList else { return }
        for name in presence.online { say(LineTexts.loggedIn(name)) }
        for name in presence.offline { say(LineTexts.loggedOut(name)) }
    }

    // MARK: Phases

    private mutating func entered(_ phase: SessionPhase, at now: Moment) {
        switch phase {
        case .idle, .connecting, .loggingIn: break
        case .online(let online): entered(online)
        case .waiting(_, let reason):
            guard lostAt == nil else { return }
            lostAt = now.uptime
            notice(hasBeenOnline ? LineTexts.connectionBroken(reason) : LineTexts.noConnection(reason))
        case .confirming(let fingerprint):
            for line in LineTexts.unknownServer(host: settings.host, port: settings.port, fingerprint) { notice(line) }
            guard settings.isInteractive else {
                for line in LineTexts.howToTrust(settings.trustCommand, fingerprint) { notice(line) }
                exit(.unreachable)
                return
            }
            stage = .confirming(fingerprint: fingerprint)
        case .ended(let end): ended(end)
        }
    }

    private mutating func entered(_ online: SessionPhase.Online) {
        if hasBeenOnline {
            notice(LineTexts.reconnected)
        } else {
            if case .tlsPinned(let fingerprint, isFirst: true) = online.security { notice(LineTexts.firstVisit(fingerprint)) }
            say(LineTexts.welcome(online.name))
        }
        hasBeenOnline = true
        lostAt = nil
        if stage == .loggingIn { stage = .ready }
    }

    private mutating func ended(_ end: SessionEnd) {
        switch end {
        case .loggedOut: exit(!settings.isInteractive && wasRefused ? .commandRefused : .loggedOut)
        case .inactivity:
            say(LineTexts.inactivity)
            exit(.dismissed)
        case .replaced:
            say(LineTexts.replaced)
            exit(.dismissed)
        case .removed:
            say(LineTexts.removed)
            exit(.dismissed)
        case .unreachable(let reason):
            notice(LineTexts.unreachable(host: settings.host, port: settings.port, reason))
            exit(.unreachable)
        case .changedServer(let known, let presented, let remedy):
            let lines = LineTexts.changedServer(
                host: settings.host, port: settings.port, known: known, presented: presented, remedy: remedy)
            for line in lines { notice(line) }
            exit(.unreachable)
        case .refused(let status): loginRefused(status)
        }
    }

    private mutating func loginRefused(_ status: Reply.LoginStatus) {
        let mayTryAgain: Bool
        switch status {
        case .invalidPassword:
            say(LineTexts.invalidPassword)
            mayTryAgain = true
        case .busy:
            say(LineTexts.loginBusy)
            mayTryAgain = true
        case .invalidPasswordBlocked:
            say(LineTexts.invalidPasswordBlocked)
            mayTryAgain = false
        case .blocked:
            say(LineTexts.blocked)
            mayTryAgain = false
        case .alreadyLoggedIn:
            say(LineTexts.alreadyLoggedIn(name))
            mayTryAgain = false
        case .success, .expired, .unacceptable:
            say(LineTexts.loginRefused(status.rawValue))
            mayTryAgain = false
        }
        // A script whose password came from elsewhere holds commands in its lines, and none of them is a password to try; the same
        // goes for a script whose session ended under it.
        let linesArePasswords = settings.isInteractive || settings.password == nil && !hasBeenOnline
        guard mayTryAgain, linesArePasswords else {
            exit(.refused)
            return
        }
        stage = .askingPassword
    }

    // MARK: Replies

    private mutating func replied(_ reply: Reply, _ ticket: Ticket) {
        switch stage {
        case .settling(ticket): settled()
        case .awaiting(ticket, let command):
            stage = .ready
            answered(command, reply)
        default: break
        }
    }

    private mutating func failed(_ ticket: Ticket, _ failure: RequestFailure) {
        switch stage {
        case .settling(ticket): logout()
        case .awaiting(ticket, _):
            stage = .ready
            switch failure {
            case .connectionLost: refuse(LineTexts.connectionLost)
            case .queueFull: refuse(LineTexts.queueFull)
            case .notLoggedIn: refuse(LineTexts.notLoggedIn)
            case .unavailable: refuse(LineTexts.unavailable)
            }
        default: break
        }
    }

    private mutating func answered(_ command: Command, _ reply: Reply) {
        switch (command, reply) {
        case (.message(let user, _), .message(let status, _)): answeredMessage(to: user, status)
        case (_, .broadcast(_, let blocked, let fault, _)):
            switch fault {
            case .empty: refuse(LineTexts.empty)
            case .tooLong: refuse(LineTexts.tooLong)
            case nil: if blocked > 0 { say(LineTexts.blockedBySome) }
            }
        case (_, .whoelse(let names)), (_, .whoelsesince(let names)):
            for name in names.sorted() { say(name.text) }
            // Scripts count lines.
            if names.isEmpty, settings.isInteractive { notice(LineTexts.nobodyElse) }
        case (.block(let user), .block(let status)): answeredBlock(of: user, status)
        case (.unblock(let user), .unblock(let status)): answeredUnblock(of: user, status)
        case (_, .passwd(let status)): answeredPassword(status)
        case (_, .error(_, let reason)): refuse(LineTexts.refused(reason))
        case (_, .unknownAction(let action)): refuse(LineTexts.refused("unknown action \(action)"))
        case (_, .refused(_, let refusal)): refuse(LineTexts.refused(refusal.rawValue))
        default: refuse(LineTexts.refused("a reply to something else"))
        }
    }

    private mutating func answeredMessage(to user: String, _ status: Reply.MessageStatus) {
        switch status {
        case .success: break
        case .messageSelf: refuse(LineTexts.messageSelf)
        case .userNotExist: refuse(LineTexts.invalidUser)
        case .userBlocked: refuse(LineTexts.blockedByRecipient)
        case .empty: refuse(LineTexts.empty)
        case .tooLong: refuse(LineTexts.tooLong)
        case .mailboxFull: refuse(LineTexts.mailboxFull(user))
        }
    }

    private mutating func answeredBlock(of user: String, _ status: Reply.BlockStatus) {
        switch status {
        case .success:
            say(LineTexts.isBlocked(user))
            cut(user, true)
        case .messageSelf: refuse(LineTexts.blockSelf)
        case .userNotExist: refuse(LineTexts.invalidUser)
        case .alreadyBlocked:
            refuse(LineTexts.alreadyBlocked(user))
            cut(user, true)
        case .notBlocked: refuse(LineTexts.notBlocked(user))
        }
    }

    private mutating func answeredUnblock(of user: String, _ status: Reply.BlockStatus) {
        switch status {
        case .success:
            say(LineTexts.isUnblocked(user))
            cut(user, false)
        case .messageSelf: refuse(LineTexts.unblockSelf)
        case .userNotExist: refuse(LineTexts.invalidUser)
        case .alreadyBlocked: refuse(LineTexts.alreadyBlocked(user))
        case .notBlocked:
            refuse(LineTexts.notBlocked(user))
            cut(user, false)
        }
    }

    private mutating func answeredPassword(_ status: Reply.LoginStatus) {
        switch status {
        case .success: say(LineTexts.passwordChanged)
        case .unacceptable: refuse(LineTexts.unacceptablePassword)
        case .busy: refuse(LineTexts.busy)
        case .invalidPassword, .invalidPasswordBlocked, .blocked, .alreadyLoggedIn, .expired: refuse(LineTexts.wrongOldPassword)
        }
    }
}

import ChatPeer
import ChatProtocol

/// Private sessions: their commands, and what they tell.
extension LineMode {
    // MARK: Commands

    mutating func startPrivate(_ name: String) {
        guard privates != nil else {
            refuse(LineTexts.privateOff)
            return
        }
        guard let user = UserName(name) else {
            refuse(LineTexts.invalidUser)
            return
        }
        // A script's next line may need the session. It waits for as long as that takes, which has an end.
        stage = .awaitingPeer(.start(user), until: settings.isInteractive ? now.uptime.later(by: Self.peerPatience) : .max)
        peer(.start(user))
    }

    mutating func say(_ text: String, privatelyTo name: String) {
        guard let user = UserName(name), let privates, privates.isOpen(user) else {
            refuse(LineTexts.privateNotEnabled(name))
            return
        }
        let ticket = PeerTicket(number: nextTicket().number)
        // A person goes on; a script learns line by line what has arrived.
        if !settings.isInteractive { stage = .awaitingPeer(.line(ticket), until: now.uptime.later(by: Self.peerPatience)) }
        peer(.say(user, text: text, ticket))
    }

    mutating func stopPrivate(_ name: String) {
        guard let user = UserName(name), privates?.status(of: user) != nil else {
            refuse(LineTexts.privateNotEnabled(name))
            return
        }
        peer(.stop(user))
    }

    mutating func verify(_ name: String, isConfirmed: Bool) {
        guard let user = UserName(name), let number = privates?.safetyNumber(with: user) else {
            refuse(LineTexts.noKey(name))
            return
        }
        if isConfirmed {
            peer(.verify(user))
        } else {
            for line in LineTexts.safetyNumber(user, number) { say(line) }
        }
    }

    mutating func acceptKey(of name: String) {
        guard let user = UserName(name), case .changed? = privates?.trust(of: user) else {
            refuse(LineTexts.noChangedKey(name))
            return
        }
        peer(.acceptKey(user))
    }

    // MARK: Joining

    /// Gives `input` to the private sessions and does what they answer.
    mutating func peer(_ input: PeerInput) {
        guard let results = privates?.handle(input, at: now) else { return }
        for result in results {
            switch result {
            case .tell(let news): learned(news)
            case .ask(let user): outputs.append(.session(introductions.ask(user, nextTicket())))
            case .dial, .expect, .abandon, .transmit, .close, .remember, .forget: outputs.append(.peer(result))
            }
        }
    }

    /// The server brings nobody who is blocked; what he is fetching goes past it, and ends here. An open private session goes on.
    mutating func cut(_ name: String, _ isBlocked: Bool) {
        guard let user = UserName(name), desk != nil else { return }
        outputs.append(.sharing(.block(user, isBlocked)))
    }

    /// The other client takes long: the next command is taken, and what becomes of this one is told later.
    mutating func stopWaiting() {
        guard case .awaitingPeer(let wait, _) = stage else { return }
        stage = .ready
        if case .start(let user) = wait { notice(LineTexts.stillWaiting(user)) }
    }

    // MARK: News

    private mutating func learned(_ news: PeerNews) {
        switch news {
        case .opening: break
        case .asked(let user, let judgement): notice(LineTexts.privateAsked(user, judgement))
        case .turnedAway(let user): notice(LineTexts.privateTurnedAway(user))
        case .opened(let user, let route, let judgement, let isMine):
            if isMine { say(LineTexts.privateStarted(user)) }
            notice(LineTexts.privateOpen(user, route, judgement, isMine: isMine))
            _ = endWait(.start(user))
        case .interrupted(let user): notice(LineTexts.privateInterrupted(user))
        case .resumed(let user, let route):
            if endWait(.start(user)) { say(LineTexts.privateStarted(user)) }
            notice(LineTexts.privateResumed(user, route))
        case .text(let user, let text, let number):
            say(LineTexts.privateText(from: user, text))
            outputs.append(.afterOutput(.peer(.shown(user, through: number))))
        case .delivered(_, let ticket): _ = endWait(.line(ticket))
        case .failed(let user, let ticket, let failure):
            _ = endWait(.line(ticket))
            refuse(LineTexts.privateFailed(user, failure))
        case .closed(let user, let end): closed(user, end)
        case .keyChanged(let user, let wasVerified): notice(LineTexts.keyChanged(user, wasVerified: wasVerified))
        case .trust(let user, let judgement):
            updateServing()
            if case .changed = judgement { refuse(LineTexts.trust(user, judgement)) } else { say(LineTexts.trust(user, judgement)) }
        }
    }

    private mutating func closed(_ user: UserName, _ end: PeerEnd) {
        let wasAwaited = endWait(.start(user))
        switch end {
        case .leftByMe: break
        case .stoppedByMe, .declinedByMe: notice(LineTexts.privateEnded(user))
        case .stoppedByThem, .leftByThem, .linkDead, .broken:
            if wasAwaited { refuse(LineTexts.privateRefused(user, end)) } else { say(LineTexts.privateOver(user, end)) }
        case .declinedByThem, .refused, .unreachable, .wrongPin, .keyChanged, .tooMany:
            refuse(LineTexts.privateRefused(user, end))
        }
    }

    /// Whether a command was waiting for this; it is no more.
    private mutating func endWait(_ wait: PeerWait) -> Bool {
        guard case .awaitingPeer(wait, _) = stage else { return false }
        stage = .ready
        return true
    }
}

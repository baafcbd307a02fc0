import ChatPeer
import ChatProtocol

/// Private sessions: their commands, their lines, and what they tell.
extension Model {
    // MARK: Commands

    /// People asked for a private session without being seen online, at the same time.
    private static let callBound = 100

    /// Goes to the private conversation and opens a session for it, or takes the one that is offered.
    mutating func startPrivate(with user: UserName, at now: Moment) {
        guard privates != nil else { return refuse("This client takes no private sessions") }
        guard user != me else { return refuse("That is you") }
        let here = channel
        acceptLine()
        if roster.contains(user) || privates?.status(of: user) != nil || privateCalls.count >= Self.callBound {
            open(conversation(on: .private(user)))
        } else {
            // Nobody is led into a room in which there is nothing but the news that there is nobody.
            privateCalls[user] = here
        }
        peer(.start(user), at: now)
    }

    mutating func stopPrivate(with user: UserName, at now: Moment) {
        guard privates?.status(of: user) != nil else { return refuse("There is no private session with \(user)") }
        acceptLine()
        peer(.stop(user), at: now)
    }

    mutating func verify(_ user: UserName, isConfirmed: Bool, at now: Moment) {
        guard let number = privates?.safetyNumber(with: user) else {
            return refuse("The key of \(user) is not known yet: /startprivate \(user)", short: ["No key yet: /startprivate"])
        }
        acceptLine()
        if isConfirmed { return peer(.verify(user), at: now) }
        let here = Channel.private(user)
        open(conversation(on: here))
        let isVerified = privates?.trust(of: user).isVerified == true
        note(.notice(Self.words(for: number, with: user, isVerified: isVerified)), in: here, at: now)
    }

    mutating func acceptKey(of user: UserName, at now: Moment) {
        guard case .changed? = privates?.trust(of: user) else { return refuse("The key of \(user) has not changed") }
        acceptLine()
        peer(.acceptKey(user), at: now)
    }

    // MARK: Lines

    func isInPrivateSession(_ channel: Channel) -> Bool {
        guard case .private(let user) = channel else { return false }
        return privates?.isOpen(user) ?? false
    }

    /// Sends the line on the input, which is refused if there is no session.
    mutating func sayPrivately(_ text: String, to user: UserName, at now: Moment) {
        guard let privates, privates.isOpen(user) else {
            switch privates?.status(of: user) {
            case .opening: return refuse("Not sent: the session with \(user) is being opened", short: ["Not sent: opening", "Not sent"])
            case .awaitingConsent: return refuse("Not sent: \(user) has not accepted yet", short: ["Not sent: not accepted", "Not sent"])
            default:
                if case .changed? = privates?.trust(of: user) {
                    return refuse(
                        "Not sent: the key of \(user) has changed · /acceptkey takes the new one, if you know why",
                        short: ["Not sent: key changed · /acceptkey", "Not sent: key changed", "Not sent"])
                }
                let words = "Not sent: there is no private session with \(user)"
                return refuse("\(words) · /startprivate \(user) opens one", short: [words, "Not sent: no session", "Not sent"])
            }
        }
        let line = room.editor.text
        acceptLine()
        let index = conversation(on: .private(user))
        if textPane != .conversations { active = index }
        var entry = Entry(.said(by: .me, text: Sanitizer.body(text)), at: now.wall)
        entry.delivery = .queued
        entry.typed = line.hasPrefix("/") ? text : line
        entry.ticket = nextPeerTicket()
        conversations[index].log.anchor = nil
        conversations[index].log.newLine = nil
        conversations[index].log.append(entry)
        if let ticket = entry.ticket { peer(.say(user, text: text, ticket), at: now) }
    }

    /// Sends a failed line again. One that the session still holds goes under its old number, so that the other side cannot see it twice.
    mutating func retry(_ entry: Entry, to user: UserName, at now: Moment) {
        guard let ticket = entry.ticket, let text = entry.typed, let privates else { return }
        if privates.hasFailed(ticket, to: user) { return peer(.retry(user, ticket), at: now) }
        let fresh = nextPeerTicket()
        with(.private(user)) { $0.log[entry.number]?.ticket = fresh }
        peer(.say(user, text: text, fresh), at: now)
    }

    var waitingPrivateLines: Int { privates?.waitingLines ?? 0 }

    func waitingPrivateLines(to user: UserName) -> Int { privates?.waitingLines(to: user) ?? 0 }

    private mutating func nextPeerTicket() -> PeerTicket {
        lastPeerTicket += 1
        return PeerTicket(number: lastPeerTicket)
    }

    private mutating func settle(_ ticket: PeerTicket, of user: UserName, _ delivery: Entry.Delivery) {
        let settled = with(.private(user)) { room -> Entry? in
            guard let index = room.log.entries.lastIndex(where: { $0.ticket == ticket }) else { return nil }
            let number = room.log.entries[index].number
            room.log[number]?.delivery = delivery
            if delivery == .delivered { room.log[number]?.typed = nil }
            return room.log[number]
        }
        if delivery == .delivered { keep(settled ?? nil, in: .private(user)) }
    }

    /// Tells the others what has been drawn.
    mutating func acknowledgePrivates(at now: Moment) {
        guard !privateReceived.isEmpty else { return }
        let shown = privateReceived
        privateReceived = [:]
        for (user, number) in shown { peer(.shown(user, through: number), at: now) }
    }

    // MARK: Joining

    /// Gives `input` to the private sessions and does what they answer.
    mutating func peer(_ input: PeerInput, at now: Moment) {
        guard let results = privates?.handle(input, at: now) else { return }
        for result in results {
            switch result {
            case .tell(let news): learn(news, at: now)
            case .ask(let user):
                lastTicket += 1
                // What the user does not do alone, like opening a broken link again, does not put the inactivity off.
                tell(introductions.ask(user, Ticket(number: lastTicket)), at: now)
            case .dial, .expect, .abandon, .transmit, .close, .remember, .forget: effects.append(.peer(result))
            }
        }
    }

    /// The server brings nobody who is blocked; what he is fetching goes past it, and ends here. An open private session goes on.
    mutating func cut(_ user: UserName, _ isBlocked: Bool) {
        if desk != nil { effects.append(.sharing(.block(user, isBlocked))) }
    }

    // MARK: News

    private mutating func learn(_ news: PeerNews, at now: Moment) {
        switch news {
        case .opening(let user):
            if privateCalls[user] != nil {
                hint = Hint(text: "Asking the server for \(user)…")
            } else {
                tell(user, .notice("Opening a private session with \(user)…"), at: now)
            }
        case .asked(let user, let judgement):
            // A question is more than a word about the last key.
            if hint?.isFault != true { hint = nil }
            announce(user, "\(user)\(judgement.isVerified ? " (verified)" : "") asks for a private session", at: now)
            tell(user, .notice("/startprivate accepts it, /stopprivate declines it"), at: now)
        case .turnedAway(let user):
            tell(user, .notice("\(user) asked for a private session and was declined: only verified people may"), at: now)
        case .opened(let user, let route, let judgement, let isMine):
            if privateCalls.removeValue(forKey: user) == channel, overlay == nil, room.editor.isEmpty {
                open(conversation(on: .private(user)))
            }
            if channel == .private(user) { hint = nil }
            let what = "\(LineTexts.way(route)), \(judgement.words)"
            // Only where there is one.
            with(.direct(user)) { room in
                room.isBesidePrivate = false
                let words = "A private session with \(user) is open beside this. What is said here goes through the server"
                _ = room.log.append(Entry(.notice(words), at: now.wall))
            }
            if isMine {
                tell(user, .notice("The private session with \(user) is open: \(what)"), at: now)
            } else {
                // Nothing is said yet, so nothing is unread.
                tell(user, .notice("\(user) has opened a private session with you: \(what)"), at: now)
                if let room = room(on: .private(user)), !isSeen(room) { ring("\(user) has opened a private session with you", at: now) }
            }
            peer(.measure(user), at: now)
        case .interrupted(let user): tell(user, .fault("The link to \(user) broke. Opening another; lines wait meanwhile"), at: now)
        case .resumed(let user, let route):
            tell(user, .notice("The session with \(user) goes on: \(LineTexts.way(route))"), at: now)
            peer(.measure(user), at: now)
        case .text(let user, let text, let number): receivePrivately(text, number, from: user, at: now)
        case .delivered(let user, let ticket): settle(ticket, of: user, .delivered)
        case .failed(let user, let ticket, let failure): settle(ticket, of: user, .failed(failure.words))
        case .closed(let user, let end): closed(user, end, at: now)
        case .keyChanged(let user, let wasVerified): announce(user, .fault(Self.warning(user, wasVerified: wasVerified)), at: now)
        case .trust(let user, let judgement):
            updateServing()
            let words = LineTexts.trust(user, judgement).withoutErrorMark
            if case .changed = judgement { tell(user, .fault(words), at: now) } else { tell(user, .notice(words), at: now) }
        }
    }

    private mutating func receivePrivately(_ text: String, _ number: UInt64, from user: UserName, at now: Moment) {
        privateReceived[user] = max(number, privateReceived[user] ?? 0)
        let index = conversation(on: .private(user))
        let isUnread = !isSeen(conversations[index])
        conversations[index].isGlimpsed = !isUnread && channel != .private(user)
        let entry = Entry(.said(by: .other(user), text: Sanitizer.body(text)), at: now.wall)
        conversations[index].log.append(entry, isUnread: isUnread)
        boundMemory(growth: entry.size)
        keep(entry, in: .private(user))
        if isUnread { ring(at: now) }
    }

    private mutating func closed(_ user: UserName, _ end: PeerEnd, at now: Moment) {
        if let here = privateCalls.removeValue(forKey: user) {
            hint = nil
            return note(.fault(refusal(user, end)), in: here, at: now)
        }
        switch end {
        case .leftByMe: break
        case .stoppedByMe, .declinedByMe: tell(user, .notice("The private session with \(user) is closed"), at: now)
        case .stoppedByThem: tell(user, .notice("\(user) has closed the private session"), at: now)
        case .leftByThem: tell(user, .notice("\(user) has left; the private session is over"), at: now)
        case .linkDead, .broken: tell(user, .fault(LineTexts.privateOver(user, end)), at: now)
        case .declinedByThem, .refused, .unreachable, .wrongPin, .keyChanged, .tooMany:
            tell(user, .fault(refusal(user, end)), at: now)
        }
    }

    private func refusal(_ user: UserName, _ end: PeerEnd) -> String {
        switch end {
        case .refused(.userNotExist): nobody(called: user.text)
        case .refused(.userOffline): "\(user) is not online: a private session needs both. /msg \(user) leaves a message"
        default: LineTexts.privateRefused(user, end).withoutErrorMark
        }
    }

    /// The private conversation with `user`, begun if there is none: with the word where its lines go and who keeps them.
    private mutating func privateRoom(_ user: UserName, at now: Moment) -> Int {
        let index = conversation(on: .private(user))
        if conversations[index].log.isEmpty {
            let words = Self.keepingWords(user, isKept: options.settings.history && options.settings.historyPrivate)
            conversations[index].log.append(Entry(.notice(words), at: now.wall))
        }
        return index
    }

    static func keepingWords(_ user: UserName, isKept: Bool) -> String {
        let keeping =
            isKept
            ? "This machine keeps it (/set history-private off)"
            : "This machine does not keep it either (/set history-private on does)"
        return "Private: past the server, which never has it, encrypted from your client to that of \(user). \(keeping)"
    }

    /// Words for the private conversation with `user`.
    private mutating func tell(_ user: UserName, _ content: Entry.Content, at now: Moment) {
        let index = privateRoom(user, at: now)
        conversations[index].log.append(Entry(content, at: now.wall))
    }

    private mutating func announce(_ user: UserName, _ words: String, at now: Moment) { announce(user, .notice(words), at: now) }

    /// The same for what others have begun: it counts as unread where nobody is looking.
    private mutating func announce(_ user: UserName, _ content: Entry.Content, at now: Moment) {
        let index = privateRoom(user, at: now)
        let isUnread = !isSeen(conversations[index])
        conversations[index].log.append(Entry(content, at: now.wall), isUnread: isUnread)
        if isUnread { ring(at: now) }
    }

    private static func warning(_ user: UserName, wasVerified: Bool) -> String {
        let what = wasVerified ? "has changed since you verified it. Nothing is sent before you accept it" : "is not the one of before"
        return "The key of \(user) \(what). This may be somebody else. Only if you know why: /acceptkey \(user)"
    }

    private static func words(for number: SafetyNumber, with user: UserName, isVerified: Bool) -> String {
        let remedy = isVerified ? "You have verified it." : "If it is the same: /verify \(user) yes"
        // The number last: a small screen shows the end.
        return
            (["Safety number with \(user). Compare it with what \(user) sees, by voice or side by side. \(remedy)"]
            + number.lines(perLine: 6))
            .joined(separator: "\n")
    }
}

extension TrustJudgement {
    /// Fits after a comma.
    var words: String {
        switch self {
        case .new: "not verified"
        case .known(let isVerified): isVerified ? "verified" : "not verified"
        case .changed: "KEY CHANGED"
        }
    }
}

extension LineFailure {
    var words: String {
        switch self {
        case .noSession: "there is no private session"
        case .empty: "nothing in it"
        case .tooLong: "too long"
        case .queueFull: "too many lines wait"
        case .notDelivered: "it did not arrive"
        case .keyChanged: "the key has changed"
        }
    }
}

extension String {
    /// Line mode's texts carry the mark that scripts look for; a screen has colours and signs.
    fileprivate var withoutErrorMark: String { hasPrefix("Error. ") ? String(dropFirst(7)) : self }
}

package import ChatProtocol

/// Lines: numbered, kept until they are acknowledged, never shown twice, never sent any other way.
extension PrivateSessions {
    // MARK: One's own

    mutating func say(_ text: String, to user: UserName, _ ticket: PeerTicket) {
        if let failure = take(text, to: user, ticket) { tell(.failed(user, ticket, failure)) }
    }

    mutating func retry(_ ticket: PeerTicket, to user: UserName) {
        guard let index = people[user]?.failed.firstIndex(where: { $0.line.ticket == ticket }), let failed = people[user]?.failed[index]
        else { return }
        if let failure = take(failed.line.text, to: user, ticket) {
            tell(.failed(user, ticket, failure))
        } else {
            people[user]?.failed.remove(at: index)
        }
    }

    /// Returns why not, if not.
    private mutating func take(_ text: String, to user: UserName, _ ticket: PeerTicket) -> LineFailure? {
        guard var person = people[user], var session = person.session else { return .noSession }
        switch MessageText.fault(in: text) {
        case .empty: return .empty
        case .tooLong: return .tooLong
        case nil: break
        }
        guard book.judge(user, session.pin) != .changed(wasVerified: true) else { return .keyChanged }
        guard session.lines.count < Limits.lines else { return .queueFull }
        let line = Line(number: person.lastNumber + 1, text: text, ticket: ticket)
        // Characters that need escaping can make a frame longer than the other side takes.
        guard text.utf8.count <= (WireLimits.frame - 64) / 6 || line.message.encoded().count <= WireLimits.frame else { return .tooLong }
        person.lastNumber = line.number
        session.lines.append(line)
        person.session = session
        people[user] = person
        pump(user)
        return nil
    }

    /// Sends what the window has room for.
    mutating func pump(_ user: UserName) {
        guard var session = people[user]?.session, let link = session.link else { return }
        var lastSent = people[user]?.lastSent ?? 0
        var inFlight = session.lines[..<session.sent].reduce(0) { $0 + $1.text.utf8.count }
        while session.sent < session.lines.count {
            let line = session.lines[session.sent]
            let size = line.text.utf8.count
            guard session.sent == 0 || inFlight + size <= Limits.window else { break }
            inFlight += size
            session.sent += 1
            lastSent = max(lastSent, line.number)
            outputs.append(.transmit(line.message, link.id))
        }
        people[user]?.session = session
        people[user]?.lastSent = lastSent
    }

    mutating func acknowledged(_ user: UserName, through number: UInt64, on link: PeerLinkID) {
        guard let person = people[user] else { return }
        guard number <= person.lastSent else {
            broken(link, "lines acknowledged that were never sent")
            return
        }
        confirm(user, through: number)
        pump(user)
    }

    mutating func confirm(_ user: UserName, through number: UInt64) {
        while let line = people[user]?.session?.lines.first, line.number <= number {
            people[user]?.session?.lines.removeFirst()
            if let sent = people[user]?.session?.sent, sent > 0 { people[user]?.session?.sent = sent - 1 }
            tell(.delivered(user, line.ticket))
        }
    }

    // MARK: Failed

    /// Whether a line that failed is kept, so that ``PeerInput/retry(_:_:)`` can send it under its old number.
    package func hasFailed(_ ticket: PeerTicket, to user: UserName) -> Bool {
        people[user]?.failed.contains { $0.line.ticket == ticket } ?? false
    }

    /// Lines that the other side has not acknowledged.
    /// Of all sessions.
    package var waitingLines: Int { people.values.reduce(0) { $0 + ($1.session?.lines.count ?? 0) } }

    package func waitingLines(to user: UserName) -> Int { people[user]?.session?.lines.count ?? 0 }

    /// The session is over: what was not acknowledged has failed.
    mutating func fail(_ session: OpenSession, of user: UserName) {
        let lastSent = people[user]?.lastSent ?? 0
        for line in session.lines {
            people[user]?.failed.append(FailedLine(line: line, isOpen: line.number <= lastSent))
            tell(.failed(user, line.ticket, .notDelivered))
        }
        let excess = (people[user]?.failed.count ?? 0) - Limits.failed
        if excess > 0 { people[user]?.failed.removeFirst(excess) }
    }

    /// The other side says how many of this stream's lines it has, or (`nil`) that it knows none: now every failed line is known to
    /// have arrived, and was not lost after all, or not to have. So a retry cannot show it twice.
    mutating func settleFailed(_ user: UserName, through number: UInt64?) {
        guard let failed = people[user]?.failed else { return }
        var kept: [FailedLine] = []
        for var entry in failed {
            if entry.isOpen, let number, entry.line.number <= number {
                tell(.delivered(user, entry.line.ticket))
                continue
            }
            entry.isOpen = false
            kept.append(entry)
        }
        people[user]?.failed = kept
    }

    // MARK: The other's

    mutating func received(_ text: String, _ number: UInt64, from user: UserName, on link: PeerLinkID) {
        guard let person = people[user] else { return }
        guard number > person.received else {
            // It came before; the acknowledgement may have been lost.
            if person.shown >= number { outputs.append(.transmit(.ack(through: person.shown), link)) }
            return
        }
        guard MessageText.fault(in: text) == nil else {
            broken(link, "an empty or too long line")
            return
        }
        people[user]?.received = number
        tell(.text(user, text, number: number))
    }

    mutating func shown(_ user: UserName, through number: UInt64) {
        guard let person = people[user] else { return }
        let shown = max(person.shown, min(number, person.received))
        people[user]?.shown = shown
        guard shown > person.acknowledged, let link = person.session?.link else { return }
        people[user]?.acknowledged = shown
        outputs.append(.transmit(.ack(through: shown), link.id))
    }
}

extension Line {
    var message: PeerMessage { .text(number: number, text) }
}

import ChatProtocol

/// What comes over a link.
extension PrivateSessions {
    mutating func received(_ message: PeerMessage, on link: PeerLinkID, at now: Moment) {
        guard let user = links[link] else { return }
        if people[user]?.session?.link?.id == link {
            people[user]?.session?.link?.lastReceived = now.uptime
            people[user]?.session?.link?.probedAt = nil
            if message == .pong, let since = people[user]?.session?.link?.pingedAt {
                people[user]?.session?.link?.pingedAt = nil
                people[user]?.session?.link?.roundTrip = now.uptime - min(now.uptime, since)
            }
            received(message, from: user, on: link)
        } else if let pending = people[user]?.approach?.link, pending.id == link {
            received(message, from: user, onPending: pending, at: now)
        }
    }

    private mutating func received(_ message: PeerMessage, from user: UserName, on link: PeerLinkID) {
        switch message {
        case .text(let number, let text): received(text, number, from: user, on: link)
        case .ack(let number): acknowledged(user, through: number, on: link)
        case .ping: outputs.append(.transmit(.pong, link))
        case .pong: break
        case .bye(let farewell): finish(user, farewell.end)
        case .hello, .session: broken(link, "a second greeting")
        }
    }

    private mutating func received(_ message: PeerMessage, from user: UserName, onPending link: PendingLink, at now: Moment) {
        switch message {
        case .session(let stream, let yours, let through):
            guard link.greeting == nil else {
                broken(link.id, "a second greeting")
                return
            }
            let greeting = Greeting(stream: stream, yours: yours, through: through)
            if case .held(_, let needsConsent, let needsKey)? = people[user]?.approach?.stage {
                var link = link
                link.greeting = greeting
                people[user]?.approach?.stage = .held(link, needsConsent: needsConsent, needsKey: needsKey)
            } else {
                open(user, link, greeting, at: now)
            }
        case .ping: outputs.append(.transmit(.pong, link.id))
        // The link itself has seen to the hello.
        case .hello, .pong: break
        case .bye(let farewell): endApproach(user, farewell.end)
        case .text, .ack: broken(link.id, "a line before the greeting")
        }
    }

    /// Both have agreed: the session opens, or goes on over this link.
    mutating func open(_ user: UserName, _ link: PendingLink, _ greeting: Greeting, at now: Moment) {
        guard let person = people[user] else { return }
        let isStreamKnown = greeting.yours == person.stream
        guard !isStreamKnown || greeting.through <= person.lastSent else {
            broken(link.id, "lines counted that were never sent")
            return
        }
        let isKnown = person.approach?.isKnown ?? false
        people[user]?.approach = nil
        if person.session != nil, !isStreamKnown {
            // The other client has forgotten everything: it was started again.
            finish(user, .leftByThem)
        }
        if person.theirStream != greeting.stream {
            people[user]?.theirStream = greeting.stream
            people[user]?.received = 0
            people[user]?.shown = 0
        }
        // An acknowledgement on the link before may be lost: the next one says it again.
        people[user]?.acknowledged = 0
        settleFailed(user, through: isStreamKnown ? greeting.through : nil)

        let isRevived = people[user]?.session != nil
        let opened = OpenLink(
            id: link.id, route: link.route, since: now.uptime, lastReceived: now.uptime, isRevived: isRevived)
        if isRevived {
            if let old = people[user]?.session?.link { close(old.id, nil) }
            people[user]?.session?.link = opened
            people[user]?.session?.sent = 0
            tell(.resumed(user, link.route))
            confirm(user, through: greeting.through)
        } else {
            people[user]?.session = OpenSession(pin: link.pin, link: opened)
            introduce(user, link, isMine: isKnown || link.isInitiator, at: now)
        }
        pump(user)
    }

    /// Remembers who it is, or warns that it is somebody else.
    private mutating func introduce(_ user: UserName, _ link: PendingLink, isMine: Bool, at now: Moment) {
        let judgement = book.judge(user, link.pin)
        if let person = book.meet(user, link.pin, at: now.wall) { outputs.append(.remember(person)) }
        if case .changed(let wasVerified) = judgement {
            people[user]?.changedPin = link.pin
            tell(.keyChanged(user, wasVerified: wasVerified))
        } else {
            people[user]?.changedPin = nil
        }
        tell(.opened(user, link.route, judgement, isMine: isMine))
    }
}

extension PeerMessage.Farewell {
    fileprivate var end: PeerEnd {
        switch self {
        case .stopped: .stoppedByThem
        case .leaving: .leftByThem
        case .declined: .declinedByThem
        }
    }
}

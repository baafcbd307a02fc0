import ChatProtocol

/// A link is up, or came to nothing: who may open a session on it.
extension PrivateSessions {
    mutating func linkUp(_ id: PeerLinkID, _ user: UserName, _ route: PeerRoute, isInitiator: Bool, at now: Moment) {
        switch (people[user]?.approach?.stage, isInitiator) {
        case (.dialing(let introduction), true):
            let link = PendingLink(id: id, pin: introduction.offer.pin, route: route, isInitiator: true)
            links[id] = user
            greet(user, link, at: now)
        case (.expecting(let introduction), false):
            links[id] = user
            admitLink(PendingLink(id: id, pin: introduction.offer.pin, route: route, isInitiator: false), of: user, at: now)
        default: outputs.append(.close(id))
        }
    }

    /// The other side's link is up: does the user have to agree to it?
    private mutating func admitLink(_ link: PendingLink, of user: UserName, at now: Moment) {
        guard let approach = people[user]?.approach else { return }
        // So that every end from here on closes the link.
        hold(user, link, needsConsent: false, needsKey: false, at: now)
        if let until = people[user]?.stoppedUntil {
            people[user]?.stoppedUntil = nil
            if until > now.uptime {
                endApproach(user, .stoppedByMe, farewell: .stopped)
                return
            }
        }
        if let session = people[user]?.session {
            if session.pin == link.pin {
                greet(user, link, at: now)
                return
            }
            // It was without a link; who comes has another key, and so is not taken for the same.
            people[user]?.approach = nil
            finish(user, .linkDead("the other client has another key now"), farewell: .stopped)
            people[user]?.approach = approach
        }
        let judgement = book.judge(user, link.pin)
        if consent == .verified, !judgement.isVerified, !approach.isKnown {
            if case .changed(let wasVerified) = judgement {
                people[user]?.changedPin = link.pin
                tell(.keyChanged(user, wasVerified: wasVerified))
            }
            tell(.turnedAway(user))
            hold(user, link, needsConsent: false, needsKey: false, at: now)
            endApproach(user, .declinedByMe, farewell: .declined)
            return
        }
        let needsKey = judgement == .changed(wasVerified: true)
        let needsConsent = consent == .ask && !approach.isKnown
        hold(user, link, needsConsent: needsConsent, needsKey: needsKey, at: now)
        if needsKey {
            people[user]?.changedPin = link.pin
            tell(.keyChanged(user, wasVerified: true))
        }
        if needsConsent { tell(.asked(user, judgement)) }
        if needsKey || needsConsent { people[user]?.approach?.isKnown = true } else { greet(user, link, at: now) }
    }

    private mutating func hold(_ user: UserName, _ link: PendingLink, needsConsent: Bool, needsKey: Bool, at now: Moment) {
        people[user]?.approach?.stage = .held(link, needsConsent: needsConsent, needsKey: needsKey)
        people[user]?.approach?.deadline = now.uptime.later(by: Patience.consent)
    }

    /// Agrees to the session on this link.
    mutating func greet(_ user: UserName, _ link: PendingLink, at now: Moment) {
        guard let person = people[user] else { return }
        outputs.append(
            .transmit(.session(stream: person.stream, yours: person.theirStream, through: person.received), link.id))
        if let greeting = link.greeting {
            open(user, link, greeting, at: now)
            return
        }
        people[user]?.approach?.stage = .greeting(link)
        people[user]?.approach?.deadline = now.uptime.later(by: link.isInitiator ? Patience.theirConsent : Patience.greeting)
    }

    mutating func linkFailed(_ user: UserName, isInitiator: Bool, _ end: PeerEnd, at now: Moment) {
        switch (people[user]?.approach?.stage, isInitiator) {
        case (.dialing, true), (.expecting, false):
            if people[user]?.approach?.isWanted == true, end != .wrongPin { return askInstead(of: user, at: now) }
            // That somebody tried to pass for another is worth telling even where nobody waited.
            if end == .wrongPin { people[user]?.approach?.isKnown = true }
            endApproach(user, end)
        default: break
        }
    }
}

import ChatProtocol

/// The way to a session, up to a link: what the user wants, and what the server says.
extension PrivateSessions {
    mutating func loggedIn(as user: UserName, at now: Moment) {
        if let me, me != user {
            // What one user said must not go on under the name of another.
            quit()
            people = [:]
        }
        me = user
        for (name, person) in people where person.approach?.stage == .awaitingServer {
            people[name]?.approach?.stage = .asking(passedOver: nil)
            outputs.append(.ask(name))
        }
    }

    // MARK: The user

    mutating func start(_ user: UserName, at now: Moment) {
        guard let me else {
            tell(.closed(user, .refused(.noServer)))
            return
        }
        guard user != me else {
            tell(.closed(user, .refused(.userSelf)))
            return
        }
        guard admit(user, at: now) else {
            tell(.closed(user, .tooMany))
            return
        }
        people[user]?.stoppedUntil = nil
        if let session = people[user]?.session {
            if let link = session.link {
                tell(.opened(user, link.route, book.judge(user, session.pin), isMine: true))
            } else {
                tell(.interrupted(user))
            }
            return
        }
        guard let approach = people[user]?.approach else {
            tell(.opening(user))
            ask(user, isKnown: true, patience: Patience.server, at: now)
            return
        }
        people[user]?.approach?.isKnown = true
        switch approach.stage {
        case .asking, .awaitingServer, .dialing, .greeting: tell(.opening(user))
        case .expecting:
            tell(.opening(user))
            let patience = approach.since.later(by: Patience.stale)
            guard patience > now.uptime else { return askInstead(of: user, at: now) }
            people[user]?.approach?.isWanted = true
            people[user]?.approach?.deadline = min(approach.deadline, patience)
        case .held(_, _, let needsKey):
            // Wanting it oneself is consent.
            if needsKey { tell(.keyChanged(user, wasVerified: true)) }
            consented(user, true, at: now)
        }
    }

    /// The one who was expected did not come.
    mutating func askInstead(of user: UserName, at now: Moment) {
        outputs.append(.abandon(user))
        ask(user, isKnown: true, patience: Patience.server, at: now)
    }

    mutating func stop(_ user: UserName, at now: Moment) {
        guard let person = people[user] else { return }
        if person.session == nil, case .held(_, true, _)? = person.approach?.stage {
            endApproach(user, .declinedByMe, farewell: .declined)
            return
        }
        if let session = person.session {
            if session.link == nil { people[user]?.stoppedUntil = now.uptime.later(by: Patience.reviving) }
            finish(user, .stoppedByMe, farewell: .stopped)
        } else if person.approach?.isKnown == true {
            endApproach(user, .stoppedByMe, farewell: .stopped)
        }
    }

    mutating func consented(_ user: UserName, _ isGiven: Bool, at now: Moment) {
        guard let approach = people[user]?.approach, case .held(let link, true, let needsKey) = approach.stage else { return }
        guard isGiven else {
            endApproach(user, .declinedByMe, farewell: .declined)
            return
        }
        if needsKey {
            people[user]?.approach?.stage = .held(link, needsConsent: false, needsKey: true)
        } else {
            greet(user, link, at: now)
        }
    }

    /// Ends everything, telling the other sides.
    mutating func quit() {
        for user in people.keys.sorted() {
            if people[user]?.session != nil {
                finish(user, .leftByMe, farewell: .leaving)
            } else if people[user]?.approach != nil {
                endApproach(user, .leftByMe, farewell: .leaving)
            }
        }
        me = nil
    }

    // MARK: The server

    mutating func ask(_ user: UserName, isKnown: Bool, patience: UInt64, at now: Moment) {
        people[user]?.approach = Approach(
            stage: .asking(passedOver: nil), since: now.uptime, deadline: now.uptime.later(by: patience), isKnown: isKnown)
        outputs.append(.ask(user))
    }

    mutating func introduced(_ introduction: PeerIntroduction, asked user: UserName, at now: Moment) {
        guard let approach = people[user]?.approach, case .asking = approach.stage else { return }
        guard introduction.user == user else {
            endApproach(user, .refused(.unclear))
            return
        }
        let pin = introduction.offer.pin
        if let session = people[user]?.session {
            guard session.pin == pin else {
                endApproach(user, .linkDead("the other client has another key now"))
                return
            }
        } else if book.judge(user, pin) == .changed(wasVerified: true) {
            people[user]?.changedPin = pin
            tell(.keyChanged(user, wasVerified: true))
            endApproach(user, .keyChanged)
            return
        }
        people[user]?.approach?.stage = .dialing(introduction)
        people[user]?.approach?.deadline = now.uptime.later(by: Patience.dialing)
        outputs.append(.dial(introduction))
    }

    mutating func refused(_ user: UserName, _ why: StartRefusal, at now: Moment) {
        guard let person = people[user], let approach = person.approach, case .asking(let passedOver) = approach.stage else { return }
        if let passedOver {
            // Its own attempt may go through where this one cannot: a block is one way.
            expect(passedOver, isKnown: approach.isKnown, at: now)
        } else if why == .noServer, person.session != nil {
            people[user]?.approach?.stage = .awaitingServer
        } else {
            endApproach(user, .refused(why))
        }
    }

    /// The other side is on its way.
    mutating func requested(_ introduction: PeerIntroduction, at now: Moment) {
        let user = introduction.user
        guard let me, user != me, admit(user, at: now), let person = people[user] else { return }
        if let session = person.session, session.pin != introduction.offer.pin, let link = session.link {
            // A session that lives does not give way to another key; one that is dead had better be known to be.
            if link.probedAt == nil { probe(user, link, at: now) }
            return
        }
        switch person.approach?.stage {
        case nil, .awaitingServer, .expecting: break
        case .asking:
            if isFirst(against: introduction) {
                people[user]?.approach?.stage = .asking(passedOver: introduction)
                return
            }
        case .dialing: if isFirst(against: introduction) { return }
        case .held(let link, _, _), .greeting(let link):
            if link.isInitiator, isFirst(against: introduction) { return }
            drop(link)
        }
        if person.approach?.isDialingOrExpecting == true { outputs.append(.abandon(user)) }
        expect(introduction, isKnown: person.approach?.isKnown ?? false, at: now)
    }

    /// Of two that start at once, whether this side goes on.
    private func isFirst(against other: PeerIntroduction) -> Bool {
        guard let me else { return false }
        return (pin.text, me) < (other.offer.pin.text, other.user)
    }

    private mutating func expect(_ introduction: PeerIntroduction, isKnown: Bool, at now: Moment) {
        let user = introduction.user
        let isReviving = people[user]?.session != nil
        // Whom the user wants to meet, and who then does not come, is asked for.
        let isWanted = isKnown && !isReviving
        let patience = isReviving ? Patience.reviving : isWanted ? Patience.stale : Patience.expecting
        people[user]?.approach = Approach(
            stage: .expecting(introduction), since: now.uptime, deadline: now.uptime.later(by: patience), isKnown: isKnown,
            isWanted: isWanted)
        outputs.append(.expect(introduction))
    }
}

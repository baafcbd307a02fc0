import ChatProtocol

/// Every way that a session, or the way to it, ends.
extension PrivateSessions {
    /// Gives the approach to `user` up. A session without a link ends with it, one with a link goes on.
    mutating func endApproach(_ user: UserName, _ end: PeerEnd, farewell: PeerMessage.Farewell? = nil) {
        guard let approach = people[user]?.approach else { return }
        people[user]?.approach = nil
        release(user, approach, farewell)
        if let session = people[user]?.session {
            if session.link == nil { finish(user, end.ofReviving) }
        } else if approach.isKnown {
            tell(.closed(user, end))
        }
    }

    /// Ends the session with `user`.
    mutating func finish(_ user: UserName, _ end: PeerEnd, farewell: PeerMessage.Farewell? = nil) {
        guard let person = people[user], let session = person.session else { return }
        people[user]?.session = nil
        people[user]?.approach = nil
        if let approach = person.approach { release(user, approach, farewell) }
        if let link = session.link { close(link.id, farewell) }
        fail(session, of: user)
        tell(.closed(user, end))
    }

    private mutating func release(_ user: UserName, _ approach: Approach, _ farewell: PeerMessage.Farewell?) {
        if approach.isDialingOrExpecting { outputs.append(.abandon(user)) }
        if let link = approach.link { close(link.id, farewell) }
    }

    mutating func drop(_ link: PendingLink) { close(link.id, nil) }

    mutating func close(_ link: PeerLinkID, _ farewell: PeerMessage.Farewell?) {
        // A link that is down already needs nothing.
        guard links.removeValue(forKey: link) != nil else { return }
        if let farewell { outputs.append(.transmit(.bye(farewell), link)) }
        outputs.append(.close(link))
    }

    /// The other side broke the rules.
    mutating func broken(_ link: PeerLinkID, _ reason: String) {
        guard let user = links[link] else { return }
        if people[user]?.session?.link?.id == link {
            finish(user, .broken(reason))
        } else {
            endApproach(user, .broken(reason))
        }
    }

    mutating func linkDown(_ link: PeerLinkID, _ reason: String, at now: Moment) {
        guard let user = links.removeValue(forKey: link) else { return }
        if let session = people[user]?.session, let open = session.link, open.id == link {
            lost(user, open, reason, at: now)
        } else if people[user]?.approach?.link?.id == link {
            endApproach(user, .unreachable(reason))
        }
    }

    /// The link of a session is gone: another one, or the end.
    mutating func lost(_ user: UserName, _ link: OpenLink, _ reason: String, at now: Moment) {
        people[user]?.session?.link = nil
        people[user]?.session?.sent = 0
        if link.isRevived, now.uptime < link.since.later(by: Patience.steady) {
            finish(user, .linkDead(reason))
            return
        }
        tell(.interrupted(user))
        // They may be on their way already.
        if people[user]?.approach == nil { ask(user, isKnown: false, patience: Patience.reviving, at: now) }
    }

    // MARK: Time

    mutating func tick(at now: Moment) {
        for user in people.keys.sorted() {
            if let link = people[user]?.session?.link, link.nextWake <= now.uptime {
                if link.probedAt == nil {
                    probe(user, link, at: now)
                } else {
                    close(link.id, nil)
                    lost(user, link, "no answer", at: now)
                }
            }
            if let approach = people[user]?.approach, approach.deadline <= now.uptime { expired(user, approach, at: now) }
        }
    }

    mutating func probe(_ user: UserName, _ link: OpenLink, at now: Moment) {
        outputs.append(.transmit(.ping, link.id))
        people[user]?.session?.link?.probedAt = now.uptime
        if link.pingedAt == nil { people[user]?.session?.link?.pingedAt = now.uptime }
    }

    private mutating func expired(_ user: UserName, _ approach: Approach, at now: Moment) {
        switch approach.stage {
        case .expecting where approach.isWanted: askInstead(of: user, at: now)
        case .asking, .awaitingServer: endApproach(user, .refused(.noServer))
        case .dialing, .expecting, .greeting: endApproach(user, .unreachable("no answer"), farewell: .leaving)
        case .held(_, _, let needsKey): endApproach(user, needsKey ? .keyChanged : .declinedByMe, farewell: .declined)
        }
    }
}

extension PeerEnd {
    /// What it means for a session that no other link could be opened.
    fileprivate var ofReviving: PeerEnd {
        switch self {
        case .refused(.userOffline): .leftByThem
        case .refused(.userBlocked): .linkDead("blocked meanwhile")
        case .refused: .linkDead("the server brought nobody together")
        case .unreachable(let reason): .linkDead(reason)
        default: self
        }
    }
}

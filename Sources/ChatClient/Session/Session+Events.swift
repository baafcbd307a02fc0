import ChatProtocol

/// What the server tells without being asked, and the acknowledgements.
extension Session {
    mutating func received(_ message: ServerMessage, at now: Moment) {
        guard case .open(var link) = link else { return }
        link.lastReceived = now.uptime
        link.probedAt = nil
        self.link = .open(link)
        switch message {
        case .reply(let reply, let id): replied(reply, id, at: now)
        case .event(.ping): transmit(.pong)
        case .event(.bye(let farewell)): dismissed(farewell)
        case .event(let event): if isOnline { happened(event, isLeaving: link.leaving != nil) }
        }
    }

    mutating func heardNonsense(_ reason: String, at now: Moment) {
        guard case .open(var link) = link else { return }
        link.lastReceived = now.uptime
        link.probedAt = nil
        let isFirst = !link.hasHeardNonsense
        link.hasHeardNonsense = true
        self.link = .open(link)
        if isFirst { outputs.append(.tell(.nonsense(String(reason.prefix(Limits.reason))))) }
    }

    private mutating func happened(_ event: Event, isLeaving: Bool) {
        switch event {
        case .message(let from, let text, let receipt):
            // After `logout` nothing is acknowledged any more: what comes now would come again, so it waits for the next time.
            guard !isLeaving else { return }
            if inbox.accept(receipt) {
                outputs.append(.tell(.message(from: from, text: text, receipt)))
            } else {
                acknowledge()
            }
        case .broadcast(let from, let text, let receipt): outputs.append(.tell(.broadcast(from: from, text: text, receipt)))
        case .loggedIn(let name): outputs.append(.tell(.presence(Event.Presence(online: [name]))))
        case .loggedOut(let name): outputs.append(.tell(.presence(Event.Presence(offline: [name]))))
        case .presence(let presence): outputs.append(.tell(.presence(presence)))
        case .delivered(let user, let through): outputs.append(.tell(.delivered(to: user, through: through)))
        case .privateRequest(let introduction): if !isLeaving { outputs.append(.tell(.privateRequest(introduction))) }
        case .timeout: end(.inactivity)
        case .ping, .bye: break
        }
    }

    private mutating func dismissed(_ farewell: Event.Farewell) {
        switch farewell {
        case .shutdown:
            // The server closes the link when it has sent everything.
            guard case .open(var link) = link else { return }
            link.complaint = "the server is shutting down"
            self.link = .open(link)
        case .replaced: if isOnline { end(.replaced) }
        case .removed: if isOnline { end(.removed) }
        }
    }

    mutating func shown(through sequence: UInt64) {
        inbox.show(through: sequence)
        acknowledge()
    }

    /// Tells the server, without wanting an answer, how far the user has read, if that is further than it knows.
    mutating func acknowledge() {
        guard isOnline, case .open(let link) = link, link.leaving == nil, let through = inbox.acknowledgement() else { return }
        outputs.append(.transmit(RequestFrame(.ack(through: through))))
    }
}

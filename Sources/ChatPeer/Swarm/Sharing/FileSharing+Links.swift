import ChatProtocol

/// Links for bulk data: who is asked for one, who gets one, and what goes over them.
extension FileSharing {
    // MARK: Coming about

    mutating func wantLink(to user: UserName, at now: UInt64) {
        guard isOnline, user != me, linkOf[user] == nil, dialing[user] == nil, expecting[user] == nil, !liars.contains(user),
            resting[user]?.until ?? 0 <= now
        else { return }
        var introducing = 0
        for entry in questions.values {
            guard case .introduction(let asked) = entry.question else { continue }
            if asked == user { return }
            introducing += 1
        }
        let dialed = links.values.count(where: \.isInitiator) + dialing.count + introducing
        guard dialed < Limits.dialed, links.count + dialing.count + introducing + expecting.count < Limits.links else { return }
        outputs.append(.introduce(user, newTicket(.introduction(user), at: now)))
    }

    mutating func introduced(_ ticket: SharingTicket, _ introduction: PeerIntroduction, at now: UInt64) {
        guard case .introduction(let user)? = questions.removeValue(forKey: ticket)?.question else { return }
        guard introduction.user == user else { return rest(user, hasFailed: true, at: now) }
        guard linkOf[user] == nil else { return }
        dialing[user] = now + Patience.dialing
        outputs.append(.dial(introduction))
    }

    /// Somebody wants a link.
    mutating func requested(_ introduction: PeerIntroduction, at now: UInt64) {
        let user = introduction.user
        guard me != nil, user != me else { return }
        let pin = introduction.offer.pin
        // The server brings nobody who is blocked, but this may have been on its way.
        guard !blocked.contains(user) else { return }
        guard serving.allows(user, pin), !liars.contains(user) else {
            if turnedAway.insert(Visitor(user: user, pin: pin)) { tell(.turnedAway(user)) }
            return
        }
        if let link = linkOf[user], let since = links[link]?.since, since + Patience.fresh <= now {
            // The other side knows of no link: this one is dead.
            close(link, at: now)
        }
        guard expecting[user] != nil || links.count + dialing.count + expecting.count < Limits.links else { return }
        expecting[user] = now + Patience.expecting
        outputs.append(.expect(introduction))
    }

    mutating func linkUp(_ id: PeerLinkID, _ user: UserName, _ pin: PeerPin, isInitiator: Bool, at now: UInt64) {
        if isInitiator { dialing[user] = nil } else { expecting[user] = nil }
        guard let me, !liars.contains(user), isInitiator || serving.allows(user, pin) && !blocked.contains(user) else {
            outputs.append(.close(id))
            return
        }
        if let other = linkOf[user], let link = links[other] {
            // Both opened one: that of the smaller name stays, and of two of the same the newer, so that both sides keep the same.
            guard (isInitiator ? me : user) <= (link.isInitiator ? me : user) else {
                outputs.append(.close(id))
                return
            }
            close(other, at: now)
        }
        guard links.count < Limits.links else {
            outputs.append(.close(id))
            return
        }
        resting[user] = nil
        links[id] = Link(user: user, pin: pin, isInitiator: isInitiator, since: now, lastUse: now)
        linkOf[user] = id
        for number in records.keys.sorted() where records[number]?.owners.contains(user) == true {
            give(.linked(user), to: number, at: now)
        }
    }

    mutating func linkFailed(_ user: UserName, isInitiator: Bool, at now: UInt64) {
        guard isInitiator else {
            expecting[user] = nil
            return
        }
        dialing[user] = nil
        rest(user, hasFailed: true, at: now)
    }

    // MARK: Going

    mutating func close(_ id: PeerLinkID, at now: UInt64) {
        post(id)
        outputs.append(.close(id))
        forget(id, at: now)
    }

    mutating func linkDown(_ id: PeerLinkID, at now: UInt64) {
        if let user = links[id]?.user { rest(user, hasFailed: false, at: now) }
        forget(id, at: now)
    }

    private mutating func forget(_ id: PeerLinkID, at now: UInt64) {
        guard let link = links.removeValue(forKey: id) else { return }
        letters[id] = nil
        if linkOf[link.user] == id { linkOf[link.user] = nil }
        uploads.left(link.user)
        for number in records.keys.sorted() { give(.unlinked(link.user), to: number, at: now) }
    }

    /// Leaves somebody alone for a while.
    mutating func rest(_ user: UserName, hasFailed: Bool, at now: UInt64) {
        if resting.count >= Limits.people { resting = resting.filter { $0.value.until > now } }
        guard resting.count < Limits.people || resting[user] != nil else { return }
        let failures = (resting[user]?.failures ?? 0) + (hasFailed ? 1 : 0)
        let time = hasFailed ? min(Patience.unreachable << UInt64(min(failures - 1, 8)), Patience.farthest) : Patience.lost
        resting[user] = Rest(until: now + time, failures: failures)
    }

    // MARK: Frames

    mutating func received(_ frame: BulkFrame, on id: PeerLinkID, at now: UInt64) {
        guard let user = links[id]?.user else { return }
        links[id]?.lastUse = now
        switch frame {
        case .leaf(let number, _, _):
            let number = Int(number >> 32)
            if records[number] != nil { give(.received(frame, from: user), to: number, at: now) } else { stray(on: id, at: now) }
        case .proof(let number, _, _), .refuse(let number, _): give(.received(frame, from: user), to: Int(number >> 32), at: now)
        case .holding(let content, _), .nothing(let content), .have(let content, _), .layer(let content, _, _):
            if let number = numbers[content] { give(.received(frame, from: user), to: number, at: now) }
        case .ask, .wantLayer, .request, .cancel: asked(frame, by: user, at: now)
        }
    }

    /// What is on its way when a download is over still comes; more than that is not in order.
    private mutating func stray(on id: PeerLinkID, at now: UInt64) {
        links[id]?.strays += 1
        if let strays = links[id]?.strays, strays > Limits.strays {
            close(id, at: now)
        }
    }

    mutating func send(_ frame: BulkFrame, to user: UserName, at now: UInt64) {
        guard let id = linkOf[user], let link = links[id] else { return }
        guard link.gathered <= Limits.gathered.all else {
            rest(user, hasFailed: true, at: now)
            close(id, at: now)
            return
        }
        links[id]?.gathered += frame.weight
        if letters[id] == nil { letterOrder.append(id) }
        letters[id, default: []].append(frame)
    }

    mutating func discardGathered(for id: PeerLinkID) {
        letters[id] = nil
        letterOrder.removeAll { $0 == id }
        links[id]?.gathered = 0
    }

    /// Hands over what was gathered for a link.
    mutating func post(_ id: PeerLinkID) {
        guard let frames = letters.removeValue(forKey: id), !frames.isEmpty else { return }
        links[id]?.gathered = 0
        outputs.append(.send(frames, id))
    }
}

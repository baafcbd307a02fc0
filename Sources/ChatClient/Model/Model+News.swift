import ChatPeer
import ChatProtocol

/// What the session tells.
extension Model {
    mutating func learn(_ news: SessionNews, at now: Moment) {
        if let input = introductions.meaning(of: news) { peer(input, at: now) }
        if let input = desk?.meaning(of: news) { effects.append(.sharing(input)) }
        switch news {
        case .phase(let phase): enter(phase, at: now)
        case .message(let from, let text, let receipt): receive(text, from: from, receipt, at: now)
        case .broadcast(let from, let text, let receipt): receiveBroadcast(text, from: from, receipt, at: now)
        case .presence(let presence):
            let (came, went) = roster.apply(presence, besides: me)
            if !came.isEmpty || !went.isEmpty { everyone.log.fold(came: came, went: went, at: now.wall) }
        case .delivered(let user, let through):
            with(.direct(user)) { $0.deliveredThrough = max($0.deliveredThrough, through) }
            keepDelivery(to: user, through: through)
        case .privateRequest: break
        case .reply(let reply, let ticket): answer(reply, to: ticket, at: now)
        case .failed(let ticket, let failure): fail(ticket, failure, at: now)
        case .nonsense(let text):
            note(.fault("The server sent something that makes no sense: " + Sanitizer.line(text)), in: channel, at: now)
        case .complaint(let text):
            note(.fault("The server did not understand: " + Sanitizer.line(text)), in: channel, at: now)
        }
    }

    // MARK: Messages

    private mutating func receive(_ text: String, from: UserName, _ receipt: Reply.Receipt, at now: Moment) {
        // In order, unless the server lost its store and counts anew.
        if receipt.sequence <= received { acknowledged = 0 }
        received = receipt.sequence
        let index = conversation(with: from)
        conversations[index].existence = .certain
        let isUnread = !isSeen(conversations[index])
        let entry = entry(text, from: from, receipt, at: now)
        conversations[index].isGlimpsed = !isUnread && channel != .direct(from)
        let isFromBefore = hasWaited(entry)
        let followsOne = conversations[index].log.entries.last.map { last in
            last.place == nil && last.speaker == entry.speaker && hasWaited(last) && !conversations[index].log.isRemembered(last)
        }
        let number = conversations[index].log.append(entry, isUnread: isUnread)
        // What waited while the user was away is new, even if it is before the eyes now, and even if it is all there is.
        if isFromBefore, followsOne != true {
            conversations[index].log.marksFirst = true
            if !isUnread { conversations[index].log.newLine = number }
        }
        boundMemory(growth: entry.size)
        keep(entry, in: .direct(from))
        if isUnread { ring("\(from) wrote to you", at: now) }
    }

    /// Whether a message came to the server while the user was not there.
    private func hasWaited(_ entry: Entry) -> Bool {
        if entry.sentBefore != nil { return true }
        guard let begun = session.begunAt, let receipt = entry.receipt else { return false }
        return receipt.time < begun
    }

    private mutating func receiveBroadcast(_ text: String, from: UserName, _ receipt: Reply.Receipt, at now: Moment) {
        var entry = entry(text, from: from, receipt, at: now)
        if let me { entry.isMention = entry.text.mentions(me) }
        let isUnread = !isSeen(everyone)
        everyone.log.append(entry, isUnread: isUnread)
        boundMemory(growth: entry.size)
        keep(entry, in: .everyone)
        if isUnread, entry.isMention { ring("\(from) mentioned you", at: now) }
    }

    private func entry(_ text: String, from: UserName, _ receipt: Reply.Receipt, at now: Moment) -> Entry {
        var entry = Entry(.said(by: from == me ? .me : .other(from), text: Sanitizer.body(text)), at: now.wall)
        let (age, isAbsurd) = now.wall.milliseconds.subtractingReportingOverflow(receipt.time.milliseconds)
        if !isAbsurd, age > 60_000 { entry.sentBefore = receipt.time }
        entry.receipt = receipt
        return entry
    }

    /// Adds words of the client's own to a room.
    mutating func note(_ content: Entry.Content, in channel: Channel, at now: Moment) {
        let entry = Entry(content, at: now.wall)
        if with(channel, { $0.log.append(entry) }) == nil { everyone.log.append(entry) }
    }

    // MARK: Phases

    private mutating func enter(_ phase: SessionPhase, at now: Moment) {
        switch phase {
        case .idle, .connecting, .loggingIn, .waiting:
            login.fingerprint = nil
            if let user = inquiry?.user { giveBack("The connection was lost before it was known whether there is a \(user)") }
        case .confirming(let fingerprint):
            login.fingerprint = Sanitizer.line(fingerprint)
        case .online(let online): beOnline(online, at: now)
        case .ended(let end): beEnded(end, at: now)
        }
    }

    private mutating func beOnline(_ online: SessionPhase.Online, at now: Moment) {
        if let me, me != online.name { forgetEverything() }
        let isFirst = screen == .login
        me = online.name
        screen = .main
        if isFirst { freshSince = now.wall }
        timeout = online.timeout
        // A resumed session goes on where it was, and so does the server's clock.
        if !online.isResumed { lastCommand = now.uptime }
        openStore(at: now)
        wantHistory(isResumed: online.isResumed)
        login.fault = nil
        login.fingerprint = nil
        login.isTried = true
        hint = nil
        takeTypedAhead()
        if isFirst, case .tlsPinned(let fingerprint, isFirst: true) = online.security {
            let words = "First visit to this server. Its key is remembered from now on: " + Sanitizer.line(fingerprint)
            note(.notice(words), in: .everyone, at: now)
        }
    }

    private mutating func beEnded(_ end: SessionEnd, at now: Moment) {
        roster.clear()
        inquiry = nil
        switch end {
        case .loggedOut: effects.append(.quit(status: exitStatus))
        case .inactivity, .replaced: break
        case .removed, .refused, .changedServer, .unreachable:
            screen = .login
            login.fault = end.words(user: login.name.text)
            login.fingerprint = nil
            login.isTried = true
            login.field = .password
            endTypingAhead()
            // Another Enter would be another wrong attempt, and three lock the name.
            switch end {
            case .refused(.invalidPassword), .refused(.invalidPasswordBlocked): login.password.clear()
            default: break
            }
        }
        if quitDeadline != nil, end != .loggedOut { effects.append(.quit(status: SessionPhase.ended(end).exitStatus)) }
    }

    /// Another user logs in: nothing of the one before may be seen.
    private mutating func forgetEverything() {
        backdrop = nil
        everyone = Room(.everyone)
        conversations = []
        active = 0
        previous = nil
        roster.clear()
        blocked = []
        focus = .everyone
        textPane = .everyone
        chosen = nil
        pending = [:]
        inquiry = nil
        privateCalls = [:]
        privateReceived = [:]
        fileRooms = [:]
        readings = [:]
        transferRooms = [:]
        historyLoad = nil
        store = Store()
        received = 0
        acknowledged = 0
        help = nil
        overlay = nil
        finding = nil
        completion = nil
    }
}

extension String {
    /// Whether `name` occurs as a word of its own, in any case of its letters.
    func mentions(_ name: UserName) -> Bool {
        let text = Array(utf8)
        let name = Array(name.text.utf8)
        func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
        func isWord(_ byte: UInt8) -> Bool {
            byte >= 0x80 || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(lower(byte))
        }
        guard text.count >= name.count else { return false }
        for start in 0...text.count - name.count where lower(text[start]) == lower(name[0]) {
            guard start == 0 || !isWord(text[start - 1]) else { continue }
            let end = start + name.count
            guard end == text.count || !isWord(text[end]) else { continue }
            if zip(text[start..<end], name).allSatisfy({ lower($0) == lower($1) }) { return true }
        }
        return false
    }
}

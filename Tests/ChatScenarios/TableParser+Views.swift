import ChatProtocol

extension TableParser {
    typealias View = (connection: String, expected: [Expectation])

    /// The right side of a step: the actor's view first, then those of others by name.
    func views(_ text: String, after action: Scenario.Action, _ left: String) throws(Unreadable) -> [View] {
        var parts = LineScanner.split(text, at: "|")
        var views: [View] = []
        if let actor = action.connection {
            views.append((actor, try view(parts.removeFirst(), action.word)))
        } else if parts == ["nothing"] {
            return []
        }
        for part in parts {
            guard let colon = part.firstIndex(of: ":") else { throw Unreadable("who sees this: \(part)") }
            let observer = String(part[..<colon])
            guard isConnectionName(observer) else { throw Unreadable("not the name of a connection: \(observer)") }
            guard !views.contains(where: { $0.connection == observer }) else { throw Unreadable("\(observer) has two views: \(text)") }
            views.append((observer, try view(LineScanner.trimmed(part[part.index(after: colon)...]), nil)))
        }
        return views
    }

    private func view(_ text: String, _ action: String?) throws(Unreadable) -> [Expectation] {
        if text == "nothing" { return [] }
        var expected: [Expectation] = []
        for part in LineScanner.split(text, at: ",") {
            expected.append(try expectation(part, action))
        }
        return expected
    }

    /// - Parameter action: The request whose reply this may be; `nil` where only events can come.
    private func expectation(_ text: String, _ action: String?) throws(Unreadable) -> Expectation {
        if text == "closed" { return .closed }
        var words = try Words(text)
        if let pattern = try event(&words) {
            try words.end()
            return .message(pattern)
        }
        guard let action else { throw Unreadable("not an event: \(text)") }
        var pattern = try reply(&words, to: action)
        if let id = try id(&words).flatMap(RequestID.init), case .reply(let reply, _) = pattern.message {
            pattern.message = .reply(reply, id: id)
        }
        try words.end()
        return .message(pattern)
    }

    // MARK: Events

    private func event(_ words: inout Words) throws(Unreadable) -> Expectation.Pattern? {
        var next = words
        let first = try next.take("what is seen")
        switch first {
        case "message", "broadcast":
            words = next
            let from = try words.userName("a sender")
            let sequence = try words.sequence()
            let text = try words.take("a text")
            let receipt = Reply.Receipt(sequence: sequence ?? 0, time: .never)
            let event: Event =
                first == "message" ? .message(from: from, text: text, receipt) : .broadcast(from: from, text: text, receipt)
            return Expectation.Pattern(message: .event(event), statesSequence: sequence != nil)
        case "presence":
            words = next
            return Expectation.Pattern(message: .event(.presence(try presence(&words))))
        case "delivered":
            words = next
            let to = try words.userName("a recipient")
            guard let through = try words.sequence() else { throw Unreadable("delivered NAME #N") }
            return Expectation.Pattern(message: .event(.delivered(to: to, through: through)))
        case "asked":
            words = next
            guard words.skip("by") else { throw Unreadable("asked by NAME [for PURPOSE]") }
            return Expectation.Pattern(message: .event(.privateRequest(try introduction(&words))))
        case "timeout", "ping":
            words = next
            return Expectation.Pattern(message: .event(first == "ping" ? .ping : .timeout))
        case "bye":
            words = next
            let reason = try words.take("a reason")
            guard let farewell = Event.Farewell(rawValue: reason) else { throw Unreadable("no reason to say bye: \(reason)") }
            return Expectation.Pattern(message: .event(.bye(farewell)))
        default:
            guard next.skip("logged"), let name = UserName(first) else { return nil }
            words = next
            if words.skip("in") { return Expectation.Pattern(message: .event(.loggedIn(name))) }
            guard words.skip("out") else { throw Unreadable("\(first) logged in or out?") }
            return Expectation.Pattern(message: .event(.loggedOut(name)))
        }
    }

    /// `+yoda -hans`, or `is yoda hans` for everyone who is there, `is nobody`.
    private func presence(_ words: inout Words) throws(Unreadable) -> Event.Presence {
        var presence = Event.Presence()
        presence.isReset = words.skip("is")
        if presence.isReset {
            if !words.skip("nobody") { repeat { presence.online.append(try words.userName("a user")) } while !words.isEmpty }
            return presence
        }
        repeat {
            let word = try words.take("+NAME or -NAME")
            guard let name = UserName(word.dropFirst()), word.hasPrefix("+") || word.hasPrefix("-") else {
                throw Unreadable("neither +NAME nor -NAME: \(word)")
            }
            if word.hasPrefix("+") { presence.online.append(name) } else { presence.offline.append(name) }
        } while !words.isEmpty
        return presence
    }

    /// `hans`, or `hans for bulk`.
    private func introduction(_ words: inout Words) throws(Unreadable) -> PeerIntroduction {
        let user = try words.userName("a user")
        guard words.skip("for") else { return PeerIntroduction(user: user, purpose: .chat) }
        let word = try words.take("a purpose")
        guard let purpose = PeerMessage.Purpose(rawValue: word) else { throw Unreadable("no such purpose: \(word)") }
        return PeerIntroduction(user: user, purpose: purpose)
    }

    // MARK: Replies

    private func reply(_ words: inout Words, to action: String) throws(Unreadable) -> Expectation.Pattern {
        if words.skip("unknown") {
            guard words.skip("action") else { throw Unreadable("unknown action?") }
            return plain(.unknownAction(action))
        }
        if let word = words.peek {
            if let refusal = Reply.Refusal(rawValue: word) {
                _ = words.skip(word)
                return plain(.refused(action: action, refusal))
            }
            if let status = Reply.ErrorStatus(rawValue: word) {
                _ = words.skip(word)
                return plain(.error(status, reason: ""))
            }
        }
        switch action {
        case "login", "resume": return try entry(&words, action)
        case "logout":
            guard words.skip("logged"), words.skip("out") else { throw Unreadable("the reply to logout is: logged out") }
            return plain(.logout)
        case "message": return try messageReply(&words)
        case "broadcast": return try broadcastReply(&words)
        case "block": return plain(.block(try status(&words)))
        case "unblock": return plain(.unblock(try status(&words)))
        case "passwd": return plain(.passwd(try status(&words)))
        case "whoelse": return plain(.whoelse(try names(&words)))
        case "whoelsesince": return plain(.whoelsesince(try names(&words)))
        case "startprivate": return try rendezvous(&words)
        case "history": return try page(&words)
        case "register": return plain(.swarm(.register(try status(&words))))
        case "have": return plain(.swarm(.have(try status(&words))))
        case "withdraw": return plain(.swarm(.withdraw(try status(&words))))
        case "searchfile":
            if words.peek != "found" { return plain(.swarm(.searchfile(try status(&words), []))) }
            return plain(.swarm(.searchfile(.success, [try finding(&words)])))
        case "searchchunk":
            if words.peek != "found" { return plain(.swarm(.searchchunk(try status(&words), []))) }
            return plain(.swarm(.searchchunk(.success, [try finding(&words)])))
        case "ack" where words.skip("ok"): return plain(.ack)
        case "ping" where words.skip("pong"): return plain(.pong)
        default: throw Unreadable("no such reply to \(action)")
        }
    }

    private func plain(_ reply: Reply) -> Expectation.Pattern { Expectation.Pattern(message: .reply(reply, id: nil)) }

    private func status<Status: RawRepresentable<String>>(_ words: inout Words) throws(Unreadable) -> Status {
        let word = try words.take("a status")
        guard let status = Status(rawValue: word) else { throw Unreadable("no such status here: \(word)") }
        return status
    }

    private func names(_ words: inout Words) throws(Unreadable) -> [UserName] {
        if words.skip("nobody") { return [] }
        guard words.skip("names") else { throw Unreadable("names NAME …, or nobody") }
        var names: [UserName] = []
        repeat { names.append(try words.userName("a user")) } while !words.isEmpty && words.peek != "id"
        return names
    }

    private func entry(_ words: inout Words, _ action: String) throws(Unreadable) -> Expectation.Pattern {
        let status: Reply.LoginStatus = try status(&words)
        var pattern = plain(action == "login" ? .login(status) : .resume(status))
        guard words.skip("unread") else { return pattern }
        let unread = Int(try words.number("the count of unread messages"))
        let welcome = Reply.Welcome(name: .anybody, token: .blank, timeout: 0, keepAlive: 0, unread: unread, time: .never)
        pattern.message = .reply(action == "login" ? .login(status, welcome) : .resume(status, welcome), id: nil)
        pattern.statesUnread = true
        return pattern
    }

    private func messageReply(_ words: inout Words) throws(Unreadable) -> Expectation.Pattern {
        let status: Reply.MessageStatus = try status(&words)
        let sequence = try words.sequence()
        let receipt = status == .success ? Reply.Receipt(sequence: sequence ?? 0, time: .never) : nil
        return Expectation.Pattern(message: .reply(.message(status, receipt), id: nil), statesSequence: sequence != nil)
    }

    /// `sent 3 blocked 1 #7`
    private func broadcastReply(_ words: inout Words) throws(Unreadable) -> Expectation.Pattern {
        if words.skip("EMPTY") { return plain(.broadcast(sent: 0, blocked: 0, fault: .empty)) }
        if words.skip("TOO_LONG") { return plain(.broadcast(sent: 0, blocked: 0, fault: .tooLong)) }
        guard words.skip("sent") else { throw Unreadable("sent N, EMPTY or TOO_LONG") }
        let sent = Int(try words.number("how many got it"))
        let blocked = words.skip("blocked") ? Int(try words.number("how many block")) : 0
        let sequence = try words.sequence()
        let receipt = Reply.Receipt(sequence: sequence ?? 0, time: .never)
        return Expectation.Pattern(
            message: .reply(.broadcast(sent: sent, blocked: blocked, receipt), id: nil), statesSequence: sequence != nil)
    }

    /// `found film.mkv ; hans 4 ; leia 2 has 0 1`
    private func finding(_ words: inout Words) throws(Unreadable) -> SwarmFinding {
        guard words.skip("found"), let name = SafeName(try words.take("a file")) else { throw Unreadable("found FILE ; NAME N …") }
        var owners: [SwarmFinding.Owner] = []
        while words.skip(";") {
            let user = try words.userName("an owner")
            let count = Int(try words.number("how many pieces"))
            owners.append(.init(user: user, count: count, pieces: words.skip("has") ? try numbers(&words) : []))
        }
        return SwarmFinding(file: SharedFile(name: name, content: .ofTable), owners: owners, ownerCount: owners.count)
    }

    /// `SUCCESS hans at 127.0.0.1 5001`, or `peer hans for bulk`
    private func rendezvous(_ words: inout Words) throws(Unreadable) -> Expectation.Pattern {
        if words.skip("peer") { return plain(.startprivate(.peer(try introduction(&words)))) }
        switch try words.take("a status") {
        case "SUCCESS":
            let user = try words.userName("a user")
            guard words.skip("at") else { throw Unreadable("SUCCESS NAME at ADDRESS PORT") }
            let address = try words.take("an address")
            guard let port = UInt16(exactly: try words.number("a port")) else { throw Unreadable("a port is 0 to 65535") }
            return plain(.startprivate(.success(user: user, address: address, port: port)))
        case "USER_NOT_EXIST": return plain(.startprivate(.userNotExist))
        case "USER_SELF": return plain(.startprivate(.userSelf))
        case "USER_BLOCKED": return plain(.startprivate(.userBlocked))
        case "USER_OFFLINE": return plain(.startprivate(.userOffline))
        case "UNSUPPORTED": return plain(.startprivate(.unsupported))
        case let word: throw Unreadable("no such reply to startprivate: \(word)")
        }
    }

    /// `page with hans; hans #1 hello; yoda #1 hi; more`
    private func page(_ words: inout Words) throws(Unreadable) -> Expectation.Pattern {
        guard words.skip("page") else { throw Unreadable("page …") }
        var page = Reply.HistoryPage(with: words.skip("with") ? try words.userName("a user") : nil, messages: [], before: nil)
        while words.skip(";") {
            if words.skip("more") {
                page.before = HistoryPlace(received: 0, sent: 0)
                break
            }
            let from = try words.userName("a sender")
            guard let sequence = try words.sequence() else { throw Unreadable("NAME #N TEXT") }
            let receipt = Reply.Receipt(sequence: sequence, time: .never)
            page.messages.append(Reply.HistoryMessage(from: from, text: try words.take("a text"), receipt: receipt))
        }
        return Expectation.Pattern(message: .reply(.history(page), id: nil), statesSequence: true)
    }
}

extension Scenario.Action {
    /// The request to which the actor gets a reply. Of a frame that is no request: nothing that has a reply of its own.
    fileprivate var word: String? {
        switch self {
        case .login: return "login"
        case .resume: return "resume"
        case .earlierHistory: return "history"
        case .send(let bytes, _): return (try? JSONParser.object(in: bytes))?["action"]?.string ?? "error"
        case .drop, .open, .wait, .restart: return nil
        }
    }
}

import ChatProtocol

/// One thing that a connection is to see.
package enum Expectation: Sendable {
    case message(Pattern)
    /// The server closes the connection.
    case closed

    /// A message of the server without what no table can know. Sequence numbers and the count of unread messages are compared
    /// where the table states them; times and tokens need only be there.
    package struct Pattern: Sendable {
        var message: ServerMessage
        var statesSequence = false
        var statesUnread = false
    }
}

extension Expectation.Pattern {
    func matches(_ actual: ServerMessage) -> Bool {
        // Bytes, for strings are equal in Swift when they are merely equivalent.
        bare(message).encoded() == bare(actual).encoded()
    }

    /// `message` with everything blanked that this pattern does not compare.
    private func bare(_ message: ServerMessage) -> ServerMessage {
        switch message {
        case .reply(let reply, let id): .reply(bare(reply), id: id)
        case .event(let event): .event(bare(event))
        }
    }

    private func bare(_ reply: Reply) -> Reply {
        switch reply {
        case .login(let status, let welcome): .login(status, welcome.flatMap(bare))
        case .resume(let status, let welcome): .resume(status, welcome.flatMap(bare))
        case .message(let status, let receipt): .message(status, receipt.map(bare))
        case .broadcast(let sent, let blocked, let fault, let receipt):
            .broadcast(sent: sent, blocked: blocked, fault: fault, receipt.map(bare))
        case .history(let page): .history(bare(page))
        case .startprivate(.peer(let introduction)): .startprivate(.peer(bare(introduction)))
        case .error(let status, _): .error(status, reason: "")
        default: reply
        }
    }

    private func bare(_ event: Event) -> Event {
        switch event {
        case .message(let from, let text, let receipt): .message(from: from, text: text, bare(receipt))
        case .broadcast(let from, let text, let receipt): .broadcast(from: from, text: text, bare(receipt))
        case .presence(let presence):
            .presence(
                Event.Presence(online: presence.online.sorted(), offline: presence.offline.sorted(), isReset: presence.isReset))
        case .privateRequest(let introduction): .privateRequest(bare(introduction))
        default: event
        }
    }

    private func bare(_ introduction: PeerIntroduction) -> PeerIntroduction {
        PeerIntroduction(user: introduction.user, purpose: introduction.purpose)
    }

    private func bare(_ receipt: Reply.Receipt) -> Reply.Receipt {
        Reply.Receipt(sequence: statesSequence ? receipt.sequence : 0, time: .never)
    }

    private func bare(_ welcome: Reply.Welcome) -> Reply.Welcome? {
        guard statesUnread else { return nil }
        return Reply.Welcome(
            name: .anybody, token: .blank, timeout: 0, keepAlive: 0, unread: welcome.unread, time: .never)
    }

    private func bare(_ page: Reply.HistoryPage) -> Reply.HistoryPage {
        Reply.HistoryPage(
            with: page.with,
            messages: page.messages.map { Reply.HistoryMessage(from: $0.from, text: $0.text, receipt: bare($0.receipt)) },
            before: page.before.map { _ in HistoryPlace(received: 0, sent: 0) })
    }
}

extension Timestamp {
    static let never = Timestamp(milliseconds: 0)
}

extension UserName {
    /// Stands for the name in a welcome, which the run compares by itself.
    static let anybody: UserName = {
        guard let name = UserName("anybody") else { fatalError("seven letters are a name") }
        return name
    }()
}

extension PeerIntroduction {
    /// What a table can know of one.
    init(user: UserName, purpose: PeerMessage.Purpose) {
        self.init(user: user, offer: PeerOffer(pin: .blank, candidates: []), ticket: .blank, purpose: purpose)
    }
}

extension PeerPin {
    /// Everybody's, in scenarios.
    static let blank: PeerPin = {
        guard let pin = PeerPin(String(repeating: "0", count: 64)) else { fatalError("64 digits are a pin") }
        return pin
    }()
}

extension RelayTicket {
    static let blank: RelayTicket = {
        guard let ticket = RelayTicket(ResumeToken.blank.text) else { fatalError("32 digits are a ticket") }
        return ticket
    }()
}

extension ResumeToken {
    /// Nobody is ever given it.
    static let blank: ResumeToken = {
        guard let token = ResumeToken(String(repeating: "0", count: 32)) else { fatalError("32 digits are a token") }
        return token
    }()
}

extension Expectation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .message(let pattern): pattern.message.line
        case .closed: "closed"
        }
    }
}

extension ServerMessage {
    /// As on the wire, shortened: texts of 16 KiB help nobody.
    var line: String {
        let text = String(decoding: encoded().dropLast(), as: UTF8.self)
        return text.utf8.count <= 400 ? text : "\(text.prefix(300))… (\(text.utf8.count) bytes)"
    }
}

package import ChatProtocol

/// `banter tail`: everything that arrives, one line each, until somebody ends it.
///
/// Direct messages are acknowledged when they have been written and only if that was asked for: otherwise they stay unread, and come again.
package struct Tail: Tool {
    package struct Options: Equatable, Sendable {
        package var isJSON: Bool
        /// Only what this user says, and nothing of who comes and goes.
        package var from: UserName?
        /// How many lines of what was said before come first.
        package var last: Int
        package var acknowledges: Bool

        package init(isJSON: Bool, from: UserName? = nil, last: Int = 0, acknowledges: Bool = false) {
            self.isJSON = isJSON
            self.from = from
            self.last = last
            self.acknowledges = acknowledges
        }
    }

    /// As many broadcasts as a server keeps.
    package static let mostHistory = 1000
    /// What may arrive while the past is read; with more it is given up.
    static let heldBound = 2000
    /// How much the server sends without an acknowledgement, in messages and in bytes of text.
    static let unacknowledgedBound = (messages: 256, bytes: 128 * 1024)

    private let options: Options
    private let zone: TimeZone
    /// `nil` when it was printed, or is not wanted.
    private var history: TailHistory?
    private var ticket: Ticket?
    private var lastTicket: Int64 = 0
    /// What arrived while the past was read.
    private var held: [TailEvent] = []
    private var unacknowledged = (messages: 0, bytes: 0)
    private var wasLost = false
    package private(set) var progress = 0

    package init(_ options: Options, zone: TimeZone = .local) {
        self.options = options
        self.zone = zone
        if options.last > 0 { history = TailHistory(last: min(options.last, Self.mostHistory), from: options.from) }
    }

    package var isWaiting: Bool { false }

    package mutating func began(_ online: SessionPhase.Online, at now: Moment) -> [ToolOutput] {
        var outputs = tell(.connected(online.name, isResumed: online.isResumed, at: now.wall))
        if wasLost, !options.isJSON { outputs.append(.notice(ToolTexts.reconnected)) }
        wasLost = false
        return outputs + ask()
    }

    package mutating func lost(_ reason: String, at now: Moment) -> [ToolOutput] {
        wasLost = true
        return tell(.disconnected(reason: reason, at: now.wall)) + (options.isJSON ? [] : [.notice(ToolTexts.connectionLost(reason))])
    }

    package mutating func dismissed(_ words: String, at now: Moment) -> [ToolOutput] {
        endHistory() + tell(.ended(reason: words, at: now.wall))
    }

    package mutating func learned(_ news: SessionNews, at now: Moment) -> [ToolOutput] {
        switch news {
        case .message(let from, let text, let receipt): return arrived(.message(from: from, text: text, receipt), from)
        case .broadcast(let from, let text, let receipt): return arrived(.broadcast(from: from, text: text, receipt), from)
        case .presence(let presence): return options.from == nil ? arrived(.presence(presence, at: now.wall), nil) : []
        case .reply(.history(let page), ticket):
            ticket = nil
            history?.take(page)
            return ask()
        // It is asked for again when the connection is back.
        case .failed(ticket, .connectionLost): return []
        case .reply(_, ticket), .failed(ticket, _): return [.notice(ToolTexts.noHistory)] + endHistory()
        default: return []
        }
    }

    // MARK: The past

    private mutating func ask() -> [ToolOutput] {
        guard let history else { return [] }
        guard let request = history.request else { return endHistory() }
        lastTicket += 1
        let ticket = Ticket(number: lastTicket)
        self.ticket = ticket
        return [.session(.request(request, ticket))]
    }

    /// Prints what is known of the past, and what came meanwhile.
    private mutating func endHistory() -> [ToolOutput] {
        guard let history else { return [] }
        let past = history.events
        self.history = nil
        ticket = nil
        var outputs = past.flatMap(tell)
        let waiting = held
        held = []
        // What arrived while the past was read may be part of it already.
        for event in waiting where !past.contains(event) { outputs += print(event) }
        return outputs
    }

    // MARK: What arrives

    private mutating func arrived(_ event: TailEvent, _ from: UserName?) -> [ToolOutput] {
        if let wanted = options.from, from != wanted { return [] }
        guard history != nil else { return print(event) }
        held.append(event)
        return held.count < Self.heldBound ? [] : [.notice(ToolTexts.noHistory)] + endHistory()
    }

    private mutating func print(_ event: TailEvent) -> [ToolOutput] {
        let outputs = tell(event)
        guard case .message(_, let text, let receipt) = event else { return outputs }
        if options.acknowledges { return outputs + [.afterOutput(.shown(through: receipt.sequence))] }
        let bound = Self.unacknowledgedBound
        let wasFull = unacknowledged.messages >= bound.messages || unacknowledged.bytes >= bound.bytes
        unacknowledged.messages += 1
        unacknowledged.bytes += text.utf8.count
        let isFull = unacknowledged.messages >= bound.messages || unacknowledged.bytes >= bound.bytes
        return isFull && !wasFull ? outputs + [.notice(ToolTexts.unacknowledged)] : outputs
    }

    private func tell(_ event: TailEvent) -> [ToolOutput] {
        options.isJSON ? [.print(event.json)] : event.lines(in: zone).map(ToolOutput.print)
    }
}

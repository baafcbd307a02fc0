package import ChatProtocol

/// `banter send` and `banter broadcast`: texts to one person or to everyone, each confirmed by the server before the end.
///
/// The session repeats with the same key what a lost connection left open. What arrives meanwhile is neither shown nor acknowledged: it
/// waits for the client that somebody reads.
package struct Delivery: Tool {
    package enum Source: Equatable, Sendable {
        /// One message, all there is.
        case text(String)
        /// Every line of standard input is a message; empty ones are none.
        case lines
    }

    /// How many messages may be on their way at once: enough to fill a connection, and far from what the server remembers of keys.
    static let window = 50

    private let user: UserName?
    private let source: Source
    private var open: [Ticket: Line] = [:]
    private var lastTicket: Int64 = 0
    private var lineNumber = 0
    private var isInputOver = false
    private var wasRefused = false
    /// Nothing more to this person would be taken.
    private var isHopeless = false
    package private(set) var progress = 0

    private struct Line {
        var text: String
        /// Where it stood in standard input; `nil` if it is the only message.
        var number: Int?
    }

    /// - Parameter user: `nil` for everyone.
    package init(to user: UserName?, _ source: Source) {
        self.user = user
        self.source = source
    }

    package var isWaiting: Bool { !open.isEmpty }
    package var wantsLine: Bool { source == .lines && !isInputOver && open.count < Self.window }

    package mutating func start() -> [ToolOutput] {
        guard case .text(let text) = source else { return [] }
        isInputOver = true
        return send(Line(text: text))
    }

    package mutating func began(_ online: SessionPhase.Online, at now: Moment) -> [ToolOutput] { end }

    package mutating func took(_ line: String) -> [ToolOutput] {
        lineNumber += 1
        if MessageText.fault(in: line) == .empty { return [] }
        return send(Line(text: line, number: lineNumber))
    }

    package mutating func inputEnded() -> [ToolOutput] {
        isInputOver = true
        return end
    }

    package mutating func learned(_ news: SessionNews, at now: Moment) -> [ToolOutput] {
        switch news {
        case .reply(let reply, let ticket):
            guard let line = open.removeValue(forKey: ticket) else { return [] }
            progress += 1
            return answered(reply, line) + end
        // Every other failure comes with the end of the session, which says more.
        case .failed(let ticket, .unavailable):
            guard let line = open.removeValue(forKey: ticket) else { return [] }
            progress += 1
            return refuse(ToolTexts.unavailable, line) + end
        default: return []
        }
    }

    // MARK: Sending

    private mutating func send(_ line: Line) -> [ToolOutput] {
        switch MessageText.fault(in: line.text) {
        case .empty: return refuse(ToolTexts.empty, line)
        case .tooLong: return refuse(ToolTexts.tooLong, line)
        case nil: break
        }
        lastTicket += 1
        let ticket = Ticket(number: lastTicket)
        open[ticket] = line
        let request: Request = user.map { .message(to: $0, text: line.text, key: nil) } ?? .broadcast(text: line.text, key: nil)
        return [.session(.request(request, ticket))]
    }

    private mutating func answered(_ reply: Reply, _ line: Line) -> [ToolOutput] {
        switch reply {
        case .message(let status, _): return answered(status, line)
        case .broadcast(_, let blocked, nil, _): return blocked > 0 ? [.notice(ToolTexts.someBlocked(blocked))] : []
        case .broadcast(_, _, .empty, _): return refuse(ToolTexts.empty, line)
        case .broadcast(_, _, .tooLong, _), .error(.frameTooLong, _): return refuse(ToolTexts.tooLong, line)
        case .refused(_, let refusal): return refuse(ToolTexts.refused(refusal.rawValue), line)
        case .error(_, let reason): return refuse(ToolTexts.refused(reason), line)
        default: return refuse(ToolTexts.refused("a reply to something else"), line)
        }
    }

    private mutating func answered(_ status: Reply.MessageStatus, _ line: Line) -> [ToolOutput] {
        guard let user else { return [] }
        let words: String
        switch status {
        case .success: return []
        case .empty: return refuse(ToolTexts.empty, line)
        case .tooLong: return refuse(ToolTexts.tooLong, line)
        case .messageSelf: words = ToolTexts.messageSelf
        case .userNotExist: words = ToolTexts.noSuchUser(user)
        case .userBlocked: words = ToolTexts.isBlocked(by: user)
        case .mailboxFull: words = ToolTexts.mailboxFull(user)
        }
        // It would be the same for every further line, and said once is enough.
        isInputOver = true
        wasRefused = true
        if isHopeless { return [] }
        isHopeless = true
        return refuse(words, line)
    }

    private mutating func refuse(_ words: String, _ line: Line) -> [ToolOutput] {
        wasRefused = true
        return [.notice((line.number.map { "line \($0): " } ?? "") + words)]
    }

    /// When everything is confirmed or refused.
    private var end: [ToolOutput] { isInputOver && open.isEmpty ? [.finish(wasRefused ? .refused : .done)] : [] }
}

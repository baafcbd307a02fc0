import ChatProtocol

/// The last lines of what was said before: asks for page after page until there are enough, and puts them in the order of time.
struct TailHistory: Sendable {
    /// Pages asked for of each stream: of a talkative conversation in which the other side says nothing, no more is searched.
    private static let pageBound = 50

    let count: Int
    let from: UserName?
    /// The streams still to be read, the present one first: a conversation, or `nil` for the broadcasts.
    private var streams: [UserName?]
    private var before: HistoryPlace?
    private var pages = 0
    /// Of each stream the newest last.
    private var found: [(sequence: UInt64, time: Timestamp, event: TailEvent)] = []
    /// Of the present stream, newest page first.
    private var page: [Reply.HistoryMessage] = []

    /// - Parameter from: only what this user said; without one there are only broadcasts, as the server keeps no history over all people.
    init(last count: Int, from: UserName?) {
        self.count = count
        self.from = from
        streams = from.map { [nil, $0] } ?? [nil]
    }

    /// What to ask for next; `nil` when there is nothing more to ask for.
    var request: Request? {
        guard let stream = streams.first else { return nil }
        return .history(HistoryQuery(with: stream, before: before, limit: from == nil ? count : 200))
    }

    mutating func take(_ reply: Reply.HistoryPage) {
        guard let stream = streams.first else { return }
        page = reply.messages.filter { from == nil || $0.from == from } + page
        pages += 1
        before = reply.before
        guard before == nil || page.count >= count || pages >= Self.pageBound else { return }
        found += page.suffix(count).map { message in
            let event: TailEvent =
                stream == nil
                ? .broadcast(from: message.from, text: message.text, message.receipt)
                : .message(from: message.from, text: message.text, message.receipt)
            return (message.receipt.sequence, message.receipt.time, event)
        }
        streams.removeFirst()
        before = nil
        pages = 0
        page = []
    }

    /// The last ones of all streams, oldest first.
    var events: [TailEvent] {
        found.sorted { ($0.time.milliseconds, $0.sequence) < ($1.time.milliseconds, $1.sequence) }.suffix(count).map(\.event)
    }
}

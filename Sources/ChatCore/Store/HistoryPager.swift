package import ChatProtocol

/// Merges what was received and what was sent into one page of a conversation, by time.
package struct HistoryPager {
    private let query: HistoryQuery
    private let name: UserName?

    /// `name` is the one who asks, absent for broadcasts.
    package init(name: UserName?, _ query: HistoryQuery) {
        self.name = name
        self.query = query
    }

    /// The most that one page holds, in bytes of text, so that its frame stays within the limit with every character escaped.
    private static let pageBytes = 256 * 1024

    /// - Parameters: the two streams, newest first; only what lies before the query's place counts.
    package func page(received: [StoredMessage], sent: [StoredMessage]) -> Reply.HistoryPage {
        var received = received.drop { $0.sequence >= query.before?.received ?? .max }[...]
        var sent = sent.drop { $0.sequence >= query.before?.sent ?? .max }[...]
        var messages: [Reply.HistoryMessage] = []
        var place = query.before ?? HistoryPlace(received: .max, sent: .max)
        var bytes = 0
        while messages.count < query.limit {
            let takesReceived: Bool
            switch (received.first, sent.first) {
            case (nil, nil): return .init(with: query.with, messages: messages.reversed(), before: nil)
            case (_?, nil): takesReceived = true
            case (nil, _?): takesReceived = false
            case (let one?, let other?): takesReceived = one.time >= other.time
            }
            guard let message = takesReceived ? received.first : sent.first else { break }
            bytes += message.text.utf8.count
            if bytes > Self.pageBytes, !messages.isEmpty { break }
            if takesReceived {
                received = received.dropFirst()
                place.received = message.sequence
            } else {
                sent = sent.dropFirst()
                place.sent = message.sequence
            }
            messages.append(.init(from: message.from, text: message.text, receipt: message.receipt))
        }
        let hasMore = !received.isEmpty || !sent.isEmpty
        return .init(with: query.with, messages: messages.reversed(), before: hasMore ? place : nil)
    }
}

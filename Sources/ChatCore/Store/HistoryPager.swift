package import ChatProtocol

/// Merges what was received and what was sent into one page of a conversation, by time.
package struct HistoryPager {
    /// Messages of one stream that belong to the conversation, newest first, and how far down the stream they were looked for.
    package struct Piece {
        package var messages: [StoredMessage]
        /// Everything from this place up was looked at; 1 when there is nothing below.
        package var reached: UInt64

        package init(messages: [StoredMessage], reached: UInt64) {
            self.messages = messages
            self.reached = reached
        }

        package static let nothing = Piece(messages: [], reached: 1)
    }

    private let query: HistoryQuery

    package init(_ query: HistoryQuery) { self.query = query }

    /// The most that one page holds, in bytes of text as it is written, but one message at least: so that all the pages that a
    /// client may ask for at once stay within what may wait for it.
    package static let pageBytes = 16 * 1024

    /// The page before the query's place. It may hold fewer messages than there are, and then says where to go on.
    package func page(received: Piece, sent: Piece) -> Reply.HistoryPage {
        var pieces = (received: received.messages[...], sent: sent.messages[...])
        var place = query.before ?? .end
        var messages: [Reply.HistoryMessage] = []
        var bytes = 0
        // Where one piece ends but its stream does not, what lies below may be newer than the rest of the other.
        while messages.count < query.limit, pieces.received.first != nil || received.reached == 1,
            pieces.sent.first != nil || sent.reached == 1
        {
            let takesReceived: Bool
            switch (pieces.received.first, pieces.sent.first) {
            case (nil, nil): return .init(with: query.with, messages: messages.reversed(), before: nil)
            case (_?, nil): takesReceived = true
            case (nil, _?): takesReceived = false
            case (let one?, let other?): takesReceived = one.time >= other.time
            }
            guard let message = takesReceived ? pieces.received.first : pieces.sent.first else { break }
            bytes += message.text.utf8.reduce(0) { $0 + ($1 < 0x20 || $1 == 0x7F ? 6 : 1) }
            if bytes > Self.pageBytes, !messages.isEmpty { break }
            if takesReceived {
                pieces.received = pieces.received.dropFirst()
                place.received = message.sequence
            } else {
                pieces.sent = pieces.sent.dropFirst()
                place.sent = message.sequence
            }
            messages.append(.init(from: message.from, text: message.text, receipt: message.receipt))
        }
        if pieces.received.isEmpty { place.received = min(place.received, received.reached) }
        if pieces.sent.isEmpty { place.sent = min(place.sent, sent.reached) }
        let isEnd = pieces.received.isEmpty && pieces.sent.isEmpty && received.reached == 1 && sent.reached == 1
        return .init(with: query.with, messages: messages.reversed(), before: isEnd ? nil : place)
    }
}

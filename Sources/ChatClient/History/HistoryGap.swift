package import ChatProtocol

/// Lines of a conversation that should be in the local history and could not be kept. The server may still have them.
package struct HistoryGap: Equatable, Sendable {
    package let channel: Channel
    /// The time of the first of them, and of the last.
    package private(set) var since: Timestamp
    package private(set) var through: Timestamp
    /// The page of the server's that has the last of them ends before this.
    package private(set) var before: HistoryPlace

    package init(_ channel: Channel, since: Timestamp, through: Timestamp, before: HistoryPlace) {
        self.channel = channel
        self.since = since
        self.through = through
        self.before = before
    }

    /// One line; `nil` if it never went through a server.
    package init?(_ line: StoredLine) {
        guard let receipt = line.receipt else { return nil }
        let next = receipt.sequence + 1
        let isSent = line.sender == nil && line.channel != .everyone
        self.init(
            line.channel, since: min(line.time, receipt.time), through: max(line.time, receipt.time),
            before: isSent ? HistoryPlace(received: 1, sent: next) : HistoryPlace(received: next, sent: 1))
    }

    /// Of the same conversation: what is kept between the two may come once more, and does no harm.
    package mutating func formUnion(_ other: HistoryGap) {
        since = min(since, other.since)
        through = max(through, other.through)
        before.received = max(before.received, other.before.received)
        before.sent = max(before.sent, other.before.sent)
    }
}

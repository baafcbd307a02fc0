import ChatProtocol

/// Lines of the store before a reader whom a search has led there, in place of the newest ones, which are left as they are.
struct Window: Sendable {
    /// Bytes after which it does not grow any more.
    private static let bound = 8 << 20

    var isShown = false
    var log = Log()
    /// Nothing is stored before it.
    var isFirst = false
    /// What follows is loaded beside it, or there is nothing.
    var reachesNow = false

    /// The page that tells where the store begins.
    static func oldest(of channel: Channel) -> HistoryPageRequest { HistoryPageRequest(channel, .after, .min) }

    var hasRoom: Bool { log.size < Self.bound && log.entries.count < Log.bound }

    func number(of place: StoredLine.Place) -> Log.Number? {
        isShown ? log.entries.first { $0.place == place }?.number : nil
    }

    mutating func take(_ entries: [Entry], _ page: HistoryPage, _ side: HistoryPageRequest.Side, meets: Bool) {
        if side == .around { self = Window() }
        guard side == .around || isShown else { return }
        isShown = true
        // What comes below must not move what is read.
        if side == .after, log.isAtEnd, let last = log.entries.last { log.anchor = Log.Anchor(entry: last.number, row: .max / 4) }
        _ = log.merge(entries)
        if side != .after { isFirst = page.isFirst }
        if side != .before { reachesNow = page.isLast || meets }
    }
}

extension Room {
    mutating func leavePast() { past = Window() }
}

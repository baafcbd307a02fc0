import ChatProtocol

/// The local history: what comes from it, and what goes into it.
extension Model {
    mutating func learn(_ news: HistoryNews, at now: Moment) {
        switch news {
        case .notice(let words), .lost(let words): note(.fault(Sanitizer.body(words)), in: channel, at: now)
        case .restored, .page, .found, .forgotten: break
        }
    }
}

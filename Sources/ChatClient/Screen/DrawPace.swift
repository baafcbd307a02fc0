import ChatProtocol

/// When the screen may be drawn: never more than 60 times in any second, what the user waits for at once, and what comes by itself in steps
/// long enough to leave room for that.
///
/// Draws are taken from a store that is filled 48 times a second and holds 12, so that no second has more than both together. What comes by
/// itself leaves half of the store alone: in a flood there is still a draw for a key, until keys come faster than anybody types.
package struct DrawPace: Sendable {
    private static let refill = Moment.second / 48
    private static let store: UInt64 = 12
    private static let reserve: UInt64 = 6
    private static let newsTime = Moment.second / 40

    /// When something that came by itself was drawn.
    private var last: UInt64?
    /// When the store is full again, as uptime.
    private var full: UInt64 = 0

    package init() {}

    /// The earliest time for the next draw, as uptime; it may have passed.
    ///
    /// - Parameter isAwaited: the user pressed a key and looks for what it did.
    package func next(isAwaited: Bool) -> UInt64 {
        let kept = isAwaited ? 0 : Self.reserve
        let ahead = (Self.store - 1 - kept) * Self.refill
        let filled = full > ahead ? full - ahead : 0
        guard let last, !isAwaited else { return filled }
        return max(filled, last + Self.newsTime)
    }

    package mutating func noteDraw(at now: UInt64, ofNews: Bool = true) {
        if ofNews { last = now }
        full = max(full, now) + Self.refill
    }
}

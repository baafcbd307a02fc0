import NIOCore

/// How many requests a connection may make: a burst at once, then so many a second.
struct TokenBucket {
    let burst: Double
    let perSecond: Double
    private var tokens: Double
    private var filled: NIODeadline

    init(burst: Double, perSecond: Double, now: NIODeadline) {
        self.burst = burst
        self.perSecond = perSecond
        tokens = burst
        filled = now
    }

    /// How long it is until there is one; `nil` if there is one now.
    mutating func wait(at now: NIODeadline) -> TimeAmount? {
        tokens = min(burst, tokens + Double((now - filled).nanoseconds) / 1e9 * perSecond)
        filled = now
        return tokens >= 1 ? nil : .nanoseconds(Int64((1 - tokens) / perSecond * 1e9) + 1)
    }

    mutating func spend() { tokens -= 1 }
}

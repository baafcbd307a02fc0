import NIOCore

/// How much a connection may do, in requests or in bytes: a burst at once, then so much a second.
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
        // Two event loops may share a bucket, and the time of one may be a moment behind that of the other.
        let elapsed = max(0, Double((now - filled).nanoseconds)) / 1e9
        tokens = min(burst, tokens + elapsed * perSecond)
        filled = max(filled, now)
        return tokens >= 1 ? nil : .nanoseconds(Int64((1 - tokens) / perSecond * 1e9) + 1)
    }

    /// Takes tokens, more than there are if need be: the debt is waited for afterwards.
    mutating func spend(_ count: Double = 1) { tokens -= count }
}

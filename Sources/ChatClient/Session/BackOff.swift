import ChatProtocol

/// How long to wait before the next attempt to connect: 0.3 s, doubling to 30 s, each ±25 % so that the clients of a server that
/// comes back do not come all at once.
struct BackOff: Sendable {
    /// Attempts since the last session that lasted.
    private(set) var attempt = 0

    static let first: UInt64 = 300_000_000
    static let longest: UInt64 = 30 * Moment.second
    /// A session that lived so long shows that the server is well.
    static let steady: UInt64 = 10 * Moment.second

    /// Returns the nanoseconds to wait.
    mutating func next(using random: inout any RandomNumberGenerator & Sendable) -> UInt64 {
        let plain = attempt >= 7 ? Self.longest : min(Self.longest, Self.first << UInt64(attempt))
        attempt = min(attempt + 1, 1_000_000)
        return plain / 4 * 3 + (random.next() as UInt64) % (plain / 2 + 1)
    }

    mutating func reset() { attempt = 0 }
}

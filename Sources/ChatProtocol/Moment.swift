/// One reading of both clocks: `uptime` for deadlines, which no change of the civil clock moves, and `wall` for stamps that
/// people and restarts see.
package struct Moment: Hashable, Sendable {
    /// Nanoseconds on the monotonic clock.
    package var uptime: UInt64
    package var wall: Timestamp

    package init(uptime: UInt64, wall: Timestamp) {
        self.uptime = uptime
        self.wall = wall
    }

    package static let second: UInt64 = 1_000_000_000
}

extension UInt64 {
    /// Never overflows: a deadline beyond the end of time is the end of time.
    package func later(by nanoseconds: UInt64) -> UInt64 {
        let (sum, isTooLarge) = addingReportingOverflow(nanoseconds)
        return isTooLarge ? .max : sum
    }
}

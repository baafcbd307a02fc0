import NIOCore

/// When the next read of a connection may be: at once, until what comes is so dense that a wake for each piece would cost more than the
/// piece. Then reads are ``rest`` apart and bring many together, as network cards do it with their interrupts.
///
/// Nobody sees it: the screen is drawn less often than that. Much at once is read on without a rest, as a rest would only slow it down.
struct ReadPace {
    static let rest = TimeAmount.milliseconds(4)
    /// What comes is dense while frames are less than this apart.
    private static let dense = TimeAmount.milliseconds(1)
    /// So many dense frames in a row, and the rests begin.
    private static let streak = 32
    /// Reads that bring as many bytes are not held up.
    private static let bulk = 16 * 1024

    private var last: NIODeadline?
    private var dense = 0

    /// What to wait before the next read, after one that brought so much.
    mutating func rest(after frames: Int, bytes: Int, at now: NIODeadline) -> TimeAmount? {
        defer { last = now }
        guard frames > 0, let last else { return nil }
        let isDense = (now - last).nanoseconds < Self.dense.nanoseconds * Int64(frames)
        dense = isDense ? min(Self.streak, dense + frames) : 0
        return dense == Self.streak && bytes < Self.bulk ? Self.rest : nil
    }
}

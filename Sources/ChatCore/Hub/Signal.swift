import ChatProtocol

/// Wakes the one thread that waits for it, and has time-outs on the monotonic clock.
///
/// `@unchecked Sendable`: `isRaised` is touched while `monitor` is held alone.
final class Signal: @unchecked Sendable {
    private let monitor = Monitor()
    private var isRaised = false

    /// Raised twice before somebody waits is raised once.
    func raise() {
        monitor.locked { isRaised = true }
        monitor.wake()
    }

    /// Returns true when it was raised, and lowers it; false at `deadline` (uptime in nanoseconds).
    func wait(until deadline: UInt64?) -> Bool {
        monitor.locked {
            while !isRaised, monitor.wait(until: deadline) {}
            defer { isRaised = false }
            return isRaised
        }
    }
}

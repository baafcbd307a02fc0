import Foundation
import Testing

/// A point on the monotonic clock until which something is awaited.
struct Deadline {
    /// Seconds that anything may take before a test gives up. Generous: a slow machine is no failure.
    static let patience = Double(ProcessInfo.processInfo.environment["BANTER_TEST_PATIENCE"] ?? "") ?? 20

    private let end: UInt64

    static func after(_ seconds: Double) -> Deadline {
        Deadline(end: uptime() + UInt64(max(0, seconds) * 1e9))
    }

    var hasPassed: Bool { Self.uptime() >= end }

    /// For `poll(2)`: rounded up, so that a wait never ends before the deadline has passed.
    var milliseconds: Int32 {
        let now = Self.uptime()
        return now >= end ? 0 : Int32(clamping: (end - now + 999_999) / 1_000_000)
    }

    /// Nanoseconds on the monotonic clock.
    static func uptime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Asks again and again until `condition` holds; for things that cannot be waited for otherwise.
func eventually(
    _ what: @autoclosure () -> String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) throws {
    let deadline = Deadline.after(seconds)
    while try !condition() {
        if deadline.hasPassed { throw Failure("not within \(seconds) s: \(what())", at: place) }
        usleep(10_000)
    }
}

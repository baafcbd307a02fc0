import ChatProtocol

/// The time between a request and its reply, measured on one request after the other. What takes time by itself is left out.
package struct Lag: Equatable, Sendable {
    /// Of the last one that was answered, in nanoseconds; `nil` before.
    package private(set) var roundTrip: UInt64?
    /// The one that is measured: the id of its frame, and when it was sent, as uptime.
    private var open: (id: Int64, since: UInt64)?

    /// From here on it is worth mentioning.
    static let high = 500_000_000 as UInt64

    package init() {}

    package static func == (left: Lag, right: Lag) -> Bool {
        left.roundTrip == right.roundTrip && left.open?.id == right.open?.id && left.open?.since == right.open?.since
    }

    /// Since when a request has had no answer.
    package var waitingSince: UInt64? { open?.since }

    mutating func sent(_ request: Request, _ id: Int64, at uptime: UInt64) {
        guard open == nil else { return }
        switch request {
        case .ping, .message, .broadcast, .whoelse, .whoelsesince, .block, .unblock: open = (id, uptime)
        // Passwords are hashed at leisure, history is long.
        default: break
        }
    }

    mutating func answered(_ id: Int64, at uptime: UInt64) {
        guard let open, open.id == id else { return }
        roundTrip = uptime - min(uptime, open.since)
        self.open = nil
    }
}

import ChatProtocol

/// How many bytes wait on each link for bulk data, from ``PeerHost/send(frames:on:)`` until the socket has taken them.
///
/// Shared by those who send and the event loop, so that who sends learns at once that it is enough, also while the loop is busy.
final class BulkGauge: Sendable {
    private struct Level {
        var bytes = 0
        /// Above `soft`, and not below its half since.
        var isFull = false
    }

    private let soft: Int
    private let levels = Locked<[PeerLinkID: Level]>([:])

    init(soft: Int) { self.soft = soft }

    func open(_ link: PeerLinkID) { levels.withLock { $0[link] = Level() } }
    func close(_ link: PeerLinkID) { levels.withLock { $0[link] = nil } }

    /// More is to be sent; false if that is enough, or the link is down.
    func fill(_ link: PeerLinkID, _ count: Int) -> Bool {
        levels.withLock { levels in
            guard var level = levels[link] else { return false }
            level.bytes += count
            if level.bytes > soft { level.isFull = true }
            levels[link] = level
            return !level.isFull
        }
    }

    /// The socket has taken so much; true if more may be sent that might not before.
    func drain(_ link: PeerLinkID, _ count: Int) -> Bool {
        levels.withLock { levels in
            guard var level = levels[link] else { return false }
            level.bytes -= count
            let isRelieved = level.isFull && level.bytes <= soft / 2
            if isRelieved { level.isFull = false }
            levels[link] = level
            return isRelieved
        }
    }

    func level(of link: PeerLinkID) -> (bytes: Int, isFull: Bool) {
        levels.withLock { levels in levels[link].map { ($0.bytes, $0.isFull) } ?? (0, false) }
    }
}

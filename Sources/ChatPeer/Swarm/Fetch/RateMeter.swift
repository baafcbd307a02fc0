import ChatProtocol

/// Bytes a second over the last seconds.
package struct RateMeter: Sendable {
    /// Half seconds that are looked at.
    private static let slots = 10
    private static let width = Moment.second / 2

    private var bytes = [Int](repeating: 0, count: slots)
    private var slot: UInt64
    private let start: UInt64

    package init(at now: UInt64) {
        slot = now / Self.width
        start = now
    }

    package mutating func add(_ count: Int, at now: UInt64) {
        advance(to: now)
        bytes[Int(slot % UInt64(Self.slots))] += count
    }

    /// Bytes a second; over as long as there is something to measure, at least half a second.
    package func rate(at now: UInt64) -> Double {
        var meter = self
        meter.advance(to: now)
        let span = min(UInt64(Self.slots) * Self.width, max(now - min(start, now), Self.width))
        return Double(meter.bytes.reduce(0, +)) * Double(Moment.second) / Double(span)
    }

    private mutating func advance(to now: UInt64) {
        let current = now / Self.width
        guard current > slot else { return }
        for index in 1...min(current - slot, UInt64(Self.slots)) { bytes[Int((slot + index) % UInt64(Self.slots))] = 0 }
        slot = current
    }
}

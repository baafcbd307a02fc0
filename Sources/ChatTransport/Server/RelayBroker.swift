import ChatProtocol
import NIOCore
import Synchronization

/// What the relay does and has done, for metrics.
package struct RelayMetrics: Equatable, Sendable {
    /// Pairs joined now.
    package var sessions = 0
    /// Pairs joined since the start.
    package var total = 0
    /// Bytes carried since the start, both directions together.
    package var bytes: UInt64 = 0

    package init() {}
}

/// Knows which two tickets belong together, and brings their bearers together.
///
/// A ticket is good once, and for a limited time. Shared by all event loops: the two of a pair may come in on different ones.
final class RelayBroker: Sendable {
    enum Verdict {
        /// The other side is not there yet.
        case waits(pair: UInt64)
        /// The other side has waited for this one.
        case joins(RelayGuest, RelaySplice)
        /// Nothing comes of it. If the other side waits, it is to be told the same.
        case refused(Reply.RelayStatus, alsoTell: RelayGuest?)
    }

    private struct Pair {
        let tickets: [RelayTicket]
        let expires: NIODeadline
        var waiting: RelayGuest?
        /// One side came and is gone again; since its ticket is used, it cannot come back.
        var isDeserted = false
    }

    private struct State {
        /// Pairs are numbered in the order in which they were made, which is that in which they expire.
        var pairs: [UInt64: Pair] = [:]
        var pairOf: [RelayTicket: UInt64] = [:]
        var oldest: UInt64 = 0
        var next: UInt64 = 0
        var metrics = RelayMetrics()

        mutating func drop(_ number: UInt64) {
            guard let pair = pairs.removeValue(forKey: number) else { return }
            for ticket in pair.tickets { pairOf[ticket] = nil }
        }

        /// Drops what has expired, and the oldest of what is more than `bound`. Where somebody waits, ``leave(pair:)`` does it.
        mutating func forget(at now: NIODeadline, keeping bound: Int) {
            while oldest < next {
                if let pair = pairs[oldest] {
                    guard pair.expires <= now || pairs.count > bound else { return }
                    if pair.waiting == nil { drop(oldest) }
                }
                oldest += 1
            }
        }
    }

    let options: ListenerOptions.Relay
    private let state = Locked(State())
    private let bytes = Atomic<UInt64>(0)

    init(options: ListenerOptions.Relay) { self.options = options }

    var metrics: RelayMetrics {
        var metrics = state.withLock { $0.metrics }
        metrics.bytes = bytes.load(ordering: .relaxed)
        return metrics
    }

    /// Makes two tickets good, for each other.
    func admit(_ first: RelayTicket, _ second: RelayTicket, at now: NIODeadline) {
        guard first != second else { return }
        state.withLock { state in
            state.forget(at: now, keeping: max(0, options.tickets - 1))
            guard state.pairOf[first] == nil, state.pairOf[second] == nil else { return }
            state.pairs[state.next] = Pair(tickets: [first, second], expires: now + TimeAmount(options.ticketLife))
            state.pairOf[first] = state.next
            state.pairOf[second] = state.next
            state.next += 1
        }
    }

    /// Somebody shows a ticket, which is used up by that.
    func arrive(with ticket: RelayTicket, _ guest: RelayGuest, at now: NIODeadline) -> Verdict {
        state.withLock { state in
            state.forget(at: now, keeping: options.tickets)
            guard let number = state.pairOf.removeValue(forKey: ticket), let pair = state.pairs[number], pair.expires > now else {
                return .refused(.expired, alsoTell: nil)
            }
            guard state.metrics.sessions < options.sessions else {
                state.pairs[number]?.waiting = nil
                state.pairs[number]?.isDeserted = true
                return .refused(.busy, alsoTell: pair.waiting)
            }
            if pair.isDeserted {
                state.drop(number)
                return .refused(.alone, alsoTell: nil)
            }
            guard let first = pair.waiting else {
                state.pairs[number]?.waiting = guest
                return .waits(pair: number)
            }
            state.drop(number)
            state.metrics.sessions += 1
            state.metrics.total += 1
            return .joins(first, RelaySplice(broker: self, at: now))
        }
    }

    /// Who waited is gone, or waits no more. False if the other side has come in the meantime.
    func leave(pair number: UInt64) -> Bool {
        state.withLock { state in
            guard state.pairs[number]?.waiting != nil else { return false }
            if number < state.oldest {
                state.drop(number)
            } else {
                state.pairs[number]?.waiting = nil
                state.pairs[number]?.isDeserted = true
            }
            return true
        }
    }

    func ended() { state.withLock { $0.metrics.sessions -= 1 } }
    func carried(_ count: Int) { bytes.wrappingAdd(UInt64(count), ordering: .relaxed) }
}

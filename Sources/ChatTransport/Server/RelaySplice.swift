import ChatProtocol
import NIOCore

/// Two connections joined by the relay: what both ends share, and the bounds of the pair.
final class RelaySplice: Sendable {
    private struct State {
        var bucket: TokenBucket
        var lastByte: NIODeadline
        var isOver = false
    }

    private let broker: RelayBroker
    private let ends: NIODeadline
    private let state: Locked<State>

    init(broker: RelayBroker, at now: NIODeadline) {
        self.broker = broker
        let rate = max(1, broker.options.bytesPerSecond)
        ends = now + TimeAmount(broker.options.lifetime)
        state = Locked(State(bucket: TokenBucket(burst: max(1, rate / 4), perSecond: rate, now: now), lastByte: now))
    }

    /// Bytes go over. Returns how long to read no more from where they came.
    func carry(_ count: Int, at now: NIODeadline) -> TimeAmount? {
        broker.carried(count)
        return state.withLock { state in
            state.lastByte = max(state.lastByte, now)
            state.bucket.spend(Double(count))
            return state.bucket.wait(at: now)
        }
    }

    /// How long it is until something may be read again; `nil` if it may be now.
    func wait(at now: NIODeadline) -> TimeAmount? { state.withLock { $0.bucket.wait(at: now) } }

    /// When to look again whether the time of the pair is up; `nil` if it is.
    func deadline(at now: NIODeadline) -> NIODeadline? {
        let deadline = min(ends, state.withLock { $0.lastByte } + TimeAmount(broker.options.idle))
        return deadline > now ? deadline : nil
    }

    /// No longer counts as a session; once is enough.
    func end() {
        let isFirst = state.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
        }
        if isFirst { broker.ended() }
    }
}

/// One end of the relay, as the other end's event loop may hold it.
struct RelayGuest: Sendable {
    private let end: NIOLoopBound<RelayEnd>

    /// - Precondition: called on the loop of `end`.
    init(_ end: RelayEnd, loop: any EventLoop) { self.end = NIOLoopBound(end, eventLoop: loop) }

    /// Runs `body` on the end's own loop, in the order of the calls.
    func run(_ body: @escaping @Sendable (RelayEnd) -> Void) {
        end.eventLoop.execute { [end] in body(end.value) }
    }
}

import ChatProtocol

/// Where everything that happens waits for the Hub. Many threads put, one takes.
///
/// Beyond `capacity` the putters are asked to hold back, and told when there is room again; what they have in hand is still
/// taken, so the bound is exceeded by one read of each connection at the most.
package final class Mailbox<Item: Sendable>: Sendable {
    private struct State {
        var items: [Item] = []
        var isSignalled = false
        var isFull = false
        /// How many still carry out what the taker did last, and until when (uptime) it waits for them.
        var holds = 0
        var heldUntil: UInt64 = 0

        /// Whether the taker must be woken, and was not yet.
        mutating func signals() -> Bool {
            defer { isSignalled = true }
            return !isSignalled
        }
    }

    private let capacity: Int
    private let state = Locked(State())
    private let signal = Signal()
    private let onRoom = Locked<(@Sendable () -> Void)?>(nil)

    package init(capacity: Int = 16_384) { self.capacity = capacity }

    /// Sets what is called, on the taker's thread, when there is room after there was none.
    package func whenRoom(_ action: @escaping @Sendable () -> Void) {
        onRoom.withLock { $0 = action }
    }

    /// Adds `item`; false if the caller should hold back until there is room.
    @discardableResult
    package func put(_ item: Item) -> Bool { put([item]) }

    @discardableResult
    package func put(_ items: [Item]) -> Bool {
        let (wakes, isAccepting) = state.withLock { state -> (Bool, Bool) in
            // What one loop brings is mostly all there is, and then nothing has to be copied.
            if state.items.isEmpty { state.items = items } else { state.items.append(contentsOf: items) }
            if state.items.count >= capacity { state.isFull = true }
            return (state.signals(), !state.isFull)
        }
        if wakes { signal.raise() }
        return isAccepting
    }

    /// Lets the taker sleep until ``release()`` was called so many times, but not beyond `uptime`, so that what comes meanwhile
    /// is one batch. Called on the taker's thread.
    package func hold(_ count: Int, until uptime: UInt64) {
        state.withLock { state in
            state.holds = count
            state.heldUntil = uptime
        }
    }

    /// Whether nothing waits to be taken.
    package var isEmpty: Bool { state.withLock(\.items.isEmpty) }

    package func release() {
        let wakes = state.withLock { state -> Bool in
            // One that comes too late was given up.
            guard state.holds > 0 else { return false }
            state.holds -= 1
            guard state.holds == 0, !state.items.isEmpty else { return false }
            state.isSignalled = true
            return true
        }
        if wakes { signal.raise() }
    }

    /// Takes everything, in the order put; waits for something, but not beyond `deadline` (uptime in nanoseconds).
    package func take(into batch: inout [Item], until deadline: UInt64?) {
        batch = []
        var until = deadline
        while true {
            let isRaised = signal.wait(until: until)
            let outcome = state.withLock { state -> Taken in
                // What comes while it is held wakes nobody: the last release does.
                if isRaised, state.holds > 0 { return .held(until: state.heldUntil) }
                // A time-out may cross with a signal: then the signal is left raised and the next wait returns at once, empty-handed.
                state.isSignalled = false
                state.holds = 0
                swap(&state.items, &batch)
                defer { state.isFull = false }
                return .taken(hasRoomAgain: state.isFull)
            }
            switch outcome {
            case .held(let end): until = min(end, deadline ?? end)
            case .taken(let hasRoomAgain):
                if hasRoomAgain { onRoom.withLock { $0 }?() }
                return
            }
        }
    }

    private enum Taken {
        case held(until: UInt64)
        case taken(hasRoomAgain: Bool)
    }
}

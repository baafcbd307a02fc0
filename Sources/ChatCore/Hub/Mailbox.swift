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
    package func put(_ item: Item) -> Bool { put(CollectionOfOne(item)) }

    @discardableResult
    package func put(_ items: some Collection<Item>) -> Bool {
        let (wakes, isAccepting) = state.withLock { state -> (Bool, Bool) in
            state.items.append(contentsOf: items)
            if state.items.count >= capacity { state.isFull = true }
            let wakes = !state.isSignalled
            state.isSignalled = true
            return (wakes, !state.isFull)
        }
        if wakes { signal.raise() }
        return isAccepting
    }

    /// Takes everything, in the order put; waits for something, but not beyond `deadline` (uptime in nanoseconds).
    package func take(into batch: inout [Item], until deadline: UInt64?) {
        batch.removeAll(keepingCapacity: true)
        signal.wait(until: deadline)
        let hasRoomAgain = state.withLock { state -> Bool in
            swap(&state.items, &batch)
            // A time-out may cross with a signal: then the signal is left raised and the next wait returns at once, empty-handed.
            state.isSignalled = false
            defer { state.isFull = false }
            return state.isFull
        }
        if hasRoomAgain { onRoom.withLock { $0 }?() }
    }
}

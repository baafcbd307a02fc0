import ChatPeer
import ChatProtocol
import Glibc

/// Where the network's side leaves what it has for the user's side: a bounded queue, and a descriptor that poll(2) can wait on.
///
/// The network's side stops reading the socket when ``put(_:)`` returns `false` and goes on when `onDrained` is called, so a flood
/// waits in the kernel's buffers and in the server's, not in this process.
package final class ClientMailbox: Sendable {
    /// How many inputs may wait before the other side should stop.
    package static let bound = 8192

    /// Readable when there is something to take, or after ``wake(_:)``. Lives as long as the mailbox.
    package let fileDescriptor: Int32
    private let wakeDescriptor: Int32

    private struct State {
        var waiting: [ClientInput] = []
        var isFull = false
    }

    private let state = Locked(State())
    private let onDrained: @Sendable () -> Void

    /// - Parameter onDrained: called on the taking thread when the queue went from full to empty. It may run before the `put`
    ///   that filled the queue has returned `false`, so both had better end up on the one thread that owns the socket.
    package init(onDrained: @escaping @Sendable () -> Void = {}) {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no descriptor left for the mailbox")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        fileDescriptor = ends[0]
        wakeDescriptor = ends[1]
        self.onDrained = onDrained
    }

    // The programs have one for as long as they live; only tests make many.
    deinit {
        close(fileDescriptor)
        close(wakeDescriptor)
    }

    /// Adds `input`, always (of how transfers stand, in place of the same before it); `false` asks the caller to put no more until `onDrained`.
    package func put(_ input: ClientInput) -> Bool {
        let (wasEmpty, hasRoom) = state.withLock { state in
            let wasEmpty = state.waiting.isEmpty
            // How transfers stand is told again and again, and nobody asks whether there is room: the last says it all.
            if input.isTransfers, state.waiting.last?.isTransfers == true { state.waiting.removeLast() }
            state.waiting.append(input)
            if state.waiting.count >= Self.bound { state.isFull = true }
            return (wasEmpty, !state.isFull)
        }
        if wasEmpty { Self.wake(wakeDescriptor) }
        return hasRoom
    }

    /// Everything that waits, oldest first. Never blocks.
    package func take() -> [ClientInput] {
        // The descriptor is emptied first: what is put from here on makes it readable again.
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { bytes in
            while read(fileDescriptor, bytes.baseAddress, bytes.count) == bytes.count {}
        }
        let (taken, wasFull) = state.withLock { state in
            let before = state
            state = State()
            return (before.waiting, before.isFull)
        }
        if wasFull { onDrained() }
        return taken
    }

    /// What a signal handler hands to ``wake(_:)``, as it must not touch an object.
    package var signalDescriptor: Int32 { wakeDescriptor }

    /// Async-signal-safe; a full pipe is as awake as it can be.
    package static func wake(_ descriptor: Int32) {
        var byte: UInt8 = 1
        _ = write(descriptor, &byte, 1)
    }
}

extension ClientInput {
    fileprivate var isTransfers: Bool { if case .sharing(.tell(.transfers)) = self { true } else { false } }
}

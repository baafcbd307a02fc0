import Glibc
import Synchronization

/// Signals as bytes in a pipe, so that they are handled between two turns of a loop. One at a time in a process.
struct SignalPipe: ~Copyable {
    /// Readable when a signal has come.
    let descriptor: Int32
    private let writeEnd: Int32
    private var old: [(signal: Int32, action: sigaction)] = []

    /// Catches `signals` and ignores SIGPIPE until ``end()``. Returns `nil` if there is no descriptor left.
    init?(_ signals: [Int32]) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writeEnd = ends[1]
        target.store(writeEnd, ordering: .sequentiallyConsistent)
        for signal in signals { install(signal, caught) }
        install(SIGPIPE, SIG_IGN)
    }

    private mutating func install(_ signal: Int32, _ handler: __sighandler_t?) {
        var action = sigaction()
        var before = sigaction()
        action.__sigaction_handler.sa_handler = handler
        if sigaction(signal, &action, &before) == 0 { old.append((signal, before)) }
    }

    /// The signals that have come, oldest first.
    func take() -> [Int32] {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { bytes in
            let count = read(descriptor, bytes.baseAddress, bytes.count)
            return count > 0 ? bytes.prefix(count).map(Int32.init) : []
        }
    }

    /// Puts everything back as it was.
    consuming func end() {
        for (signal, action) in old {
            var action = action
            sigaction(signal, &action, nil)
        }
        target.store(-1, ordering: .sequentiallyConsistent)
        close(descriptor)
        close(writeEnd)
    }
}

/// Where the handler writes to: it can hold nothing itself.
private let target = Atomic<Int32>(-1)

private func caught(_ signal: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: signal)
    _ = write(target.load(ordering: .relaxed), &byte, 1)
    errno = saved
}

import ChatProtocol
import Glibc

/// Standard input, output and error of a program that works line by line, and the one place where it waits: for input, room for output, the
/// mailbox, signals and a deadline.
struct StandardStreams {
    /// What came during one wait; nothing of it once a deadline ended it.
    struct Arrivals {
        var signals: [Int32] = []
        var mail: [ClientInput] = []
        /// From standard input.
        var bytes: [UInt8] = []
        /// The deadline came first.
        var isEmpty = true
    }

    /// How many lines of a script are read ahead, or of a person wait for a reply.
    static let linesAhead = 100

    let mailbox: ClientMailbox
    /// Whether to learn at once that nobody reads standard output any more; otherwise only when something cannot be written.
    let followsOutput: Bool
    private(set) var hasInputEnded: Bool
    var output = OutputQueue()

    init(mailbox: ClientMailbox, readsInput: Bool = true, followsOutput: Bool = true) {
        self.mailbox = mailbox
        self.followsOutput = followsOutput
        hasInputEnded = !readsInput
    }

    /// While nobody reads what is written, mail is left where it is.
    var takesMail: Bool { output.waitingBytes < OutputQueue.soft }

    /// - Parameter timeout: in milliseconds; -1 for ever.
    mutating func wait(for signals: borrowing SignalPipe, takesInput: Bool, takesMail: Bool, timeout: Int32) -> Arrivals {
        // Descriptor -1 is skipped by poll. Standard output is watched even with nothing to write, to learn that its reader left.
        let blocked = output.blockedOn
        let watchesOutput = !output.isGone(STDOUT_FILENO) && (followsOutput || blocked == STDOUT_FILENO)
        var states = [
            pollfd(fd: takesInput && !hasInputEnded ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: takesMail ? mailbox.fileDescriptor : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: watchesOutput ? STDOUT_FILENO : -1, events: blocked == STDOUT_FILENO ? Int16(POLLOUT) : 0, revents: 0),
            pollfd(fd: blocked == STDOUT_FILENO ? -1 : blocked ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        let count = poll(&states, nfds_t(states.count), timeout)
        var arrivals = Arrivals()
        arrivals.isEmpty = count == 0
        guard count > 0 else { return arrivals }
        if states[2].revents != 0 { arrivals.signals = signals.take() }
        if states[3].revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { output.abandon(STDOUT_FILENO) }
        if states[1].revents != 0 { arrivals.mail = mailbox.take() }
        if states[0].revents != 0 { arrivals.bytes = readInput() }
        return arrivals
    }

    private mutating func readInput() -> [UInt8] {
        let bytes = withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer -> [UInt8]? in
            let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            if count > 0 { return Array(buffer.prefix(count)) }
            return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
        }
        if bytes == nil { hasInputEnded = true }
        return bytes ?? []
    }

    /// For ``wait(for:takesInput:takesMail:timeout:)``: until the first of these times, as uptime, has passed.
    static func timeout(until wakes: UInt64?..., now: Moment) -> Int32 {
        guard let wake = wakes.compactMap(\.self).min() else { return -1 }
        if wake <= now.uptime { return 0 }
        // Rounded up, so that the deadline has passed after it.
        return Int32(min((wake - now.uptime) / 1_000_000 + 1, 3_600_000))
    }

    /// Asked twice to end: what still waits to be written is given up.
    mutating func abandonOutput() {
        output.abandon(STDOUT_FILENO)
        output.abandon(STDERR_FILENO)
    }
}

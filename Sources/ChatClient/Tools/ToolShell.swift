package import ChatProtocol
import Glibc

/// Runs a tool until it ends, on standard input, output and error.
///
/// - Parameters:
///   - readsInput: whether standard input is read.
///   - followsOutput: whether to end when nobody reads standard output any more; otherwise what was begun is finished.
///   - perform: carries out what is for the server; called with nothing else.
/// - Returns: the exit status: a ``ToolExit``, or 128 and the number of the signal that ended it.
package func runTool(
    _ run: ToolRun, session: Session, mailbox: ClientMailbox, readsInput: Bool, followsOutput: Bool,
    perform: @escaping (SessionOutput) -> Void, clock: @escaping () -> Moment
) -> Int32 {
    guard let signals = SignalPipe([SIGINT, SIGTERM, SIGHUP]) else { return ToolExit.unreachable.rawValue }
    var shell = ToolShell(
        run: run, session: session, mailbox: mailbox, followsOutput: followsOutput, perform: perform, clock: clock,
        hasInputEnded: !readsInput)
    let status = shell.run(signals)
    signals.end()
    return status
}

/// The loop around a ``ToolRun``: waits for lines, the mailbox, signals and deadlines; applies all there is; writes.
private struct ToolShell {
    var run: ToolRun
    var session: Session
    let mailbox: ClientMailbox
    let followsOutput: Bool
    let perform: (SessionOutput) -> Void
    let clock: () -> Moment
    var hasInputEnded: Bool

    private var inputs: [SessionInput] = []
    private var output = OutputQueue()
    private var reader = LineReader()
    private var wasEndTold = false
    private var wasLeft = false
    private var exit: ToolExit?
    private var endSignal: Int32?

    private static let linesAhead = 100

    init(
        run: ToolRun, session: Session, mailbox: ClientMailbox, followsOutput: Bool, perform: @escaping (SessionOutput) -> Void,
        clock: @escaping () -> Moment, hasInputEnded: Bool
    ) {
        self.run = run
        self.session = session
        self.mailbox = mailbox
        self.followsOutput = followsOutput
        self.perform = perform
        self.clock = clock
        self.hasInputEnded = hasInputEnded
    }

    mutating func run(_ signals: borrowing SignalPipe) -> Int32 {
        apply(run.start(at: clock()))
        while true {
            settle()
            if exit != nil, output.isEmpty { break }
            wait(signals)
        }
        if let endSignal { return 128 + endSignal }
        return (exit ?? .done).rawValue
    }

    // MARK: One turn

    private mutating func settle() {
        repeat {
            drainInputs()
            takeLines()
            drainInputs()
            for case .session(let input) in output.flush() { inputs.append(input) }
            if followsOutput, output.isGone(STDOUT_FILENO) { leave() }
        } while !inputs.isEmpty
    }

    private mutating func drainInputs() {
        while !inputs.isEmpty {
            let batch = inputs
            inputs = []
            for input in batch {
                for result in session.handle(input, at: clock()) {
                    if case .tell(let news) = result {
                        apply(run.handle(.news(news), at: clock()))
                    } else {
                        perform(result)
                    }
                }
            }
        }
    }

    private mutating func apply(_ outputs: [ToolOutput]) {
        for result in outputs {
            switch result {
            case .print(let line): output.write(line + "\n", to: STDOUT_FILENO)
            case .notice(let line): output.write("banter: \(line)\n", to: STDERR_FILENO)
            case .session(let input): inputs.append(input)
            case .afterOutput(let input): output.then(.session(input))
            case .exit(let status): exit = status
            // The run's own.
            case .finish: break
            }
        }
    }

    private mutating func takeLines() {
        while exit == nil, run.wantsLine, let line = reader.take() {
            apply(run.handle(.line(line), at: clock()))
            drainInputs()
        }
        guard hasInputEnded, !wasEndTold, exit == nil, run.wantsLine else { return }
        wasEndTold = true
        apply(run.handle(.endOfInput, at: clock()))
    }

    private mutating func leave() {
        guard exit == nil, !wasLeft else { return }
        wasLeft = true
        apply(run.handle(.leave, at: clock()))
    }

    // MARK: Waiting

    private mutating func wait(_ signals: borrowing SignalPipe) {
        // Descriptor -1 is skipped by poll. Standard output is watched even with nothing to write, to learn that its reader left.
        let takesInput = !hasInputEnded && exit == nil && reader.count < Self.linesAhead
        let blocked = output.blockedOn
        let watchesOutput = !output.isGone(STDOUT_FILENO) && (followsOutput || blocked == STDOUT_FILENO)
        var states = [
            pollfd(fd: takesInput ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: takesMail ? mailbox.fileDescriptor : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: watchesOutput ? STDOUT_FILENO : -1, events: blocked == STDOUT_FILENO ? Int16(POLLOUT) : 0, revents: 0),
            pollfd(fd: blocked == STDOUT_FILENO ? -1 : blocked ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        let count = poll(&states, nfds_t(states.count), timeout)
        if states[2].revents != 0 { for signal in signals.take() { received(signal) } }
        if count > 0, states[3].revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { output.abandon(STDOUT_FILENO) }
        if states[1].revents != 0 {
            for case .session(let input) in mailbox.take() { inputs.append(input) }
        }
        if states[0].revents != 0 { readInput() }
        tick()
    }

    private var takesMail: Bool { output.waitingBytes < OutputQueue.soft && exit == nil }

    /// While nobody reads what is written, mail is left where it is; then nothing follows from the server's silence.
    private var sessionWake: UInt64? { takesMail ? session.nextWake : nil }

    /// In milliseconds, for poll; -1 for ever.
    private var timeout: Int32 {
        guard exit == nil, let wake = [sessionWake, run.nextWake].compactMap(\.self).min() else { return -1 }
        let now = clock().uptime
        if wake <= now { return 0 }
        // Rounded up, so that the deadline has passed after it.
        return Int32(min((wake - now) / 1_000_000 + 1, 3_600_000))
    }

    private mutating func tick() {
        guard exit == nil else { return }
        let now = clock()
        if let wake = sessionWake, wake <= now.uptime { inputs.append(.tick) }
        if let wake = run.nextWake, wake <= now.uptime { apply(run.handle(.tick, at: now)) }
    }

    private mutating func readInput() {
        let bytes = withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer -> [UInt8]? in
            let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            if count > 0 { return Array(buffer.prefix(count)) }
            return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
        }
        if let bytes {
            reader.feed(bytes)
        } else {
            hasInputEnded = true
            reader.finish()
        }
    }

    private mutating func received(_ signal: Int32) {
        if endSignal != nil {
            // Asked twice: what still waits to be written, or for the server, is given up.
            output.abandon(STDOUT_FILENO)
            output.abandon(STDERR_FILENO)
            exit = exit ?? .done
        }
        endSignal = signal
        leave()
    }
}

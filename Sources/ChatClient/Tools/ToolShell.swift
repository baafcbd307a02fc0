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
        run: run, session: session, perform: perform, clock: clock,
        streams: StandardStreams(mailbox: mailbox, readsInput: readsInput, followsOutput: followsOutput))
    let status = shell.run(signals)
    signals.end()
    return status
}

/// The loop around a ``ToolRun``: waits for lines, the mailbox, signals and deadlines; applies all there is; writes.
private struct ToolShell {
    private var run: ToolRun
    private var session: Session
    private let perform: (SessionOutput) -> Void
    private let clock: () -> Moment

    private var inputs: [SessionInput] = []
    private var streams: StandardStreams
    private var reader = LineReader()
    private var wasEndTold = false
    private var wasLeft = false
    private var exit: ToolExit?
    private var endSignal: Int32?

    init(
        run: ToolRun, session: Session, perform: @escaping (SessionOutput) -> Void, clock: @escaping () -> Moment,
        streams: StandardStreams
    ) {
        self.run = run
        self.session = session
        self.perform = perform
        self.clock = clock
        self.streams = streams
    }

    mutating func run(_ signals: borrowing SignalPipe) -> Int32 {
        apply(run.start(at: clock()))
        while true {
            settle()
            if exit != nil, streams.output.isEmpty { break }
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
            for case .session(let input) in streams.output.flush() { inputs.append(input) }
            if streams.followsOutput, streams.output.isGone(STDOUT_FILENO) { leave() }
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
            case .print(let line): streams.output.write(line + "\n", to: STDOUT_FILENO)
            case .notice(let line): streams.output.write("banter: \(line)\n", to: STDERR_FILENO)
            case .session(let input): inputs.append(input)
            case .afterOutput(let input): streams.output.then(.session(input))
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
        guard streams.hasInputEnded, !wasEndTold, exit == nil, run.wantsLine else { return }
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
        let wantsInput = exit == nil && reader.count < StandardStreams.linesAhead
        let arrivals = streams.wait(for: signals, takesInput: wantsInput, takesMail: takesMail, timeout: timeout)
        for signal in arrivals.signals { received(signal) }
        for case .session(let input) in arrivals.mail { inputs.append(input) }
        reader.feed(arrivals.bytes)
        if streams.hasInputEnded { reader.finish() }
        tick()
    }

    private var takesMail: Bool { streams.takesMail && exit == nil }

    /// While nobody reads what is written, nothing follows from the server's silence either.
    private var sessionWake: UInt64? { takesMail ? session.nextWake : nil }

    private var timeout: Int32 { exit == nil ? StandardStreams.timeout(until: sessionWake, run.nextWake, now: clock()) : -1 }

    private mutating func tick() {
        guard exit == nil else { return }
        let now = clock()
        if let wake = sessionWake, wake <= now.uptime { inputs.append(.tick) }
        if let wake = run.nextWake, wake <= now.uptime { apply(run.handle(.tick, at: now)) }
    }

    private mutating func received(_ signal: Int32) {
        if endSignal != nil {
            // Asked twice: what still waits to be written, or for the server, is given up.
            streams.abandonOutput()
            exit = exit ?? .done
        }
        endSignal = signal
        leave()
    }
}

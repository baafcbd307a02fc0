package import ChatPeer
package import ChatProtocol
import Glibc

/// Runs line mode until it ends, on standard input, output and error.
///
/// - Parameters:
///   - session: not used before; it and the mode are driven from here alone.
///   - privates: not used before; `nil` for a client without private sessions.
///   - mailbox: where the connection puts `linkOpened`, `linkClosed`, `received` and `malformed`, and what the links to other clients report.
///   - hasFiles: whether somebody takes what is for the files' side.
///   - perform: carries out what is for the server, the links to other clients and the files; called with nothing else.
/// - Returns: the exit status: a ``LineExit``, or 128 and the number of the signal that ended it.
package func runLineMode(
    _ settings: LineMode.Settings, session: Session, privates: PrivateSessions? = nil, hasFiles: Bool = false,
    mailbox: ClientMailbox, perform: @escaping (ClientEffect) -> Void, clock: @escaping () -> Moment
) -> Int32 {
    guard let signals = SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH]) else {
        return LineExit.unreachable.rawValue
    }
    var shell = LineShell(
        LineMode(settings, privates: privates, hasFiles: hasFiles), session: session, mailbox: mailbox, perform: perform, clock: clock)
    let status = shell.run(signals)
    signals.end()
    return status
}

/// The loop around ``LineMode``: waits for keys or lines, the mailbox, signals and deadlines; applies all there is; writes; draws.
private struct LineShell {
    private var mode: LineMode
    private var session: Session
    private let perform: (ClientEffect) -> Void
    private let clock: () -> Moment

    private var inputs: [ClientInput] = []
    private var streams: StandardStreams
    private var reader = LineReader()
    private var wasEndTold = false
    private var exit: LineExit?
    private var endSignal: Int32?

    // A person's terminal.
    private let terminal: RawTerminal?
    /// Where the prompt is drawn: a terminal; -1 if there is none.
    private let display: Int32
    private var decoder = KeyDecoder()
    private var typing = LineTyping()
    private var typed: [TypedLine] = []
    /// The prompt on the screen, if any, and the one that was asked for last.
    private var drawn: LineMode.Prompt?
    private var asked: LineMode.Prompt?
    private var isDirty = true

    private struct TypedLine {
        var text: String
        var isCommand: Bool
        /// What is still to be shown of it: it was typed while there was no prompt, and may have been a password.
        var echo: String?
    }

    /// How long a lone ESC may be the beginning of a sequence, in milliseconds.
    private static let escapePatience: Int32 = 25

    init(
        _ mode: LineMode, session: Session, mailbox: ClientMailbox, perform: @escaping (ClientEffect) -> Void,
        clock: @escaping () -> Moment
    ) {
        self.mode = mode
        self.session = session
        streams = StandardStreams(mailbox: mailbox)
        self.perform = perform
        self.clock = clock
        terminal = mode.settings.isInteractive ? RawTerminal() : nil
        display = terminal == nil ? -1 : Self.terminalForOutput()
    }

    /// A file never gets what moves a cursor.
    private static func terminalForOutput() -> Int32 {
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] where isatty(descriptor) == 1 { return descriptor }
        return open("/dev/tty", O_WRONLY | O_CLOEXEC)
    }

    mutating func run(_ signals: borrowing SignalPipe) -> Int32 {
        enterTerminal()
        apply(mode.start())
        while true {
            settle()
            if exit != nil, streams.output.isEmpty { break }
            wait(signals)
        }
        leaveTerminal()
        if let endSignal { return 128 + endSignal }
        return exit?.rawValue ?? LineExit.loggedOut.rawValue
    }

    // MARK: One turn

    /// Everything that follows from what has come in, up to the point where only waiting helps.
    private mutating func settle() {
        repeat {
            drainInputs()
            takeLines()
            drainInputs()
            draw()
            inputs.append(contentsOf: streams.output.flush())
            if streams.output.isGone(STDOUT_FILENO), exit == nil { apply(mode.handle(.leave, at: clock())) }
        } while !inputs.isEmpty
    }

    private mutating func drainInputs() {
        while !inputs.isEmpty {
            let batch = inputs
            inputs = []
            for input in batch {
                switch input {
                case .session(let input): give(input)
                case .peer(let input): apply(mode.handle(.peer(input), at: clock()))
                case .sharing(let output): apply(mode.handle(.sharing(output), at: clock()))
                case .trouble(let words): write(words, to: STDERR_FILENO)
                case .history(let news): apply(mode.handle(.history(news), at: clock()))
                case .settings, .names: break
                }
            }
        }
    }

    private mutating func give(_ input: SessionInput) {
        for result in session.handle(input, at: clock()) {
            if case .tell(let news) = result {
                apply(mode.handle(.news(news), at: clock()))
            } else {
                perform(.link(result))
            }
        }
    }

    private mutating func apply(_ outputs: [LineMode.Output]) {
        for result in outputs {
            switch result {
            case .print(let line): write(line, to: STDOUT_FILENO)
            case .notice(let line): write(line, to: STDERR_FILENO)
            case .session(let input): inputs.append(.session(input))
            case .peer(let output): perform(.peer(output))
            case .sharing(let input): perform(.sharing(input))
            case .history(let deed): perform(.history(deed))
            case .afterOutput(let input): streams.output.then(input)
            case .exit(let status): exit = status
            }
        }
    }

    private mutating func takeLines() {
        while exit == nil, mode.wantsLine {
            if terminal != nil, !typed.isEmpty {
                let line = typed.removeFirst()
                // A command that was waiting must not become a password because the session ended meanwhile.
                guard line.isCommand == mode.takesCommands else { continue }
                if let echo = line.echo, !echo.isEmpty { write((mode.prompt?.text ?? "") + echo, to: display) }
                apply(mode.handle(.line(line.text), at: clock()))
            } else if terminal == nil, let line = reader.take() {
                apply(mode.handle(.line(line), at: clock()))
            } else {
                break
            }
            drainInputs()
        }
        guard streams.hasInputEnded, !wasEndTold, exit == nil, terminal != nil || mode.wantsLine else { return }
        wasEndTold = true
        apply(mode.handle(terminal == nil ? .endOfInput : .leave, at: clock()))
    }

    // MARK: Waiting

    private mutating func wait(_ signals: borrowing SignalPipe) {
        let wantsInput = exit == nil && (terminal != nil || reader.count < StandardStreams.linesAhead)
        let arrivals = streams.wait(for: signals, takesInput: wantsInput, takesMail: takesMail, timeout: timeout)
        for signal in arrivals.signals { received(signal) }
        inputs.append(contentsOf: arrivals.mail)
        if streams.hasInputEnded { reader.finish() }
        if terminal == nil { reader.feed(arrivals.bytes) } else { press(decoder.feed(arrivals.bytes)) }
        if arrivals.isEmpty, decoder.isPending { press(decoder.flush()) }
        tick()
    }

    private var takesMail: Bool { streams.takesMail && exit == nil }

    /// While nobody reads what is written, nothing follows from the server's silence either.
    private var sessionWake: UInt64? { takesMail ? session.nextWake : nil }

    private var timeout: Int32 {
        if decoder.isPending { return Self.escapePatience }
        return exit == nil ? StandardStreams.timeout(until: sessionWake, mode.nextWake, now: clock()) : -1
    }

    private mutating func tick() {
        guard exit == nil else { return }
        let now = clock()
        if let wake = sessionWake, wake <= now.uptime { inputs.append(.session(.tick)) }
        if let wake = mode.nextWake, wake <= now.uptime { apply(mode.handle(.tick, at: now)) }
    }

    private mutating func received(_ signal: Int32) {
        switch signal {
        case SIGTSTP: suspend()
        case SIGCONT:
            enterTerminal()
            isDirty = true
        case SIGWINCH: isDirty = true
        default:
            if endSignal != nil {
                // Asked twice: what still waits to be written is given up.
                streams.abandonOutput()
                exit = exit ?? .loggedOut
            }
            endSignal = signal
            if signal == SIGHUP, terminal != nil { streams.output.abandon(STDOUT_FILENO) }
            if exit == nil { apply(mode.handle(.leave, at: clock())) }
        }
    }
}

/// What a person sees.
extension LineShell {
    private mutating func press(_ keys: [Key]) {
        for key in keys where exit == nil {
            let prompt = mode.prompt
            switch typing.press(key, at: prompt, isCommand: mode.takesCommands, time: clock().uptime) {
            case .nothing: break
            case .changed: isDirty = true
            case .line(let line, let echo):
                guard typed.count < StandardStreams.linesAhead else { break }
                if let prompt {
                    write(prompt.text + echo, to: display)
                    typed.append(TypedLine(text: line, isCommand: mode.takesCommands))
                } else {
                    typed.append(TypedLine(text: line, isCommand: true, echo: echo))
                }
                settle()
            case .interrupt: apply(mode.handle(.interrupt, at: clock()))
            case .end:
                erase()
                apply(mode.handle(.endOfInput, at: clock()))
            case .suspend: suspend()
            }
        }
    }

    private mutating func write(_ line: String, to descriptor: Int32) {
        erase()
        if descriptor >= 0 { streams.output.write(line + "\n", to: descriptor) }
    }

    /// Takes the prompt and the half-typed text off the screen; they are drawn again before waiting.
    private mutating func erase() {
        guard drawn != nil else { return }
        show("\r\u{1B}[K")
        drawn = nil
        isDirty = true
    }

    private mutating func draw() {
        guard terminal != nil else { return }
        let prompt = exit == nil ? mode.prompt : nil
        if prompt != asked {
            let isHidden = prompt?.isHidden ?? false
            if isHidden != (asked?.isHidden ?? false) { typing.turn(toHidden: isHidden) }
            asked = prompt
            erase()
            isDirty = true
        }
        guard let prompt, isDirty else { return }
        isDirty = false
        drawn = prompt
        let room = RawTerminal.width(of: display) - prompt.text.utf8.count - 1
        let (text, column) = typing.window(width: max(1, room), isHidden: prompt.isHidden)
        show("\r\(prompt.text)\(text)\u{1B}[K\r\u{1B}[\(prompt.text.utf8.count + column)C")
    }

    /// Writes to the terminal alone.
    private mutating func show(_ text: String) {
        if display >= 0 { streams.output.write(text, to: display) }
    }

    private func enterTerminal() {
        guard let terminal else { return }
        Rescue.remember(Rescue.line, display: display)
        terminal.enter()
        control("\u{1B}[?2004h")
    }

    private func leaveTerminal() {
        guard let terminal else { return }
        control("\u{1B}[?2004l")
        terminal.leave()
        Rescue.forget()
    }

    /// Past the queue: for the switches of the terminal, which must not wait behind text.
    private func control(_ text: String) {
        guard display >= 0 else { return }
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(display, $0.baseAddress, $0.count) }
    }

    private mutating func suspend() {
        guard terminal != nil else {
            JobControl.stop()
            return
        }
        erase()
        inputs.append(contentsOf: streams.output.flush())
        leaveTerminal()
        JobControl.stop()
        // Somebody brought us back.
        enterTerminal()
        isDirty = true
    }
}
